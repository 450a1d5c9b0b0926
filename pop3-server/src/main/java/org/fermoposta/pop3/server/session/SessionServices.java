// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.concurrent.Executor;
import org.fermoposta.pop3.protocol.sasl.SaslServerOptions;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions;
import org.fermoposta.pop3.runtime.tls.ServerTls;
import org.fermoposta.pop3.server.gate.LoginGate;
import org.fermoposta.pop3.server.gate.policy.LoginPolicy;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.jspecify.annotations.Nullable;

/**
 * What sessions share. Thread-safe parts only.
 *
 * @param settings limits and timers
 * @param credentials checks logins
 * @param subjects whom logins count for
 * @param gate slows logins down where many were refused
 * @param policy is asked whether a login may be tried
 * @param mechanisms which SASL mechanisms are offered; {@code credentials} can answer for them
 * @param saslOptions how exchanges are run
 * @param store opens maildrops
 * @param rules what is said and enforced of retention and login delays
 * @param tls null if no certificate is configured
 * @param blocking runs what may block, on virtual threads
 * @param sessions counts sessions and ends them at a drain
 */
public record SessionServices(
    SessionSettings settings,
    CredentialChecker credentials,
    LoginSubjects subjects,
    LoginGate gate,
    LoginPolicy policy,
    LoginMechanisms mechanisms,
    SaslServerOptions saslOptions,
    MaildropStore store,
    MailRules rules,
    @Nullable ServerTls tls,
    Executor blocking,
    ActiveSessions sessions) {}
