// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSimpleBindRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A directory in memory with some users, which notes what it is asked. */
final class TestDirectory implements AutoCloseable {

  static final String SERVICE = "cn=mail,dc=example,dc=org";
  static final String SERVICE_PASSWORD = "service-pass";

  final Queue<String> searches = new ConcurrentLinkedQueue<>();
  final Queue<String> binds = new ConcurrentLinkedQueue<>();
  private final Set<Long> connectionIds = ConcurrentHashMap.newKeySet();
  private final InMemoryDirectoryServer server;
  private final int port;

  /** Listens on a port of this machine; 0 for any. */
  TestDirectory(int wanted) throws LDAPException, LDIFException {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=org");
    config.setSchema(null);
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "test", InetAddress.getLoopbackAddress(), wanted, null));
    config.addAdditionalBindCredentials(SERVICE, SERVICE_PASSWORD);
    config.addInMemoryOperationInterceptor(new Notes());
    server = new InMemoryDirectoryServer(config);
    server.add("dn: dc=example,dc=org", "objectClass: domain", "dc: example");
    add("alice", "sesame", "mail: alice@example.org");
    add("bob", "tower", "mail: bob@example.org");
    add("twin1", "one", "uid: twin");
    add("twin2", "two", "uid: twin");
    server.startListening();
    port = server.getListenPort();
  }

  /** Adds a person; without a password if that is empty. */
  void add(String name, String password, String... more) throws LDAPException, LDIFException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "dn: cn=" + name + ",dc=example,dc=org",
                "objectClass: person",
                "cn: " + name,
                "uid: " + name));
    if (!password.isEmpty()) {
      lines.add("userPassword: " + password);
    }
    lines.addAll(List.of(more));
    server.add(lines.toArray(String[]::new));
  }

  int port() {
    return port;
  }

  /** How many have asked something. */
  int connections() {
    return connectionIds.size();
  }

  void closeConnections() {
    server.closeAllConnections(false);
  }

  @Override
  public void close() {
    server.shutDown(true);
  }

  private final class Notes extends InMemoryOperationInterceptor {
    @Override
    public void processSearchRequest(InMemoryInterceptedSearchRequest request) {
      connectionIds.add(request.getConnectionID());
      searches.add(request.getRequest().getFilter().toString());
    }

    @Override
    public void processSimpleBindRequest(InMemoryInterceptedSimpleBindRequest request) {
      connectionIds.add(request.getConnectionID());
      binds.add(request.getRequest().getBindDN());
    }
  }
}
