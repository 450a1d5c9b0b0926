// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.session;

import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Capability;

/**
 * What a connection offers now; it changes when TLS starts, and may change at login.
 *
 * @param stls whether STLS would work: a certificate is there and TLS is not active yet
 * @param passwordLogin whether USER and PASS are accepted on this connection as it is
 * @param apop whether the greeting held a timestamp and APOP is accepted
 * @param saslMechanisms the mechanisms accepted on this connection as it is, preferred first
 * @param utf8 whether UTF8 is accepted before login, and UTF-8 in names and passwords
 * @param languages the tags that LANG chooses from, what {@code LANG *} chooses first; empty if
 *     LANG is not offered
 * @param implementation the value of IMPLEMENTATION; empty for none
 * @param readOnly whether DELE is refused
 * @param more further capabilities, listed last, such as EXPIRE and LOGIN-DELAY
 */
public record SessionPolicy(
    boolean stls,
    boolean passwordLogin,
    boolean apop,
    List<String> saslMechanisms,
    boolean utf8,
    List<String> languages,
    String implementation,
    boolean readOnly,
    List<Capability> more) {

  public SessionPolicy {
    saslMechanisms = List.copyOf(saslMechanisms);
    languages = List.copyOf(languages);
    more = List.copyOf(more);
  }

  /** A policy with neither UTF8 nor LANG, without further capabilities, that lets delete. */
  public SessionPolicy(
      boolean stls,
      boolean passwordLogin,
      boolean apop,
      List<String> saslMechanisms,
      String implementation) {
    this(
        stls,
        passwordLogin,
        apop,
        saslMechanisms,
        false,
        List.of(),
        implementation,
        false,
        List.of());
  }

  /** The same with other further capabilities. */
  public SessionPolicy withMore(List<Capability> other) {
    return new SessionPolicy(
        stls,
        passwordLogin,
        apop,
        saslMechanisms,
        utf8,
        languages,
        implementation,
        readOnly,
        other);
  }

  /** The same with DELE, or without. */
  public SessionPolicy withReadOnly(boolean other) {
    return new SessionPolicy(
        stls, passwordLogin, apop, saslMechanisms, utf8, languages, implementation, other, more);
  }

  /**
   * The same with UTF8, and with LANG for these languages.
   *
   * @param tags language tags (RFC 5646), the default first; empty for no LANG
   */
  public SessionPolicy withUtf8(List<String> tags) {
    return new SessionPolicy(
        stls, passwordLogin, apop, saslMechanisms, true, tags, implementation, readOnly, more);
  }

  /**
   * Returns the CAPA list: in both states what works before login too, except STLS, which is only
   * listed while it can be used (RFC 2449, section 5; RFC 2595, section 8).
   */
  public Capabilities capabilities(SessionState state) {
    List<Capability> all = new ArrayList<>();
    all.add(Capability.TOP);
    all.add(Capability.UIDL);
    all.add(Capability.RESP_CODES);
    all.add(Capability.AUTH_RESP_CODE);
    all.add(Capability.PIPELINING);
    if (stls && state != SessionState.TRANSACTION) {
      all.add(Capability.STLS);
    }
    if (passwordLogin) {
      all.add(Capability.USER);
    }
    if (!saslMechanisms.isEmpty()) {
      all.add(new Capability(Capability.SASL, saslMechanisms));
    }
    if (utf8) {
      all.add(Capability.UTF8_USER);
    }
    if (!languages.isEmpty()) {
      all.add(Capability.LANG);
    }
    if (!implementation.isEmpty()) {
      all.add(Capability.of(Capability.IMPLEMENTATION, implementation));
    }
    all.addAll(more);
    return new Capabilities(all);
  }
}
