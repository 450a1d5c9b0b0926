// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.fermoposta.pop3.benchmarks.system.Command;

/**
 * mutt on a terminal (that of script(1)), with the keys of somebody who marks all messages and
 * pipes them, undecoded, one by one. It stores LF.
 */
final class MuttPeer implements Peer {
  @Override
  public LineEnds lineEnds() {
    return LineEnds.LF;
  }

  @Override
  public void fetch(Fetch fetch) throws IOException, InterruptedException {
    Endpoint from = fetch.from();
    Path configuration =
        Delivery.configuration(
            fetch,
            "muttrc",
            """
            set pop_pass="%s" pop_authenticators="user" pop_reconnect=no
            set ssl_starttls=%s ssl_force_tls=%s
            set ssl_ca_certificates_file="%s" certificate_file=""
            set ssl_verify_host=yes ssl_verify_dates=yes folder="%s"
            set header_cache="" message_cachedir="" sort=mailbox-order
            set pipe_decode=no pipe_split=yes pipe_sep="" wait_key=no
            set quit=yes delete=yes move=no mark_old=no beep=no
            """
                .formatted(
                    from.password(),
                    from.encryption() == Encryption.CLEAR ? "no" : "yes",
                    from.encryption() == Encryption.CLEAR ? "no" : "yes",
                    from.authorities(),
                    fetch.home()));
    String keys =
        "<tag-pattern>~A<enter><tag-prefix><pipe-message>"
            + Delivery.program(fetch)
            + "<enter>"
            + (fetch.delete() ? "<tag-prefix><delete-message><quit>" : "<exit>");
    String url =
        "%s://%s@%s:%d"
            .formatted(
                from.encryption() == Encryption.TLS ? "pops" : "pop",
                from.user(),
                Endpoint.HOST,
                from.port());
    new Command(fetch.home())
        .run(
            Map.of("HOME", fetch.home().toString(), "TERM", "xterm"),
            "script",
            "-qec",
            "mutt -n -F '%s' -f '%s' -e 'push %s'".formatted(configuration, url, keys),
            "/dev/null");
  }

  @Override
  public String toString() {
    return "mutt";
  }
}
