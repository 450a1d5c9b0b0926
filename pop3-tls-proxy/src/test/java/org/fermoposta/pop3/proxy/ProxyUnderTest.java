// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.fermoposta.pop3.proxy.app.Proxy;
import org.fermoposta.pop3.proxy.app.ProxyConfig;
import org.fermoposta.pop3.proxy.front.FrontSettings;
import org.fermoposta.pop3.proxy.relay.RelaySettings;
import org.fermoposta.pop3.proxy.route.Upstream;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.fermoposta.pop3.runtime.config.OctetSize;
import org.fermoposta.pop3.runtime.lifecycle.Lifecycle;
import org.fermoposta.pop3.runtime.listen.KeepAliveSettings;
import org.fermoposta.pop3.runtime.listen.ListenSettings;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.Network;
import org.fermoposta.pop3.runtime.listen.ProxyProtocolSettings;
import org.fermoposta.pop3.runtime.listen.StlsUse;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.listen.TransportChoice;
import org.fermoposta.pop3.runtime.tls.TlsEngine;
import org.fermoposta.pop3.runtime.tls.TlsSettings;
import org.fermoposta.pop3.testkit.RawPeer;

/** The whole proxy on loopback ports, with TLS of its own making; and clients for it. */
public final class ProxyUnderTest implements AutoCloseable {
  private static final ListenAddress ANY_PORT = new ListenAddress("127.0.0.1", 0);
  private static final ProxyProtocolSettings BELIEVED =
      new ProxyProtocolSettings(
          List.of(Network.parse("127.0.0.1")), /* trustTls= */ true, Duration.ofSeconds(10));
  private static final Path TLS_DIRECTORY = temporaryDirectory();

  private final Lifecycle lifecycle = new Lifecycle();
  private final Proxy proxy;

  private ProxyUnderTest(ProxyConfig config) {
    proxy = Proxy.of(config);
    proxy.addTo(lifecycle);
    lifecycle.start();
  }

  /** Starts a proxy that may differ from the defaults. */
  public static Builder with(int upstreamPort) {
    return new Builder(upstreamPort);
  }

  /** Starts a proxy with the defaults. */
  public static ProxyUnderTest start(int upstreamPort) {
    return with(upstreamPort).start();
  }

  /** A certificate that {@link #trust} trusts is kept here. */
  public static Path tlsDirectory() {
    return TLS_DIRECTORY;
  }

  /** Trusts what is kept in {@link #tlsDirectory}. */
  public static SSLContext trust() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (InputStream in = Files.newInputStream(TLS_DIRECTORY.resolve("ca.pem"))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** Where a listener is: {@code pop3s}, {@code pop3} or {@code plain}. */
  public InetSocketAddress address(String listener) {
    return proxy.address(listener);
  }

  /** How many clients are connected. */
  public int connections() {
    return proxy.connections();
  }

  /** A client of the listener with implicit TLS, handshake done, greeting not read. */
  public RawPeer tls() throws Exception {
    return RawPeer.connectTls(address("pop3s"), trust(), "localhost");
  }

  /** As {@link #tls}, but gives the socket under TLS away, for a FIN without close_notify. */
  public SSLSocket tlsOver(Socket raw) throws Exception {
    raw.connect(address("pop3s"));
    SSLSocket secure =
        (SSLSocket) trust().getSocketFactory().createSocket(raw, "localhost", raw.getPort(), true);
    secure.setSoTimeout(10_000);
    secure.startHandshake();
    return secure;
  }

  /** A client of the listener with STLS. */
  public RawPeer stls() throws IOException {
    return RawPeer.connect(address("pop3"));
  }

  /** A client of the listener without TLS. */
  public RawPeer plain() throws IOException {
    return RawPeer.connect(address("plain"));
  }

  /** Stops as a signal would; returns whether all stopped cleanly. */
  public boolean stop() {
    return lifecycle.stop();
  }

  @Override
  public void close() {
    if (!lifecycle.stop()) {
      throw new AssertionError("the proxy did not stop cleanly");
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("proxy-tls");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What may differ. */
  public static final class Builder {
    private final int upstreamPort;
    private boolean cleartextLogin;
    private TlsMode upstreamTls = TlsMode.NONE;
    private TransportChoice transport = TransportChoice.AUTO;
    private TlsEngine engine = TlsEngine.AUTO;
    private Duration loginTimeout = Duration.ofSeconds(60);
    private Duration greetingTimeout = Duration.ofSeconds(30);

    private Builder(int upstreamPort) {
      this.upstreamPort = upstreamPort;
    }

    /** Allows logins without TLS. */
    public Builder cleartextLogin() {
      cleartextLogin = true;
      return this;
    }

    /** Sets how the upstream is spoken to. */
    public Builder upstreamTls(TlsMode mode) {
      upstreamTls = mode;
      return this;
    }

    /** Sets the transport. */
    public Builder transport(TransportChoice choice) {
      transport = choice;
      return this;
    }

    /** Sets the TLS engine of the listeners. */
    public Builder engine(TlsEngine choice) {
      engine = choice;
      return this;
    }

    /** Sets the time to log in. */
    public Builder loginTimeout(Duration timeout) {
      loginTimeout = timeout;
      return this;
    }

    /** Sets the time for the upstream to greet. */
    public Builder greetingTimeout(Duration timeout) {
      greetingTimeout = timeout;
      return this;
    }

    /** Starts it. */
    public ProxyUnderTest start() {
      return new ProxyUnderTest(
          new ProxyConfig(
              List.of(
                  new Listener("pop3s", ANY_PORT, TlsMode.IMPLICIT),
                  new Listener("pop3", ANY_PORT, TlsMode.STLS),
                  new Listener("must", ANY_PORT, TlsMode.STLS, StlsUse.REQUIRED, null),
                  new Listener("told", ANY_PORT, TlsMode.STLS, StlsUse.REQUIRED, BELIEVED),
                  new Listener("told-tls", ANY_PORT, TlsMode.IMPLICIT, BELIEVED),
                  new Listener("plain", ANY_PORT, TlsMode.NONE)),
              new Upstream(
                  new ListenAddress("localhost", upstreamPort),
                  upstreamTls,
                  upstreamTls == TlsMode.NONE ? null : TLS_DIRECTORY.resolve("ca.pem"),
                  Duration.ofSeconds(5),
                  greetingTimeout),
              TlsSettings.selfSigned(TLS_DIRECTORY, List.of()).with(engine),
              new ListenSettings(transport, 2, 1000, 128, KeepAliveSettings.defaults()),
              new FrontSettings(cleartextLogin, 10, loginTimeout, new OctetSize(128 * 1024)),
              new RelaySettings(Duration.ofMinutes(30)),
              Duration.ofSeconds(5)));
    }
  }
}
