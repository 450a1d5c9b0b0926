// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.fermoposta.pop3.benchmarks.system.Command;

/** fetchmail, told not to rewrite addresses, line ends, status or encodings. */
final class FetchmailPeer implements Peer {
  @Override
  public LineEnds lineEnds() {
    return LineEnds.CRLF;
  }

  @Override
  public void fetch(Fetch fetch) throws IOException, InterruptedException {
    Endpoint from = fetch.from();
    String tls =
        switch (from.encryption()) {
          case CLEAR -> "sslproto ''";
          case STLS -> "sslproto 'TLS1.2+' sslcertck sslcertfile '" + from.authorities() + "'";
          case TLS -> "ssl sslcertck sslcertfile '" + from.authorities() + "'";
        };
    Path configuration =
        Delivery.configuration(
            fetch,
            "fetchmailrc",
            """
            set no syslog
            set invisible
            poll %s protocol POP3 service %d auth password timeout 30
              user "%s" password "%s"
              %s
              fetchall %s no rewrite no mimedecode no dropstatus no dropdelivered
              no forcecr no stripcr pass8bits
              mda "%s"
            """
                .formatted(
                    Endpoint.HOST,
                    from.port(),
                    from.user(),
                    from.password(),
                    tls,
                    fetch.delete() ? "no keep" : "keep",
                    Delivery.program(fetch)));
    String home = fetch.home().toString();
    new Command(fetch.home())
        .run(
            Map.of("HOME", home, "FETCHMAILHOME", home),
            "fetchmail",
            "-f",
            configuration.toString());
  }

  @Override
  public String toString() {
    return "fetchmail";
  }
}
