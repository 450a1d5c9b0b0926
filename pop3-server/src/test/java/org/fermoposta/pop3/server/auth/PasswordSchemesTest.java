// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.fermoposta.pop3.protocol.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordSchemesTest {

  @ParameterizedTest
  @DisplayName("what doveadm pw and openssl passwd made of a password is matched by it alone")
  @ValueSource(
      strings = {
        "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$jli+r35w163LIUa2wG65RQ$QxGTNYZpnLSLUFlwkNZ4lwzkXa/7iAfM+EIbIp2gvxI",
        "{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$yYqkxBISea7ocbrRALwI2w$D8wnxuCTcy3oRHT0eZAA1YyMrypiwtZC+y1uhMbKQrA",
        "{BLF-CRYPT}$2y$05$z6OSNJOOj/YMFowXTtauSuKvRzm6Mfqn5JBAHSARilwfbWwI70vlK",
        "{SHA512-CRYPT}$6$9/3Q9bNTAEA8apM/$tiZJPEnzO9l7SC1jMjjZzen5YRVWzRLTOW7VgaRZUhtt0nw.qwodcldNW..JPd15Ktebd1Tryw.517C67yOXk0",
        "{SHA256-CRYPT}$5$6.0G.28ApIeJg4vD$DPzQZKQRkBnR3/Z8lUAOou.6alZwPdvoR2uedDjBdP9",
        "{MD5-CRYPT}$1$/D9y/LRh$8F07PMDmsKnRV1dWIf.Xy.",
        "{CRYPT}$6$saltsalt$rVIyJtXnL0mXUCLepstXWqeOv9JVyd7nOH8wn0BvOU5lCiAviUJLxXZ5CkPgq6XNTHV22yG4mV0IO9gqPL5WQ.",
        "$5$saltsalt$rQBvFGQx3u6doxkk7cvWbhhnhS2qa1.FI.tt6NGFH66",
        "{CRYPT}$1$saltsalt$QgbQ7EUpcKNQTLgSVL4qr/",
        "{SSHA}xIMCt7N1PGuTPxWd/31XcuxDzJIHYLAx",
        "{SSHA256}f5yEqoeaOu/oPttECgvDjn1oVV8m6sDJMiYgSdUC7XjoZwYR",
        "{ssha512}iFmAGht1bb68FrsWKCLVCzmwbXyxLqWwoK3OlKm1i2kXzxHyA7nTlPZE2dZaB4/LgAYu8G+4oBLf9pu0aYFmhze59OY=",
        "{SHA}I7dElEdfX4dJgLdnbVEeI9iG2mQ=",
        "{SHA256}NHgme1YSeRtAmIkGs6eJfrarUB4EuV7TL5nQr99mnZw=",
        "{SHA512}KF3icbSeAO9oGc8Ku/AxXpfCXLo2FhZ8dw78Umxki03hH0sA3HH67TOjEse6g2kNPtFKqq32tiKqSJlv8H7IpA==",
        "{SHA256.HEX}3478267b5612791b40988906b3a7897eb6ab501e04b95ed32f99d0afdf669d9c",
        "{SCRAM-SHA-1}4096,hlB3KJInAjJHL4+iqfDhZA==,RKn9tc0xRwuqOgmQ/b86sj2Lco4=,or22+4mL5BqP2spdmk3gC3+MjOk=",
        "{SCRAM-SHA-256}4096,n4EXT5MMsHgk2K3mj2iYFQ==,ovn76QDvz3sWleYWU9eMXcEbWl67SAcf/RmZUkqOB1Y=,iWangN3/y4ETyn+oYwu9j9GmufT5aGT166iA7gvhEFs=",
        "{SCRAM-SHA-256}SCRAM-SHA-256$4096:n4EXT5MMsHgk2K3mj2iYFQ==$ovn76QDvz3sWleYWU9eMXcEbWl67SAcf/RmZUkqOB1Y=:iWangN3/y4ETyn+oYwu9j9GmufT5aGT166iA7gvhEFs=",
        "{PBKDF2}$1$YrlcCoSGX2MMFW.a$5000$8ce7384b4fb533ee709788f2ab4ee5400d4194d1",
        "{SMD5}Y+CPk5GkrWY/S+ZFBJ2FVMwYPJI=",
        "{PLAIN-MD5}8e1843033a0f6ee52e2f618aa8ebbef4",
        "{LDAP-MD5}jhhDAzoPbuUuL2GKqOu+9A==",
        "{SSHA256.HEX}fbd7d3da4a43afc37f01abf74c0ecdd9812e1621b6df2487231574e5304feb0a6b5add22",
        "{SSHA256.b64}f5yEqoeaOu/oPttECgvDjn1oVV8m6sDJMiYgSdUC7XjoZwYR",
        "{CLEAR}pässword",
        "$apr1$saltsalt$553eXAj/BD3irf9w9nutz/",
        "{PLAIN}pässword",
      })
  void matchesWhatOthersMade(String stored) {
    PasswordHash hash = PasswordSchemes.parse(stored);
    assertTrue(hash.matches(octets("pässword")));
    assertTrue(hash.matches(octets("pässword")), "second time");
    for (String wrong : new String[] {"passwort", "pässwor", "pässword ", "Pässword", ""}) {
      assertFalse(hash.matches(octets(wrong)), wrong);
    }
    assertFalse(hash.toString().contains(stored.substring(stored.length() - 8)), "toString");
  }

  @ParameterizedTest
  @DisplayName("unknown schemes and malformed data are refused without showing the data")
  @ValueSource(
      strings = {
        "seekrit",
        "{NTLM}seekrit",
        "{SCRAM-SHA-256}seekrit",
        "{SCRAM-SHA-256}4096,seekrit,seekrit,seekrit",
        "{SCRAM-SHA-256}9999999,n4EXT5MMsHgk2K3mj2iYFQ==,ovn76QDvz3sWleYWU9eMXcEbWl67SAcf/RmZUkqOB1Y=,iWangN3/y4ETyn+oYwu9j9GmufT5aGT166iA7gvhEFs=",
        "{SCRAM-SHA-1}SCRAM-SHA-256$4096:n4EXT5MMsHgk2K3mj2iYFQ==$ovn76QDvz3sWleYWU9eMXcEbWl67SAcf/RmZUkqOB1Y=:iWangN3/y4ETyn+oYwu9j9GmufT5aGT166iA7gvhEFs=",
        "{PBKDF2}$1$seekrit$5000$seekrit",
        "{PBKDF2}$1$seekrit$99999999$8ce7384b4fb533ee709788f2ab4ee5400d4194d1",
        "{PLAIN-MD5}seekrit",
        "{}seekrit",
        "{PLAIN}",
        "{CRYPT}seekritDES",
        "{CRYPT}$y$j9T$seekrit",
        "{BLF-CRYPT}$2y$05$seekrit",
        "{BLF-CRYPT}$2y$31$z6OSNJOOj/YMFowXTtauSuKvRzm6Mfqn5JBAHSARilwfbWwI70vlK",
        "{SHA512-CRYPT}$6$salt$seekrit",
        "{SHA512-CRYPT}$5$saltsalt$rQBvFGQx3u6doxkk7cvWbhhnhS2qa1.FI.tt6NGFH66",
        "{SHA256-CRYPT}$5$rounds=999999999$saltsalt$rQBvFGQx3u6doxkk7cvWbhhnhS2qa1.FI.tt6NGFH66",
        "{SSHA256}seekrit!",
        "{SSHA256}NHgme1YSeRtAmIkGs6eJfrarUB4EuV7TL5nQr99mnZw=",
        "{SHA256}c2Vla3JpdA==",
        "{SHA256.HEX}seekrit",
        "{ARGON2ID}$argon2id$v=19$m=99999999,t=3,p=1$jli+r35w163LIUa2wG65RQ$QxGTNYZpnLSLUFlwkNZ4lwzkXa/7iAfM",
        "{ARGON2ID}$argon2id$v=19$m=65536,t=0,p=1$jli+r35w163LIUa2wG65RQ$QxGTNYZpnLSLUFlwkNZ4lwzkXa/7iAfM",
        "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$seekrit$seekrit",
      })
  void refusesTheRest(String stored) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> PasswordSchemes.parse(stored));
    String text = String.valueOf(refused.getMessage());
    assertTrue(text.contains("expected: "), text);
    assertFalse(text.contains("seekrit"), text);
  }

  @Test
  @DisplayName("a new Argon2id hash has its own salt and matches its password")
  void newHashesMatch() {
    PasswordHasher hasher = new PasswordHasher(new SecureRandom());
    Secret password = Secret.ofUtf8("s3cret");
    String first = hasher.argon2id(password);
    assertFalse(first.equals(hasher.argon2id(password)), "same salt twice");
    assertTrue(PasswordSchemes.parse(first).matches(octets("s3cret")));
    assertFalse(PasswordSchemes.parse(first).matches(octets("s3creT")));
    assertEquals("ARGON2 m=19456,t=2,p=1", PasswordSchemes.parse(first).cost());
  }

  @Test
  @DisplayName("generated passwords are readable and differ")
  void readablePasswords() {
    PasswordHasher hasher = new PasswordHasher(new SecureRandom());
    String password = hasher.readablePassword();
    assertTrue(password.matches("([a-z]{4}-){5}[a-z]{4}"), password);
    assertFalse(password.equals(hasher.readablePassword()));
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
