// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.runtime.listen.ListenSettings;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.tls.TlsSettings;
import org.fermoposta.pop3.server.gate.PenaltySettings;
import org.fermoposta.pop3.server.gate.policy.PolicyServerSettings;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.retention.SweepSettings;
import org.fermoposta.pop3.server.session.SessionSettings;
import org.fermoposta.pop3.server.store.maildir.MaildropTemplate;
import org.jspecify.annotations.Nullable;

/**
 * The server's configuration file.
 *
 * @param listeners at least one; names are unique
 * @param maildrops where the Maildirs lie, such as {@code /srv/mail/{user}/Maildir}
 * @param passwdFile accounts in a file, asked before those of {@code auth}; null for none
 * @param auth back ends that know users, asked in this order; at least one if there is no {@code
 *     passwdFile}
 * @param login how users log in, whichever back end they are in
 * @param penalties how logins slow down after refused ones
 * @param policy a server that is asked whether logins may be tried; null for none
 * @param tls certificate; needed if a listener uses TLS
 * @param session limits and timers of sessions
 * @param lease what a login does while another session has the maildrop
 * @param listen what listeners share
 * @param mail what is decided for users' mail, unless their account says otherwise
 * @param sweep when expired mail is removed
 * @param history whether each session leaves a line in its Maildir, for {@code uidl history};
 *     default true
 * @param drain how long running sessions may take to finish at a stop, 0s to 10m; default 10 s
 */
public record ServerConfig(
    List<Listener> listeners,
    MaildropTemplate maildrops,
    @Nullable Path passwdFile,
    @Default List<AuthEntry> auth,
    @Default LoginSettings login,
    @Default PenaltySettings penalties,
    @Nullable PolicyServerSettings policy,
    @Nullable TlsSettings tls,
    @Default SessionSettings session,
    @Default LeaseSettings lease,
    @Default ListenSettings listen,
    @Default MailPolicy mail,
    @Default SweepSettings sweep,
    @Default("true") boolean history,
    @Default("10s") Duration drain) {

  public ServerConfig {
    listeners = List.copyOf(listeners);
    if (listeners.isEmpty()) {
      throw new InvalidSettingException("listeners", "no listener (expected: at least one)");
    }
    Set<String> names = new HashSet<>();
    for (Listener listener : listeners) {
      if (!names.add(listener.name())) {
        throw new InvalidSettingException(
            "listeners", "two listeners named \"" + listener.name() + "\" (expected: one)");
      }
      if (listener.tls() != TlsMode.NONE && tls == null) {
        throw new InvalidSettingException(
            "tls",
            "nothing, but listener \"" + listener.name() + "\" uses TLS (expected: a certificate)");
      }
    }
    auth = List.copyOf(auth);
    if (passwdFile != null) {
      PasswdSettings.requireReadable("passwdFile", passwdFile);
    } else if (auth.isEmpty()) {
      throw new InvalidSettingException(
          "auth", "no back end (expected: passwd-file, or a list of back ends)");
    }
    if (tls != null && tls.legacy() != null && !names.containsAll(tls.legacy().listeners())) {
      throw new InvalidSettingException(
          "tls",
          "legacy for listeners "
              + tls.legacy().listeners()
              + " (expected: names out of "
              + names
              + ")");
    }
    if (drain.isNegative() || drain.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new InvalidSettingException(
          "drain", "duration " + drain.toSeconds() + "s (expected: 0s to 10m)");
    }
  }
}
