// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names that can stand in a certificate. */
final class HostNames {
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)(\\*\\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?"
              + "(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*");

  private HostNames() {}

  static boolean isValid(String name) {
    try {
      return isAddress(name) || NAME.matcher(normal(name)).matches();
    } catch (IllegalArgumentException e) {
      return false; // IDN.toASCII: no such name.
    }
  }

  static boolean isAddress(String name) {
    return NetUtil.isValidIpV4Address(name)
        || (NetUtil.isValidIpV6Address(name) && name.indexOf('%') < 0);
  }

  /** Lower case A-labels without trailing dot; addresses in one spelling. */
  static String normal(String name) {
    if (isAddress(name)) {
      byte[] octets = NetUtil.createByteArrayFromIpAddressString(name);
      return NetUtil.bytesToIpAddress(octets);
    }
    String ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
    return ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
  }
}
