// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** Reads the texts of all languages, once. */
final class Catalogue {
  static final String NAME_KEY = "language.name";
  static final List<String> TAGS = List.of("en", "it", "de", "fr", "es");
  static final List<Language> LANGUAGES = languages();

  private Catalogue() {}

  private static List<Language> languages() {
    Properties english = texts(TAGS.get(0));
    List<Language> all = new ArrayList<>();
    for (String tag : TAGS) {
      all.add(language(tag, english, texts(tag)));
    }
    return List.copyOf(all);
  }

  /** The keys and texts of one language. */
  static Properties texts(String tag) {
    String file = "replies_" + tag + ".properties";
    try (InputStream in = Objects.requireNonNull(Catalogue.class.getResourceAsStream(file), file);
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      Properties texts = new Properties();
      texts.load(reader);
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static Language language(String tag, Properties english, Properties own) {
    Map<String, String> texts = new HashMap<>();
    Map<String, TextPattern> patterns = new HashMap<>();
    for (NumberText text : NumberText.values()) {
      patterns.put(text.key(), TextPattern.parse(own.getProperty(text.key())));
    }
    if (own.equals(english)) {
      return new Language(tag, own.getProperty(NAME_KEY), Map.of(), patterns);
    }
    for (String key : english.stringPropertyNames()) {
      if (!key.equals(NAME_KEY) && !patterns.containsKey(key)) {
        texts.put(english.getProperty(key), own.getProperty(key));
      }
    }
    return new Language(tag, own.getProperty(NAME_KEY), texts, patterns);
  }
}
