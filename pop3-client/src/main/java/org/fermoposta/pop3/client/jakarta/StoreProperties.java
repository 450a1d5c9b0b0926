// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** The properties of one protocol: texts, or Booleans and numbers as some applications put them. */
final class StoreProperties {
  private final Session session;
  private final String prefix;

  StoreProperties(Session session, String protocol) {
    this.session = session;
    prefix = "mail." + protocol + ".";
  }

  /** Returns a property's whole name. */
  String name(String key) {
    return prefix + key;
  }

  Optional<String> text(String key) {
    Object value = session.getProperties().get(name(key));
    String text = value == null ? session.getProperty(name(key)) : value.toString();
    return Optional.ofNullable(text).map(String::strip).filter(known -> !known.isEmpty());
  }

  boolean flag(String key, boolean otherwise) throws MessagingException {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return otherwise;
    } else if (text.get().equalsIgnoreCase("true")) {
      return true;
    } else if (text.get().equalsIgnoreCase("false")) {
      return false;
    }
    throw new MessagingException(name(key) + ": \"" + text.get() + "\" (expected: true or false)");
  }

  OptionalInt number(String key, int min, int max) throws MessagingException {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= min && number <= max) {
        return OptionalInt.of(number);
      }
      throw outside(key, text.get(), min, max);
    } catch (NumberFormatException notANumber) {
      throw outside(key, text.get(), min, max);
    }
  }

  private MessagingException outside(String key, String text, int min, int max) {
    return new MessagingException(
        name(key) + ": \"" + text + "\" (expected: " + min + " to " + max + ")");
  }

  /** Returns a time; empty for none, or one that is 0 or less, which means no limit elsewhere. */
  Optional<Duration> milliseconds(String key) throws MessagingException {
    OptionalInt number = number(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return number.isPresent() && number.getAsInt() > 0
        ? Optional.of(Duration.ofMillis(Math.min(number.getAsInt(), Duration.ofDays(1).toMillis())))
        : Optional.empty();
  }

  Optional<Path> path(String key) throws MessagingException {
    Optional<String> text = text(key);
    try {
      return text.map(Path::of);
    } catch (InvalidPathException e) {
      throw new MessagingException(
          name(key) + ": \"" + text.orElse("") + "\" (expected: a path)", e);
    }
  }

  /**
   * Refuses what cannot be honoured and must not be ignored.
   *
   * @throws MessagingException if one of them is set
   */
  void refuse(String... keys) throws MessagingException {
    for (String key : keys) {
      if (session.getProperties().get(name(key)) != null) {
        throw new MessagingException(
            name(key) + ": not supported (see docs/jakarta-mail.md for what is in its place)");
      }
    }
  }
}
