// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.Channel;
import java.util.Locale;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.ProxiedTls;
import org.fermoposta.pop3.runtime.tls.TlsFacts;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines a session leaves in the log. Their form is an interface: programs that ban addresses
 * and count sessions read it (docs/operations.md). Names are quoted and escaped; no secret is ever
 * handed in.
 */
final class SessionLog {
  private static final Logger log = LoggerFactory.getLogger(SessionLog.class);

  private final Channel channel;
  private final String listener;
  private final Peer peer;
  private String user = "";
  private boolean loggedIn;
  private boolean ended;
  private int retrieved;
  private long octets;

  /** How a session ended. */
  enum End {
    QUIT,
    /** The connection went without QUIT. */
    CLIENT,
    TIMEOUT,
    /** Too many bad commands or refused logins, or octets behind STLS. */
    ERRORS,
    /** The server stops. */
    STOP,
    /** Another session took the maildrop over. */
    TAKEN_OVER,
    /** A message could not be read to its end, or a defect. */
    FAULT
  }

  SessionLog(Listener listener, Channel channel) {
    this.listener = listener.name();
    this.channel = channel;
    this.peer = Peer.of(channel);
  }

  /** Address and port. */
  String peer() {
    return peer.full();
  }

  /** Where a login on this connection comes from now. */
  LoginContext loginContext() {
    return new LoginContext(peer.ip(), listener, TlsFacts.of(channel));
  }

  /** Address without port. */
  String address() {
    return peer.address();
  }

  void loginRefused(String name, String method, int attempt) {
    log.warn(
        "login refused: user={} rip={} method={} try={}",
        quoted(name),
        peer.address(),
        method,
        attempt);
  }

  /** The credentials are right or could not be checked. */
  void loginFailed(String name, String method, String reason) {
    log.warn(
        "login failed: user={} rip={} method={}: {}", quoted(name), peer.address(), method, reason);
  }

  void loggedIn(String name, String method, Maildrop opened) {
    user = name;
    loggedIn = true;
    log.info(
        "login: user={} rip={} method={} listener={} tls={} messages={} octets={}",
        quoted(name),
        peer.address(),
        method,
        listener,
        tls(),
        opened.count(),
        opened.totalOctets());
  }

  void sent(MessageStream message, boolean whole) {
    octets += message.octets();
    if (whole && !message.isTop()) {
      retrieved++;
    }
  }

  void storeProblem(MaildropException cause) {
    log.warn("{}: {}", this, cause.logText());
  }

  void storeDefect(String doing, Throwable cause) {
    log.error("{}: {} failed", this, doing, cause);
  }

  void notAllDeleted(int removed, int marked, MaildropException cause) {
    log.warn("{}: deleted {} of {}: {}", this, removed, marked, cause.logText());
  }

  void problem(String what) {
    log.info("{}: {}", this, what);
  }

  void internal(Throwable cause) {
    log.error("{}: closed after an internal error", this, cause);
  }

  void connection(Throwable cause) {
    log.debug("{}: {}", this, cause.toString());
  }

  /** Logs the end, the first time it is called. */
  void ended(End how, int deleted) {
    if (ended) {
      return;
    }
    ended = true;
    String line = "session ended: user={} rip={} by={} retrieved={} deleted={} octets={}";
    Object[] values = {
      quoted(user),
      peer.address(),
      how.name().toLowerCase(Locale.ROOT).replace('_', '-'),
      retrieved,
      deleted,
      octets
    };
    if (loggedIn) {
      log.info(line, values);
    } else {
      log.debug(line, values);
    }
  }

  /** A quote in a name must not end the value: what follows it would be taken for ours (N064). */
  private static String quoted(String name) {
    return LogText.quote(name.replace("\\", "\\\\").replace("\"", "\\\""));
  }

  private String tls() {
    return TlsFacts.of(channel)
        .map(facts -> facts.version() + "/" + facts.cipher())
        .or(
            () ->
                ProxiedTls.of(channel).map(told -> "proxy:" + told.version() + "/" + told.cipher()))
        .orElse("none");
  }

  @Override
  public String toString() {
    return listener + " " + peer.full() + (user.isEmpty() ? "" : " user=" + quoted(user));
  }
}
