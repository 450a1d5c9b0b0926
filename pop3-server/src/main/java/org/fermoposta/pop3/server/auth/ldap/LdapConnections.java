// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.CompareRequest;
import com.unboundid.ldap.sdk.FailoverServerSet;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.OperationType;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.ServerSet;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.auth.TrustedAuthorities;
import org.jspecify.annotations.Nullable;

/*
 * Design note. Two pools: one bound as the service, which looks for users, and one on which users'
 * passwords are bound, so that a search never runs with a user's rights. Neither makes a connection
 * before it is needed, nor more than configured: who finds none free waits for a bounded time.
 * Connections are in the SDK's synchronous mode, without a thread each. An operation on a connection
 * that turns out to be dead is done once more on a new one.
 */
/** The connections to one directory. Thread-safe. */
final class LdapConnections implements AutoCloseable {

  private static final Duration BACK_TO_FIRST = Duration.ofMinutes(1);
  private static final Duration IDLE_CHECK = Duration.ofSeconds(30);
  private static final Duration OLDEST = Duration.ofMinutes(30);
  private static final int MAX_ANSWER_OCTETS = 4 << 20;

  private final LdapSettings settings;
  private final LDAPConnectionPool service;
  private final LDAPConnectionPool users;

  /**
   * Connects to nobody yet.
   *
   * @throws IllegalArgumentException if the file of trusted authorities cannot be used
   * @throws LDAPException if the SDK finds the settings impossible
   */
  LdapConnections(LdapSettings settings) throws LDAPException {
    this.settings = settings;
    SSLContext tls = TrustedAuthorities.context(settings.trust());
    BindRequest bind = null;
    if (settings.bindDn() != null) {
      Secret password = Objects.requireNonNull(settings.bindPassword());
      bind = new SimpleBindRequest(settings.bindDn(), password.octets());
    }
    service = pool(tls, bind, "service");
    users = pool(tls, null, "users");
  }

  private LDAPConnectionPool pool(SSLContext tls, @Nullable BindRequest bind, String name)
      throws LDAPException {
    // Connecting, StartTLS, and the bind.
    Duration attempt = settings.connectTimeout().plus(settings.responseTimeout().multipliedBy(2));
    List<ServerSet> servers =
        settings.urls().stream()
            .<ServerSet>map(
                url -> new CautiousServerSet(server(url, tls, bind), attempt, System::nanoTime))
            .toList();
    FailoverServerSet all = new FailoverServerSet(servers);
    all.setMaxFailoverConnectionAgeMillis(BACK_TO_FIRST.toMillis());
    LDAPConnectionPool pool =
        new LDAPConnectionPool(
            all, bind, 0, settings.connections(), 1, null, false, new AliveCheck());
    pool.setConnectionPoolName(name);
    pool.setCreateIfNecessary(false);
    pool.setMaxWaitTimeMillis(settings.poolWait().toMillis());
    pool.setMaxConnectionAgeMillis(OLDEST.toMillis());
    pool.setHealthCheckIntervalMillis(IDLE_CHECK.toMillis());
    pool.setRetryFailedOperationsDueToInvalidConnections(
        EnumSet.of(OperationType.SEARCH, OperationType.COMPARE, OperationType.BIND));
    return pool;
  }

  private ServerSet server(LdapUrl url, SSLContext tls, @Nullable BindRequest bind) {
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis(Math.toIntExact(settings.connectTimeout().toMillis()));
    options.setResponseTimeoutMillis(settings.responseTimeout().toMillis());
    options.setUseSynchronousMode(true);
    options.setFollowReferrals(false);
    options.setBindWithDNRequiresPassword(true);
    options.setUseSchema(false);
    options.setMaxMessageSize(MAX_ANSWER_OCTETS);
    options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
    SocketFactory sockets = url.tls() ? tls.getSocketFactory() : SocketFactory.getDefault();
    PostConnectProcessor upgrade =
        url.tls() || !settings.startTls() ? null : new StartTLSPostConnectProcessor(tls);
    return new SingleServerSet(url.host(), url.port(), sockets, options, bind, upgrade);
  }

  /**
   * Searches as the service.
   *
   * @throws LDAPException if the answer is anything but success
   */
  SearchResult search(SearchRequest request) throws LDAPException {
    return service.search(request);
  }

  /**
   * Asks as the service whether an attribute has a value.
   *
   * @throws LDAPException if the answer is neither yes nor no
   */
  boolean compare(String dn, String attribute, Secret value) throws LDAPException {
    byte[] octets = value.octets();
    try {
      return service.compare(new CompareRequest(dn, attribute, octets)).compareMatched();
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /**
   * Binds as a user.
   *
   * @throws LDAPException if the answer is anything but success
   * @throws IllegalArgumentException if the password is empty: a server would take that for
   *     anonymous and say yes (RFC 4513 §5.1.2)
   */
  void bind(String dn, Secret password) throws LDAPException {
    if (password.isEmpty()) {
      throw new IllegalArgumentException("password: empty (expected: one or more octets)");
    }
    byte[] octets = password.octets();
    try {
      users.bind(new SimpleBindRequest(dn, octets));
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  @Override
  public void close() {
    service.close();
    users.close();
  }
}
