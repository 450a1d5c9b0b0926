// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.fermoposta.pop3.benchmarks.system.Command;

/** mpop, told to add no Received field. It stores LF. */
final class MpopPeer implements Peer {
  @Override
  public LineEnds lineEnds() {
    return LineEnds.LF;
  }

  @Override
  public void fetch(Fetch fetch) throws IOException, InterruptedException {
    Endpoint from = fetch.from();
    String tls =
        switch (from.encryption()) {
          case CLEAR -> "tls off";
          case STLS -> "tls on\ntls_starttls on\ntls_trust_file " + from.authorities();
          case TLS -> "tls on\ntls_starttls off\ntls_trust_file " + from.authorities();
        };
    Path configuration =
        Delivery.configuration(
            fetch,
            "mpoprc",
            """
            account tested
            host %s
            port %d
            timeout 30
            user %s
            password %s
            auth user
            %s
            received_header off
            keep %s
            only_new off
            uidls_file %s/uidls
            delivery mda %s
            """
                .formatted(
                    Endpoint.HOST,
                    from.port(),
                    from.user(),
                    from.password(),
                    tls,
                    fetch.delete() ? "off" : "on",
                    fetch.home(),
                    Delivery.program(fetch)));
    new Command(fetch.home())
        .run(
            Map.of("HOME", fetch.home().toString()),
            "mpop",
            "-q",
            "-C",
            configuration.toString(),
            "tested");
  }

  @Override
  public String toString() {
    return "mpop";
  }
}
