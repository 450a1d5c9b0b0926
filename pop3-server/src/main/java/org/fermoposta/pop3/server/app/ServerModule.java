// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import dagger.Binds;
import dagger.Provides;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.protocol.sasl.SaslServerOptions;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions;
import org.fermoposta.pop3.runtime.tls.ServerTls;
import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.auth.oauth.TokenVerifier;
import org.fermoposta.pop3.server.device.DeviceStore;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.gate.LoginGate;
import org.fermoposta.pop3.server.gate.policy.LoginPolicy;
import org.fermoposta.pop3.server.gate.policy.PolicyServer;
import org.fermoposta.pop3.server.gate.policy.PolicyServerSettings;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.policy.MailPolicies;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.retention.Sweeper;
import org.fermoposta.pop3.server.session.CertificateCredentials;
import org.fermoposta.pop3.server.session.CredentialChecker;
import org.fermoposta.pop3.server.session.CredentialRouter;
import org.fermoposta.pop3.server.session.LoginSubjects;
import org.fermoposta.pop3.server.session.MailRules;
import org.fermoposta.pop3.server.session.PasswordCredentials;
import org.fermoposta.pop3.server.session.ScramCredentials;
import org.fermoposta.pop3.server.session.SessionServices;
import org.fermoposta.pop3.server.session.SharedSecretCredentials;
import org.fermoposta.pop3.server.session.TokenCredentials;
import org.fermoposta.pop3.server.store.maildir.MaildirStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the parts are made from the configuration. */
@dagger.Module
abstract class ServerModule {
  private static final Logger log = LoggerFactory.getLogger(ServerModule.class);
  private static final int DECOY_KEY_OCTETS = 32;

  private ServerModule() {}

  @Binds
  abstract MaildropStore store(DeviceStore store);

  @Provides
  @Singleton
  static ExecutorService blocking() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("store-", 0).factory());
  }

  @Provides
  @Singleton
  static ActiveSessions sessions() {
    return new ActiveSessions();
  }

  @Provides
  @Singleton
  static MaildirStore maildirs(ServerConfig config) {
    return new MaildirStore(config.maildrops(), config.lease(), config.history());
  }

  @Provides
  @Singleton
  static Devices devices(MaildirStore maildirs) {
    return new Devices(maildirs.records(), Clock.systemUTC());
  }

  @Provides
  @Singleton
  static MailPolicies policies(Authenticator authenticator) {
    return user -> {
      UserAnswer answer = authenticator.find(user);
      if (answer instanceof UserAnswer.Unavailable down) {
        throw new MaildropException(down.failure(), "policy of a user: " + down.logText());
      }
      return answer.usable().map(Account::policy).orElseGet(MailPolicy::defaults);
    };
  }

  @Provides
  @Singleton
  static DeviceStore deviceStore(MaildirStore maildirs, Devices devices, MailPolicies policies) {
    return new DeviceStore(maildirs, maildirs.records(), devices, policies, Clock.systemUTC());
  }

  @Provides
  @Singleton
  @Tools
  static DeviceStore tools(ServerConfig config, Devices devices, MailPolicies policies) {
    MaildirStore maildirs = new MaildirStore(config.maildrops(), LeaseSettings.defaults());
    return new DeviceStore(maildirs, maildirs.records(), devices, policies, Clock.systemUTC());
  }

  @Provides
  @Singleton
  static Sweeper sweeper(
      ServerConfig config, @Tools DeviceStore store, Authenticator authenticator) {
    return new Sweeper(store, authenticator::names, config.sweep());
  }

  @Provides
  @Singleton
  static Authenticator authenticator(ServerConfig config) {
    return AuthBackends.open(config);
  }

  @Provides
  @Singleton
  static Optional<TokenVerifier> tokens(ServerConfig config) {
    return AuthBackends.tokens(config);
  }

  @Provides
  @Singleton
  static CredentialChecker credentials(
      ServerConfig config,
      Authenticator authenticator,
      Devices devices,
      SaslServerOptions saslOptions,
      Optional<TokenVerifier> tokens) {
    Map<Class<? extends CredentialRequest>, CredentialChecker> checkers = new HashMap<>();
    checkers.put(CredentialRequest.Password.class, new PasswordCredentials(authenticator, devices));
    checkers.put(
        CredentialRequest.Keys.class,
        new ScramCredentials(authenticator, devices, saslOptions.decoyKey()));
    checkers.put(
        CredentialRequest.SharedSecret.class, new SharedSecretCredentials(authenticator, devices));
    checkers.put(
        CredentialRequest.Certificate.class,
        new CertificateCredentials(config.login().certificateNames(), authenticator, devices));
    tokens.ifPresent(
        verifier ->
            checkers.put(
                CredentialRequest.Token.class,
                new TokenCredentials(verifier, authenticator, devices, config.mail())));
    return CredentialRouter.of(checkers);
  }

  @Provides
  @Singleton
  static LoginPolicy policy(ServerConfig config) {
    PolicyServerSettings settings = config.policy();
    try {
      return settings == null ? LoginPolicy.NONE : new PolicyServer(settings);
    } catch (IllegalArgumentException e) {
      throw new StartException("policy: " + e.getMessage(), e);
    }
  }

  @Provides
  @Singleton
  static SaslServerOptions saslOptions(ServerConfig config, Optional<TokenVerifier> tokens) {
    Secret decoyKey = config.login().decoySecret();
    if (decoyKey == null) {
      log.info(
          "login.decoy-secret is not set: the salts that SCRAM shows unknown users change at each"
              + " start");
      byte[] random = new byte[DECOY_KEY_OCTETS];
      new SecureRandom().nextBytes(random);
      decoyKey = Secret.of(random);
    }
    SaslServerOptions options =
        SaslServerOptions.of(hostName(), decoyKey).withPreparedPasswords(false);
    return tokens
        .map(verifier -> options.withOAuth(Set.of(), Set.of(), verifier.defaultFailure()))
        .orElse(options);
  }

  @Provides
  @Singleton
  static SessionServices services(
      ServerConfig config,
      Authenticator authenticator,
      CredentialChecker credentials,
      LoginPolicy policy,
      Optional<TokenVerifier> tokens,
      SaslServerOptions saslOptions,
      MaildropStore store,
      ExecutorService blocking,
      ActiveSessions sessions) {
    return new SessionServices(
        config.session(),
        credentials,
        new LoginSubjects(authenticator),
        new LoginGate(config.penalties()),
        policy,
        config.login().offered(hash -> authenticator.scram(hash).all(), tokens.isPresent()),
        saslOptions,
        store,
        MailRules.of(authenticator::policies),
        config.tls() == null ? null : ServerTls.of(config.tls()),
        blocking,
        sessions);
  }

  private static String hostName() {
    try {
      String name = InetAddress.getLocalHost().getCanonicalHostName();
      return name.matches("[A-Za-z0-9][A-Za-z0-9.-]*") ? name : "localhost";
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
