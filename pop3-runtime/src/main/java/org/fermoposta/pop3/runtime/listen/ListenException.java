// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import java.net.BindException;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.cli.ExplainedException;
import org.fermoposta.pop3.runtime.config.ListenAddress;

/** A listener could not be bound. The message is one line that names the address and the reason. */
public final class ListenException extends ExplainedException {
  private static final long serialVersionUID = 1L;

  private ListenException(String message, Throwable cause) {
    super(message, cause);
  }

  static ListenException of(ListenAddress address, Throwable cause) {
    return new ListenException(
        "cannot listen on " + address + ": " + reason(address, cause), cause);
  }

  @Override
  public int exitCode() {
    return ExitCodes.UNAVAILABLE;
  }

  // The JDK and the native transports word errors differently and have no error code in common.
  private static String reason(ListenAddress address, Throwable cause) {
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("address already in use")) {
      return "address already in use (another program holds it; `ss -ltnp` shows which)";
    }
    if (text.contains("permission denied")) {
      return address.port() > 0 && address.port() < 1024
          ? "permission denied (ports below 1024 need CAP_NET_BIND_SERVICE or a systemd socket;"
              + " or choose a port from 1024 up)"
          : "permission denied (a security policy such as SELinux forbids this port)";
    }
    if (text.contains("cannot assign requested address")) {
      return "this machine does not have that address (`ip addr` shows those it has)";
    }
    if (cause instanceof UnresolvedAddressException || text.contains("unresolved")) {
      return "the host name has no address";
    }
    boolean plain = cause instanceof BindException || cause instanceof SocketException;
    return plain ? String.valueOf(cause.getMessage()) : cause.toString();
  }
}
