// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.io.IOException;
import java.net.IDN;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fermoposta.pop3.protocol.Printable;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.wire.LineEnds;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect, how to secure it and who logs in. Immutable; may be shared and used for any
 * number of connections. {@code toString} does not show the password.
 *
 * <p>Only {@linkplain Builder#credentials credentials} have no default. The password is never sent
 * without TLS unless {@link Builder#allowClearPassword} says so; access tokens never are.
 */
public final class Pop3ClientConfig {
  private static final Secret NO_PASSWORD = Secret.of(new byte[0]);

  private final String host;
  private final int port;
  private final TlsMode tls;
  private final TlsTrust trust;
  private final @Nullable ClientCertificate clientCertificate;
  private final String user;
  private final Secret password;
  private final @Nullable TokenSupplier tokens;
  private final boolean external;
  private final String authorizationId;
  private final Set<SaslMechanism> mechanisms;
  private final InitialResponse initialResponse;
  private final boolean apopAllowed;
  private final boolean userPassAllowed;
  private final boolean clearPasswordAllowed;
  private final Pop3Timeouts timeouts;
  private final int maxListing;
  private final long maxMessageOctets;
  private final @Nullable LineEnds lineEnds;
  private final int maxOutstandingCommands;
  private final long maxOutstandingOctets;
  private final ServerMemory serverMemory;

  private Pop3ClientConfig(Builder b) {
    host = b.host;
    port = b.port == 0 ? b.tls.defaultPort() : b.port;
    tls = b.tls;
    trust = b.trust;
    clientCertificate = b.clientCertificate;
    user = b.user;
    password = b.password;
    tokens = b.tokens;
    external = b.external;
    authorizationId = b.authorizationId;
    mechanisms = b.mechanisms;
    initialResponse = b.initialResponse;
    apopAllowed = b.apopAllowed;
    userPassAllowed = b.userPassAllowed;
    clearPasswordAllowed = b.clearPasswordAllowed;
    timeouts = b.timeouts;
    maxListing = b.maxListing;
    maxMessageOctets = b.maxMessageOctets;
    lineEnds = b.lineEnds;
    maxOutstandingCommands = b.maxOutstandingCommands;
    maxOutstandingOctets = b.maxOutstandingOctets;
    serverMemory = b.serverMemory;
  }

  /**
   * Returns a builder.
   *
   * @param host a name or an address; with TLS the certificate must be for it. A name beyond ASCII
   *     is turned into its ASCII form (RFC 5890)
   */
  public static Builder builder(String host) {
    return new Builder(asciiHost(host));
  }

  static String asciiHost(String host) {
    String ascii = host;
    if (host.chars().anyMatch(c -> c >= 0x80)) {
      try {
        ascii = IDN.toASCII(host);
      } catch (IllegalArgumentException noName) {
        ascii = "";
      }
    }
    if (ascii.isEmpty() || !ascii.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "host: \"" + Printable.escape(host) + "\" (expected: a name or address)");
    }
    return ascii;
  }

  /** Returns the host, in ASCII. */
  public String host() {
    return host;
  }

  /** Returns the port, 1 to 65535. */
  public int port() {
    return port;
  }

  /** Returns the server as {@code host:port}. */
  public String endpoint() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** Returns when TLS begins. */
  public TlsMode tls() {
    return tls;
  }

  /** Returns which certificates are believed. */
  public TlsTrust trust() {
    return trust;
  }

  /** Returns the certificates to trust; empty for the system's. */
  public List<X509Certificate> trustedCertificates() {
    return trust.certificates();
  }

  /** Returns the certificate that this side shows, if there is one. */
  public Optional<ClientCertificate> clientCertificate() {
    return Optional.ofNullable(clientCertificate);
  }

  /** Returns who logs in. */
  public String user() {
    return user;
  }

  /** Returns the password; empty where another credential is used. */
  public Secret password() {
    return password;
  }

  /** Returns who gives access tokens, if the login is by those. */
  public Optional<TokenSupplier> tokens() {
    return Optional.ofNullable(tokens);
  }

  /** Returns whether the login is by the client's certificate. */
  public boolean external() {
    return external;
  }

  /** Returns whose maildrop is opened; empty for the user's own. */
  public String authorizationId() {
    return authorizationId;
  }

  /** Returns the SASL mechanisms that may be used. */
  public Set<SaslMechanism> mechanisms() {
    return mechanisms;
  }

  /** Returns when AUTH carries the first message. */
  public InitialResponse initialResponse() {
    return initialResponse;
  }

  /** Returns whether APOP may be used. */
  public boolean apopAllowed() {
    return apopAllowed;
  }

  /** Returns whether USER and PASS may be used where no mechanism can. */
  public boolean userPassAllowed() {
    return userPassAllowed;
  }

  /** Returns whether the password may be sent without TLS. */
  public boolean clearPasswordAllowed() {
    return clearPasswordAllowed;
  }

  /** Returns the limits of time. */
  public Pop3Timeouts timeouts() {
    return timeouts;
  }

  /** Returns how many lines a listing may have. */
  public int maxListing() {
    return maxListing;
  }

  /** Returns how many octets a message may have; 0 for any number. */
  public long maxMessageOctets() {
    return maxMessageOctets;
  }

  /** Returns what ends a line of the server; empty if its first line shows. */
  public Optional<LineEnds> lineEnds() {
    return Optional.ofNullable(lineEnds);
  }

  /** Returns how many commands may be without a reply; 1 for no pipelining. */
  public int maxOutstandingCommands() {
    return maxOutstandingCommands;
  }

  /** Returns how many octets of messages may be asked for and not stored yet. */
  public long maxOutstandingOctets() {
    return maxOutstandingOctets;
  }

  /** Returns what is known about servers. */
  public ServerMemory serverMemory() {
    return serverMemory;
  }

  @Override
  public String toString() {
    return "Pop3ClientConfig[" + endpoint() + ", tls=" + tls + ", user=" + user + "]";
  }

  /** Gathers a configuration. Not thread-safe; may be used again after {@link #build}. */
  public static final class Builder {
    private final String host;
    private int port;
    private TlsMode tls = TlsMode.IMPLICIT;
    private TlsTrust trust = TlsTrust.system();
    private @Nullable ClientCertificate clientCertificate;
    private String user = "";
    private Secret password = NO_PASSWORD;
    private @Nullable TokenSupplier tokens;
    private boolean external;
    private String authorizationId = "";
    private InitialResponse initialResponse = InitialResponse.WHERE_UNDERSTOOD;
    private boolean apopAllowed;
    private Set<SaslMechanism> mechanisms = defaultMechanisms();
    private boolean userPassAllowed = true;
    private boolean clearPasswordAllowed;
    private Pop3Timeouts timeouts = Pop3Timeouts.DEFAULTS;
    private int maxListing = 10_000_000;
    private long maxMessageOctets = 2L << 30;
    private @Nullable LineEnds lineEnds;
    private int maxOutstandingCommands = 100;
    private long maxOutstandingOctets = 4L << 20;
    private ServerMemory serverMemory = ServerMemory.shared();

    private Builder(String host) {
      this.host = host;
    }

    /** Sets the port, 1 to 65535. Default 0: the TLS mode's. */
    public Builder port(int port) {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
      }
      this.port = port;
      return this;
    }

    /** Sets when TLS begins. Default {@link TlsMode#IMPLICIT}. */
    public Builder tls(TlsMode tls) {
      this.tls = tls;
      return this;
    }

    /**
     * Trusts these certificates, and those they signed, instead of the system's. Reads the file at
     * once.
     *
     * @param pem a file with one or more certificates in PEM
     * @throws IOException if it cannot be read or holds no certificate
     */
    public Builder trustedCertificates(Path pem) throws IOException {
      return trust(TlsTrust.certificates(pem));
    }

    /** Trusts these certificates instead of the system's. Default empty: the system's. */
    public Builder trustedCertificates(List<X509Certificate> certificates) {
      return trust(
          certificates.isEmpty() ? TlsTrust.system() : TlsTrust.certificates(certificates));
    }

    /** Sets which certificates are believed. Default {@link TlsTrust#system}. */
    public Builder trust(TlsTrust trust) {
      this.trust = trust;
      return this;
    }

    /** Sets the certificate to show where the server asks for one. Default none. */
    public Builder clientCertificate(ClientCertificate certificate) {
      clientCertificate = certificate;
      return this;
    }

    /**
     * Sets who logs in.
     *
     * @throws IllegalArgumentException if the name is empty or holds controls, or the password is
     *     empty
     */
    public Builder credentials(String user, Secret password) {
      if (password.isEmpty()) {
        throw new IllegalArgumentException("password: empty (expected: one or more octets)");
      }
      return who(user, password, null, false);
    }

    /**
     * Sets who logs in, by access tokens; only ever under TLS.
     *
     * @throws IllegalArgumentException if the name is empty or holds controls
     */
    public Builder tokens(String user, TokenSupplier tokens) {
      return who(user, NO_PASSWORD, tokens, false);
    }

    /**
     * Lets the {@linkplain #clientCertificate client's certificate} log in: SASL EXTERNAL, under
     * TLS.
     *
     * @param user whose maildrop is opened, for servers that want to hear it; {@code ""} to leave
     *     that to the certificate
     * @throws IllegalArgumentException if the name holds controls
     */
    public Builder external(String user) {
      requireNoControls("user", user);
      this.user = user;
      password = NO_PASSWORD;
      tokens = null;
      external = true;
      return this;
    }

    /**
     * Sets whose maildrop is opened, where that is another's (RFC 4422, section 3.4.1): with
     * mechanisms that can say so only. Default {@code ""}: the user's own.
     *
     * @throws IllegalArgumentException if the name holds controls
     */
    public Builder authorizationId(String name) {
      requireNoControls("authorization identity", name);
      authorizationId = name;
      return this;
    }

    private Builder who(
        String user, Secret password, @Nullable TokenSupplier tokens, boolean external) {
      requireNoControls("user", user);
      if (user.isEmpty()) {
        throw new IllegalArgumentException("user: empty (expected: a name)");
      }
      this.user = user;
      this.password = password;
      this.tokens = tokens;
      this.external = external;
      return this;
    }

    private static void requireNoControls(String what, String name) {
      if (name.codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(what + ": with controls (expected: a name)");
      }
    }

    /**
     * Sets the SASL mechanisms that may be used; the strongest one that the server offers is.
     * Default the SCRAM family, PLAIN and LOGIN; OAUTHBEARER and XOAUTH2 for tokens; EXTERNAL for
     * certificates; CRAM-MD5 only if named here.
     */
    public Builder mechanisms(Set<SaslMechanism> mechanisms) {
      this.mechanisms = Set.copyOf(mechanisms);
      return this;
    }

    /** Sets when AUTH carries the first message. Default: where that is understood. */
    public Builder initialResponse(InitialResponse when) {
      initialResponse = when;
      return this;
    }

    /**
     * Sets whether APOP may be used (RFC 1939, section 7) where no better mechanism can. It rests
     * on MD5, and a server that chooses timestamps can learn about the password; those that are no
     * msg-ids are refused. Default false.
     */
    public Builder apop(boolean allowed) {
      apopAllowed = allowed;
      return this;
    }

    /** Sets whether USER and PASS may be used where no mechanism can. Default true. */
    public Builder userPass(boolean allowed) {
      userPassAllowed = allowed;
      return this;
    }

    /** Sets whether the password may be sent without TLS, for everyone to read. Default false. */
    public Builder allowClearPassword(boolean allowed) {
      clearPasswordAllowed = allowed;
      return this;
    }

    /** Sets the limits of time. Default {@link Pop3Timeouts#DEFAULTS}. */
    public Builder timeouts(Pop3Timeouts timeouts) {
      this.timeouts = timeouts;
      return this;
    }

    /** Sets how many lines a listing may have, 1 or more; more end it. Default 10,000,000. */
    public Builder maxListing(int lines) {
      if (lines < 1) {
        throw new IllegalArgumentException("maxListing: " + lines + " (expected: >= 1)");
      }
      maxListing = lines;
      return this;
    }

    /**
     * Sets how many octets a message may have; one that has more fails and ends the connection, as
     * it may be endless. 0 for any number. Default 2 GiB.
     */
    public Builder maxMessageOctets(long octets) {
      if (octets < 0) {
        throw new IllegalArgumentException("maxMessageOctets: " + octets + " (expected: >= 0)");
      }
      maxMessageOctets = octets;
      return this;
    }

    /**
     * Sets what ends a line of the server, whatever it sends. Default: its greeting shows, and
     * after STLS the first line under TLS; {@link LineEnds#CRLF_OR_LF} only if that ends in a bare
     * LF.
     */
    public Builder lineEnds(LineEnds lineEnds) {
      this.lineEnds = lineEnds;
      return this;
    }

    /**
     * Sets how much may be asked of a server that announces PIPELINING (RFC 2449, section 6.6)
     * before it has answered. Default 100 commands and 4 MiB.
     *
     * @param commands without a reply, or with a message that its sink has not stored yet; 1 to
     *     1000, 1 for one at a time
     * @param octets of the messages asked for, by the sizes that the server has told, 1 or more;
     *     one message is always asked for, whatever its size
     */
    public Builder pipelining(int commands, long octets) {
      if (commands < 1 || commands > 1000 || octets < 1) {
        throw new IllegalArgumentException(
            "pipelining: "
                + commands
                + " commands, "
                + octets
                + " octets (expected: 1 to 1000, >= 1)");
      }
      maxOutstandingCommands = commands;
      maxOutstandingOctets = octets;
      return this;
    }

    /** Sets what is known about servers. Default {@link ServerMemory#shared}. */
    public Builder serverMemory(ServerMemory memory) {
      serverMemory = memory;
      return this;
    }

    /**
     * Returns the configuration.
     *
     * @throws IllegalStateException without credentials, or with a certificate to log in by but
     *     none to show
     */
    public Pop3ClientConfig build() {
      if (user.isEmpty() && !external) {
        throw new IllegalStateException("credentials: none (expected: user and password)");
      }
      if (external && clientCertificate == null) {
        throw new IllegalStateException("client certificate: none (expected: one, for EXTERNAL)");
      }
      return new Pop3ClientConfig(this);
    }

    private static Set<SaslMechanism> defaultMechanisms() {
      EnumSet<SaslMechanism> mechanisms =
          EnumSet.of(
              SaslMechanism.EXTERNAL,
              SaslMechanism.OAUTHBEARER,
              SaslMechanism.XOAUTH2,
              SaslMechanism.PLAIN,
              SaslMechanism.LOGIN);
      for (SaslMechanism mechanism : SaslMechanism.values()) {
        if (mechanism.scramHash().isPresent()) {
          mechanisms.add(mechanism);
        }
      }
      return Set.copyOf(mechanisms);
    }
  }
}
