// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.URLName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.jspecify.annotations.Nullable;

/*
 * Design note. A POP3 session is a login, and ends with the folder that used it. So connect() makes
 * one, the first folder that is opened takes it over, and later ones make their own; between two
 * folders there is no connection, and the maildrop is free for others.
 */
/**
 * An account on a server, with one folder, INBOX. Thread-safe as {@link Store} is.
 *
 * <p>Properties are those of Angus Mail, {@code mail.pop3.*}; docs/jakarta-mail.md has the table.
 */
public class Pop3Store extends Store {
  private final String protocol;
  private final boolean implicitTls;
  private @Nullable StoreSettings settings;
  private @Nullable Pop3ClientConfig config;
  private @Nullable ServerSession idle;
  private @Nullable Pop3Folder open;

  /** Creates a store, as {@link Session#getStore(String)} does. */
  public Pop3Store(Session session, URLName url) {
    this(session, url, "pop3", false);
  }

  Pop3Store(Session session, URLName url, String protocol, boolean implicitTls) {
    super(session, url);
    this.protocol = url == null ? protocol : url.getProtocol();
    this.implicitTls = implicitTls;
  }

  /**
   * Logs in.
   *
   * @throws jakarta.mail.AuthenticationFailedException if name or password may be wrong
   * @throws MessagingException if something else is; its cause is a {@link
   *     org.fermoposta.pop3.client.Pop3Exception} that says whether it may pass
   */
  @Override
  protected boolean protocolConnect(
      @Nullable String host, int port, @Nullable String user, @Nullable String password)
      throws MessagingException {
    if (host == null || user == null || user.isEmpty() || password == null) {
      return false;
    }
    StoreSettings read = new StoreSettings(session, protocol, implicitTls);
    Pop3ClientConfig to = read.config(host, port, user, password);
    ServerSession opened = ServerSession.open(to);
    synchronized (this) {
      settings = read;
      config = to;
      idle = opened;
    }
    return true;
  }

  /**
   * Whether the store is connected. While it has a session the server is asked (NOOP); between two
   * folders there is none, and the answer is whether {@link #connect} has succeeded.
   */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // a folder's lock comes before ours
  public boolean isConnected() {
    if (!super.isConnected()) {
      return false;
    }
    ServerSession asked;
    Pop3Folder folder;
    synchronized (this) {
      folder = open;
      asked = idle;
    }
    if (folder != null) {
      return folder.answers();
    }
    if (asked != null && !asked.answers()) {
      synchronized (this) {
        idle = idle == asked ? null : idle;
      }
      asked.drop();
      super.setConnected(false);
      return false;
    }
    return true;
  }

  /**
   * Hands a session to a folder that is opened.
   *
   * @throws IllegalStateException if the store is not connected
   * @throws MessagingException if another folder is open, or the login fails
   */
  ServerSession take(Pop3Folder folder) throws MessagingException {
    Pop3ClientConfig to;
    synchronized (this) {
      to = config;
      if (to == null || !super.isConnected()) {
        throw new IllegalStateException("store: not connected (expected: connect() before)");
      }
      if (open != null) {
        throw new MessagingException(
            "INBOX: is open already (expected: closed before; a maildrop has one session at a"
                + " time)");
      }
      open = folder;
      ServerSession ready = idle;
      idle = null;
      if (ready != null && !ready.isOver()) {
        return ready;
      }
    }
    boolean taken = false;
    try {
      ServerSession made = ServerSession.open(to);
      taken = true;
      return made;
    } finally {
      if (!taken) {
        release(folder);
      }
    }
  }

  synchronized void release(Pop3Folder folder) {
    if (open == folder) {
      open = null;
    }
  }

  synchronized StoreSettings settings() {
    StoreSettings known = settings;
    if (known == null) {
      throw new IllegalStateException("store: not connected (expected: connect() before)");
    }
    return known;
  }

  synchronized String account() {
    Pop3ClientConfig known = config;
    if (known == null) {
      throw new IllegalStateException("store: not connected (expected: connect() before)");
    }
    return known.user() + "@" + known.endpoint();
  }

  @Override
  public Folder getDefaultFolder() {
    requireConnected();
    return new RootFolder(this);
  }

  /** Returns a folder; only INBOX, in any case of letters, exists. */
  @Override
  public Folder getFolder(String name) {
    requireConnected();
    return new Pop3Folder(this, name);
  }

  /** Returns a folder; only INBOX, in any case of letters, exists. */
  @Override
  public Folder getFolder(URLName url) {
    requireConnected();
    String name = url.getFile();
    return new Pop3Folder(this, name == null ? "" : name);
  }

  private void requireConnected() {
    if (!super.isConnected()) {
      throw new IllegalStateException("store: not connected (expected: connect() before)");
    }
  }

  /** Returns whether TLS secures the session; false while there is none. */
  public synchronized boolean isSSL() {
    ServerSession session = open != null ? open.sessionIfOpen() : idle;
    return session != null && session.secured();
  }

  /**
   * Returns what the server says of itself (CAPA): from a name in capitals to the whole line. Empty
   * while there is no session.
   */
  public synchronized Map<String, String> capabilities() {
    ServerSession session = open != null ? open.sessionIfOpen() : idle;
    Map<String, String> lines = new LinkedHashMap<>();
    if (session != null) {
      session.capabilities().forEach((name, line) -> lines.merge(name, line, (a, b) -> a));
    }
    return Collections.unmodifiableMap(lines);
  }

  /** Ends the session; what folders have marked as deleted stays on the server. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // a folder's lock comes before ours
  public void close() throws MessagingException {
    Pop3Folder folder;
    ServerSession last;
    synchronized (this) {
      folder = open;
      last = idle;
      idle = null;
      config = null;
    }
    try {
      if (folder != null) {
        folder.closeWithStore();
      }
    } finally {
      if (last != null) {
        last.leave();
      }
      super.close();
    }
  }
}
