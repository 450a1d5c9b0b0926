// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Self-signed certificates of many signature algorithms; digests as openssl prints them. */
class TlsServerEndPointTest {

  private static X509Certificate certificate(String name) throws IOException, CertificateException {
    try (InputStream in = TlsServerEndPointTest.class.getResourceAsStream(name + ".pem")) {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509").generateCertificate(Objects.requireNonNull(in));
    }
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "sha256rsa,1ac1f8a70e7ff0c599fe8a918370d211bb561daec4fa65efa4856bff771024d3",
        "sha1rsa,0c1ecbda47c23e8847f92f5b474dccaabd1487a23c50cf54bfe15cfb5ff84503",
        "md5rsa,ee435497800e5074b6463c92551285694844161766c00e206d3a93971e0c0823",
        "ecdsa384,5b4ece4e80056e58cfc04aa8fcb018c2e1bd79315943ad7c4eaf8fb150c37458585063eb4011677ead38b3cf68ff7583",
        "pss,e7ce6bfe805880c0ff77ea39ba36f91e0b3ba67ea85c4ab94e7a73acd9a473a71614274d2f6b54c4a53c39c8caf1c2f793f3d35d27ce4685acdf97b962abcf08",
        "pssdefault,83684fe02e212d9a9c7e2c081f31cfa39117d3b29b8eacdf34e64e838ceef8bc"
      })
  @DisplayName("SC10: the certificate under its signature's hash, SHA-256 for MD5 and SHA-1")
  void theHashIsThatOfTheSignature(String name, String digest) throws Exception {
    ChannelBinding binding = TlsServerEndPoint.of(certificate(name)).orElseThrow();
    assertEquals(ChannelBindingType.TLS_SERVER_END_POINT, binding.type());
    assertEquals(digest, HexFormat.of().formatHex(binding.octets()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "pssmixed"})
  @DisplayName("SC10: signatures with no hash or two leave the binding undefined")
  void noHashOrTwoLeaveItUndefined(String name) throws Exception {
    assertEquals(Optional.empty(), TlsServerEndPoint.of(certificate(name)));
  }

  @Test
  void bindingsAreEqualByTypeAndOctets() {
    ChannelBinding one = ChannelBinding.of(ChannelBindingType.TLS_SERVER_END_POINT, new byte[32]);
    assertEquals(one, ChannelBinding.of(ChannelBindingType.TLS_SERVER_END_POINT, new byte[32]));
    assertEquals(
        one.hashCode(),
        ChannelBinding.of(ChannelBindingType.TLS_SERVER_END_POINT, new byte[32]).hashCode());
    assertNotEquals(one, ChannelBinding.of(ChannelBindingType.TLS_EXPORTER, new byte[32]));
    assertNotEquals(one, ChannelBinding.of(ChannelBindingType.TLS_SERVER_END_POINT, new byte[31]));
  }

  @Test
  @DisplayName("SC10: exported keying material has 32 octets, other lengths are a mistake")
  void exportedMaterialHas32Octets() {
    assertThrows(
        IllegalArgumentException.class,
        () -> ChannelBinding.of(ChannelBindingType.TLS_EXPORTER, new byte[31]));
    assertThrows(
        IllegalArgumentException.class,
        () -> ChannelBinding.of(ChannelBindingType.TLS_SERVER_END_POINT, new byte[0]));
  }
}
