// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.text;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.jspecify.annotations.Nullable;

/**
 * One language that the server speaks (RFC 6856, section 3), in full or, for clients that have not
 * said that they take UTF-8, spelled in ASCII (RFC 1939 knows no other). Immutable; one value for
 * each language and spelling.
 */
/*
 * Code says its replies in English. They are translated when they are written, looked up by their
 * English text, so that neither the automaton nor whoever makes a reply knows the client's language,
 * and English costs nothing. What has numbers in it is a TextPattern and asked for by its key.
 */
public final class Language {
  private final String tag;
  private final String name;

  /** From the English text to this language's; empty for English. */
  private final Map<String, String> texts;

  private final Map<String, TextPattern> patterns;
  private final @Nullable Language full;

  @SuppressWarnings("NullAway.Init") // set by the constructor of the ASCII spelling, called here
  private Language ascii;

  Language(String tag, String name, Map<String, String> texts, Map<String, TextPattern> patterns) {
    this.tag = tag;
    this.name = name;
    this.texts = Map.copyOf(texts);
    this.patterns = Map.copyOf(patterns);
    this.full = null;
    this.ascii = new Language(this);
  }

  private Language(Language full) {
    tag = full.tag;
    name = full.name;
    texts = AsciiSpelling.of(full.tag, full.texts);
    patterns = AsciiSpelling.ofPatterns(full.tag, full.patterns);
    this.full = full;
    ascii = this;
  }

  /** All languages, English first. */
  public static List<Language> all() {
    return Catalogue.LANGUAGES;
  }

  /**
   * Returns the language with exactly this tag.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Language parse(String tag) {
    for (Language language : all()) {
      if (language.tag.equals(tag)) {
        return language;
      }
    }
    throw new IllegalArgumentException(
        "language \""
            + tag
            + "\" (expected: one of "
            + String.join(", ", all().stream().map(Language::tag).toList())
            + ")");
  }

  /** English. */
  public static Language english() {
    return all().get(0);
  }

  /** The tag of RFC 5646. */
  public String tag() {
    return tag;
  }

  /** The language's name in itself, beyond ASCII where it is written so. */
  public String name() {
    return name;
  }

  /** The same language spelled in ASCII. */
  public Language ascii() {
    return ascii;
  }

  /** The same language as it is written. */
  public Language full() {
    return full == null ? this : full;
  }

  /** Returns a reply in this language; as it is if its text is none of the catalogue's. */
  public Pop3Reply of(Pop3Reply english) {
    if (texts.isEmpty()) {
      return english;
    }
    String text = texts.get(english.text());
    return text == null ? english : new Pop3Reply(english.positive(), english.code(), text);
  }

  /** Returns a text with these numbers filled in. */
  public String text(NumberText which, long... numbers) {
    return Objects.requireNonNull(patterns.get(which.key())).with(numbers);
  }

  @Override
  public String toString() {
    return tag;
  }
}
