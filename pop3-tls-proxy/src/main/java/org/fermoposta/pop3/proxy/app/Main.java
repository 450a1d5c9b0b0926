// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.app;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.proxy.front.FrontSettings;
import org.fermoposta.pop3.proxy.relay.RelaySettings;
import org.fermoposta.pop3.proxy.route.Upstream;
import org.fermoposta.pop3.runtime.cli.CommandLines;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.fermoposta.pop3.runtime.lifecycle.Lifecycle;
import org.fermoposta.pop3.runtime.lifecycle.ShutdownHook;
import org.fermoposta.pop3.runtime.listen.ListenSettings;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.logging.LogLevel;
import org.fermoposta.pop3.runtime.logging.LogOutput;
import org.fermoposta.pop3.runtime.tls.TlsSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command {@code pop3-tls-proxy}. */
@Command(
    name = "pop3-tls-proxy",
    mixinStandardHelpOptions = true,
    version = "pop3-tls-proxy (Fermoposta) 0.1.0",
    description = "TLS in front of a POP3 server.",
    footer = {
      "",
      "Exit codes: 0 stopped by a signal, 64 wrong command line, 69 a port or the upstream's",
      "address is not available, 78 wrong configuration or certificate, 1 anything else.",
      "",
      "Example, with a certificate of its own making:",
      "  pop3-tls-proxy --listen-tls 127.0.0.1:1995 --upstream 127.0.0.1:1110 --tls-dir tls"
    })
public final class Main implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file with the whole configuration, instead of the other options.")
  private @Nullable Path configFile;

  @Option(names = "--check-config", description = "Only check the configuration.")
  private boolean checkConfig;

  @Option(
      names = "--listen-tls",
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description = "Listen with TLS from the first octet (the usual port is 995).")
  private @Nullable ListenAddress listenTls;

  @Option(
      names = "--listen-stls",
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description = "Listen in clear and offer STLS (the usual port is 110).")
  private @Nullable ListenAddress listenStls;

  @Option(
      names = "--upstream",
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description = "The POP3 server.")
  private @Nullable ListenAddress upstream;

  @Option(
      names = "--upstream-tls",
      paramLabel = "MODE",
      defaultValue = "none",
      description = "TLS to the upstream: none, stls or implicit (default: ${DEFAULT-VALUE}).")
  private TlsMode upstreamTls = TlsMode.NONE;

  @Option(
      names = "--upstream-trust",
      paramLabel = "FILE",
      description = "PEM file with the authorities to trust for the upstream.")
  private @Nullable Path upstreamTrust;

  @Option(names = "--certificate", paramLabel = "FILE", description = "PEM certificate chain.")
  private @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "PEM private key (default: in the file of the certificate).")
  private @Nullable Path key;

  @Option(
      names = "--tls-dir",
      paramLabel = "DIR",
      description =
          "Instead of --certificate: make an authority and a certificate in this directory; clients"
              + " trust DIR/ca.pem.")
  private @Nullable Path tlsDirectory;

  @Option(
      names = "--tls-name",
      paramLabel = "NAME",
      description = "With --tls-dir: a name for the certificate, beside localhost. Repeatable.")
  private List<String> tlsNames = new ArrayList<>();

  @Option(
      names = "--allow-cleartext-login",
      description = "Take passwords on connections without TLS.")
  private boolean cleartextLogin;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info, debug or trace.")
  private @Nullable LogLevel logLevel;

  /** Runs the program and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(CommandLines.of(new Main()).execute(arguments));
  }

  @Override
  public Integer call() {
    if (logLevel != null) {
      LogOutput.level(logLevel);
    }
    ProxyConfig config =
        configFile == null
            ? fromOptions()
            : ConfigReader.read(alone(configFile), ProxyConfig.class);
    PrintWriter out = spec().commandLine().getOut();
    if (checkConfig) {
      out.println("the configuration is good");
      out.flush();
      return ExitCodes.OK;
    }
    Proxy proxy = Proxy.of(config);
    Lifecycle lifecycle = new Lifecycle();
    proxy.addTo(lifecycle);
    ShutdownHook.install(lifecycle);
    lifecycle.start();
    for (Listener listener : config.listeners()) {
      out.printf(
          "%s: listening on %s (tls %s), upstream %s (tls %s)%n",
          listener.name(),
          shown(proxy.address(listener.name())),
          shown(listener.tls()),
          config.upstream().address(),
          shown(config.upstream().tls()));
    }
    if (config.tls() != null && config.tls().selfSigned() != null) {
      out.println(
          "certificate of our own making; clients trust it with "
              + config.tls().selfSigned().resolve("ca.pem"));
    }
    out.flush();
    lifecycle.awaitStopped();
    return ExitCodes.OK;
  }

  private ProxyConfig fromOptions() {
    if (upstream == null) {
      throw wrong("Missing --upstream HOST:PORT, or --config FILE");
    }
    List<Listener> listeners = new ArrayList<>();
    if (listenTls != null) {
      listeners.add(new Listener("pop3s", listenTls, TlsMode.IMPLICIT));
    }
    if (listenStls != null) {
      listeners.add(new Listener("pop3", listenStls, TlsMode.STLS));
    }
    if (listeners.isEmpty()) {
      throw wrong("Missing --listen-tls HOST:PORT or --listen-stls HOST:PORT");
    }
    try {
      return new ProxyConfig(
          listeners,
          Upstream.of(upstream, upstreamTls, upstreamTrust),
          tls(),
          ListenSettings.defaults(),
          FrontSettings.defaults(cleartextLogin),
          new RelaySettings(Duration.ofMinutes(30)),
          Duration.ofSeconds(30));
    } catch (IllegalArgumentException setting) {
      throw wrong(String.valueOf(setting.getMessage()));
    }
  }

  private TlsSettings tls() {
    if ((certificate == null) == (tlsDirectory == null)) {
      throw wrong("Give either --certificate FILE (and --key FILE) or --tls-dir DIR");
    }
    if (certificate != null) {
      return TlsSettings.files(certificate, key == null ? certificate : key);
    }
    if (key != null) {
      throw wrong("--key without --certificate");
    }
    return TlsSettings.selfSigned(Objects.requireNonNull(tlsDirectory), tlsNames);
  }

  private Path alone(Path file) {
    if (listenTls != null || listenStls != null || upstream != null || certificate != null) {
      throw wrong("--config takes the place of the other options");
    }
    return file;
  }

  private ParameterException wrong(String text) {
    return new ParameterException(spec().commandLine(), text);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }

  private static String shown(TlsMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private static String shown(InetSocketAddress address) {
    return new ListenAddress(address.getAddress().getHostAddress(), address.getPort()).toString();
  }

  /** Parses addresses. */
  static final class AddressConverter implements ITypeConverter<ListenAddress> {
    @Override
    public ListenAddress convert(String text) {
      try {
        return ListenAddress.parse(text);
      } catch (IllegalArgumentException none) {
        throw new TypeConversionException(String.valueOf(none.getMessage()));
      }
    }
  }
}
