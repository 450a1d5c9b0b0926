// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.Pop3Timeouts;
import org.fermoposta.pop3.client.TlsMode;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.jspecify.annotations.Nullable;

/** What the properties {@code mail.pop3.*}, or {@code mail.pop3s.*}, say. Immutable. */
final class StoreSettings {
  private static final int DEFAULT_MEMORY_OCTETS = 1 << 20;
  private static final int MAX_PORT = 65535;

  private final StoreProperties properties;
  private final boolean implicitTls;
  private final boolean rsetBeforeQuit;
  private final boolean disableTop;
  private final boolean forgetTopHeaders;
  private final boolean keepMessageContent;
  private final boolean cacheWriteTo;
  private final @Nullable Path cacheDirectory;
  private final @Nullable Path seenStore;

  /**
   * Reads them.
   *
   * @param implicitTls whether the protocol itself says so
   * @throws MessagingException if one has a value that it cannot have
   */
  StoreSettings(Session session, String protocol, boolean implicitTls) throws MessagingException {
    properties = new StoreProperties(session, protocol);
    this.implicitTls = implicitTls || properties.flag("ssl.enable", false);
    rsetBeforeQuit = properties.flag("rsetbeforequit", false);
    disableTop = properties.flag("disabletop", false);
    forgetTopHeaders = properties.flag("forgettopheaders", false);
    keepMessageContent = properties.flag("keepmessagecontent", false);
    cacheWriteTo = properties.flag("cachewriteto", false);
    cacheDirectory = properties.path("filecache.dir").orElse(null);
    seenStore = properties.path("seenstore").orElse(null);
    properties.refuse(
        "socketFactory.class", "ssl.socketFactory.class", "ssl.socketFactory", "socketFactory");
  }

  /**
   * Returns what to connect with.
   *
   * @param port below 0 for the property's, or the protocol's
   * @throws MessagingException if the values cannot be used
   */
  Pop3ClientConfig config(String host, int port, String user, String password)
      throws MessagingException {
    TlsMode tls = tls();
    try {
      Pop3ClientConfig.Builder to =
          Pop3ClientConfig.builder(host)
              .port(port > 0 ? port : properties.number("port", 0, MAX_PORT).orElse(0))
              .tls(tls)
              // What the same properties mean with Angus Mail.
              .allowClearPassword(tls == TlsMode.PLAINTEXT || tls == TlsMode.STLS_IF_AVAILABLE)
              .timeouts(timeouts())
              .credentials(user, Secret.ofUtf8(password));
      mechanisms(to);
      return to.build();
    } catch (IllegalArgumentException e) {
      throw new MessagingException(e.getMessage(), e);
    }
  }

  private TlsMode tls() throws MessagingException {
    if (implicitTls) {
      return TlsMode.IMPLICIT;
    } else if (properties.flag("starttls.required", false)) {
      return TlsMode.STLS_REQUIRED;
    }
    return properties.flag("starttls.enable", false)
        ? TlsMode.STLS_IF_AVAILABLE
        : TlsMode.PLAINTEXT;
  }

  private Pop3Timeouts timeouts() throws MessagingException {
    Pop3Timeouts defaults = Pop3Timeouts.DEFAULTS;
    Optional<Duration> connect = properties.milliseconds("connectiontimeout");
    Optional<Duration> read = properties.milliseconds("timeout");
    return new Pop3Timeouts(
        connect.orElse(defaults.connect()),
        connect.orElse(defaults.tlsHandshake()),
        read.orElse(defaults.command()),
        read.orElse(defaults.idle()),
        read.orElse(defaults.quit()));
  }

  private void mechanisms(Pop3ClientConfig.Builder to) throws MessagingException {
    Optional<String> named = properties.text("auth.mechanisms");
    if (named.isEmpty()) {
      return;
    }
    Set<SaslMechanism> mechanisms = EnumSet.noneOf(SaslMechanism.class);
    boolean userPass = false;
    for (String name : named.get().strip().split("\\s+")) {
      boolean disabled =
          properties.flag("auth." + name.toLowerCase(Locale.ROOT) + ".disable", false);
      // To Angus Mail LOGIN is USER and PASS.
      userPass |= name.equalsIgnoreCase("LOGIN") && !disabled;
      if (!disabled) {
        SaslMechanism.named(name).ifPresent(mechanisms::add);
      }
    }
    if (mechanisms.isEmpty() && !userPass) {
      throw new MessagingException(
          properties.name("auth.mechanisms")
              + ": \""
              + named.get()
              + "\" (expected: one that is known and not disabled)");
    }
    to.mechanisms(mechanisms).userPass(userPass);
  }

  boolean rsetBeforeQuit() {
    return rsetBeforeQuit;
  }

  boolean disableTop() {
    return disableTop;
  }

  boolean forgetTopHeaders() {
    return forgetTopHeaders;
  }

  boolean keepMessageContent() {
    return keepMessageContent;
  }

  boolean cacheWriteTo() {
    return cacheWriteTo;
  }

  Optional<Path> seenStore() {
    return Optional.ofNullable(seenStore);
  }

  /** Returns where the next message goes. */
  SpoolTarget spool() {
    return new SpoolTarget(cacheDirectory, DEFAULT_MEMORY_OCTETS);
  }
}
