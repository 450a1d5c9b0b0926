// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.util.NetUtil;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Printable;

// Design note. The JDK's own check for HTTPS takes wildcards in other labels and parts of labels,
// and common names; RFC 7817 takes neither. So this is the check, and that one is switched off.

/** The names in a certificate (RFC 7817, section 3; RFC 9525). */
final class CertificateNames {
  private static final int EXPLICIT = 0xa0;
  private static final int IA5_STRING = 0x16;
  private static final int OTHER_NAME = 0;
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  /** id-on-dnsSRV, 1.3.6.1.5.5.7.8.7, as DER: RFC 4985, section 2. */
  private static final byte[] SRV_NAME = {6, 8, 0x2b, 6, 1, 5, 5, 7, 8, 7};

  private final List<String> dns = new ArrayList<>();
  private final List<String> services = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();

  private CertificateNames() {}

  /**
   * Checks that a certificate is for a host, or for a service of a domain.
   *
   * @param host a name in ASCII or an address
   * @param domain in ASCII
   * @throws CertificateException if it is for neither
   */
  static void check(X509Certificate certificate, String host, Optional<String> domain)
      throws CertificateException {
    CertificateNames names = of(certificate);
    boolean right = isAddress(host) ? names.hasAddress(host) : names.hasDns(host);
    if (!right && !domain.map(names::serves).orElse(false)) {
      throw new CertificateException(
          "the certificate is for "
              + names
              + " (expected: "
              + host
              + domain.map(d -> " or " + d).orElse("")
              + ")");
    }
  }

  private static CertificateNames of(X509Certificate certificate)
      throws CertificateParsingException {
    CertificateNames names = new CertificateNames();
    Collection<List<?>> all = certificate.getSubjectAlternativeNames();
    if (all != null) {
      for (List<?> name : all) {
        int type = (Integer) name.get(0);
        Object value = name.get(1);
        if (type == DNS_NAME && value instanceof String text) {
          names.dns.add(text.toLowerCase(Locale.ROOT));
        } else if (type == IP_ADDRESS && value instanceof String text) {
          names.addresses.add(text);
        } else if (type == OTHER_NAME && value instanceof byte[] der) {
          srvName(der).ifPresent(names.services::add);
        }
      }
    }
    return names;
  }

  private static boolean isAddress(String host) {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }

  private boolean hasAddress(String host) {
    byte[] wanted = NetUtil.createByteArrayFromIpAddressString(host);
    return addresses.stream()
        .anyMatch(a -> Arrays.equals(wanted, NetUtil.createByteArrayFromIpAddressString(a)));
  }

  private boolean hasDns(String host) {
    String wanted = host.toLowerCase(Locale.ROOT);
    if (wanted.endsWith(".")) {
      wanted = wanted.substring(0, wanted.length() - 1);
    }
    for (String name : dns) {
      if (name.indexOf('*') < 0 ? name.equals(wanted) : wildcardMatches(name, wanted)) {
        return true;
      }
    }
    return false;
  }

  /** {@code *.example.org}: for one label, and for more than a top-level domain. */
  private static boolean wildcardMatches(String name, String host) {
    int dot = host.indexOf('.');
    if (!name.startsWith("*.") || dot <= 0) {
      return false;
    }
    String parent = name.substring(1);
    return parent.indexOf('*') < 0
        && parent.indexOf('.', 1) > 0
        && parent.equals(host.substring(dot));
  }

  private boolean serves(String domain) {
    String wanted = domain.toLowerCase(Locale.ROOT);
    return hasDns(wanted)
        || services.contains("_pop3s." + wanted)
        || services.contains("_pop3." + wanted);
  }

  /**
   * Reads SEQUENCE { OID, [0] EXPLICIT IA5String }; lengths of SRV names fit into one octet. Java
   * 17 gives the explicit tag twice.
   */
  private static Optional<String> srvName(byte[] der) {
    int at = 2 + SRV_NAME.length;
    boolean named =
        der.length > at + 4
            && der.length < 128
            && Arrays.equals(der, 2, at, SRV_NAME, 0, SRV_NAME.length);
    while (named
        && der.length > at + 4
        && (der[at] & 0xff) == EXPLICIT
        && der[at + 1] == der.length - at - 2) {
      at += 2;
    }
    boolean fits =
        named
            && (der[at - 2] & 0xff) == EXPLICIT
            && der[at] == IA5_STRING
            && der[at + 1] == der.length - at - 2;
    return fits
        ? Optional.of(
            new String(der, at + 2, der.length - at - 2, US_ASCII).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  @Override
  public String toString() {
    List<String> all = new ArrayList<>(dns);
    all.addAll(addresses);
    all.addAll(services);
    return all.isEmpty()
        ? "no name"
        : Printable.escape(String.join(", ", all.subList(0, Math.min(10, all.size()))));
  }
}
