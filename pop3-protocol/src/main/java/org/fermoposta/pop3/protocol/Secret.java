// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A password, token or key: octets that never show in text and compare in constant time.
 *
 * <p>Immutable until {@link #clear()}; may be shared between threads. {@code toString} says nothing
 * about the content, not even its length, so a record that holds a secret is safe to log.
 */
public final class Secret {

  private final byte[] octets;
  private volatile boolean cleared;

  private Secret(byte[] owned) {
    octets = owned;
  }

  /**
   * A secret with these octets. The array is copied; wiping the caller's one is up to the caller.
   */
  public static Secret of(byte[] octets) {
    return new Secret(octets.clone());
  }

  /**
   * A secret with the octets from {@code from} to before {@code to}, copied.
   *
   * @throws IndexOutOfBoundsException if the range is not within the array
   */
  public static Secret copyOf(byte[] octets, int from, int to) {
    Objects.checkFromToIndex(from, to, octets.length);
    return new Secret(Arrays.copyOfRange(octets, from, to));
  }

  /**
   * A secret with the UTF-8 form of this text.
   *
   * @throws IllegalArgumentException if the text holds half a surrogate pair; the message does not
   *     tell the text
   */
  public static Secret ofUtf8(CharSequence text) {
    try {
      ByteBuffer encoded =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(text));
      byte[] octets = new byte[encoded.remaining()];
      encoded.get(octets);
      encoded.rewind();
      encoded.put(new byte[octets.length]);
      return new Secret(octets);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "secret: half a surrogate pair (expected: well-formed text)");
    }
  }

  /**
   * A copy of the octets, which the caller should wipe after use.
   *
   * @throws IllegalStateException after {@link #clear()}
   */
  public byte[] octets() {
    if (cleared) {
      throw new IllegalStateException("secret: already cleared");
    }
    return octets.clone();
  }

  /**
   * Applies {@code use} to a copy of the octets and wipes that copy, also when {@code use} throws.
   *
   * @throws IllegalStateException after {@link #clear()}
   */
  public <R extends @Nullable Object> R with(Function<? super byte[], ? extends R> use) {
    byte[] copy = octets();
    try {
      return use.apply(copy);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /** Whether there are no octets; false once cleared, for what was there is not told. */
  public boolean isEmpty() {
    return octets.length == 0;
  }

  /**
   * Whether these are the same octets, in a time that depends on the candidate's length only. A
   * cleared secret matches nothing.
   */
  public boolean matches(byte[] candidate) {
    return MessageDigest.isEqual(octets, candidate) && !cleared;
  }

  /**
   * Overwrites the octets. Best effort: the garbage collector may have left copies behind. Later
   * reads fail and comparisons are false.
   */
  public void clear() {
    cleared = true;
    Arrays.fill(octets, (byte) 0);
  }

  /** As {@link #matches}; a secret also equals itself. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Secret secret && !secret.cleared && matches(secret.octets));
  }

  /** The same for every secret, so that a hash in a log or a heap dump tells nothing. */
  @Override
  public int hashCode() {
    return Secret.class.hashCode();
  }

  @Override
  public String toString() {
    return "Secret[redacted]";
  }
}
