// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Maildir as somebody sees it who knows nothing of the server. */
record CrashMaildir(Path path) {
  private static final Pattern SECONDS = Pattern.compile("^([0-9]+)");
  private static final Pattern MICROS = Pattern.compile("^[0-9]+\\.M([0-9]+)");

  static CrashMaildir at(Path path) throws IOException {
    for (String sub : List.of("tmp", "new", "cur")) {
      Files.createDirectories(path.resolve(sub));
    }
    return new CrashMaildir(path);
  }

  void put(String sub, String name, String text) throws IOException {
    Files.writeString(path.resolve(sub).resolve(name), text);
  }

  private List<Path> files(String... subs) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String sub : subs) {
      try (Stream<Path> found = Files.list(path.resolve(sub))) {
        found.forEach(files::add);
      }
    }
    files.sort(
        Comparator.comparingLong((Path file) -> number(file, SECONDS))
            .thenComparingLong(file -> number(file, MICROS))
            .thenComparing(CrashMaildir::id));
    return files;
  }

  private static long number(Path file, Pattern pattern) {
    Matcher found = pattern.matcher(id(file));
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  private static String id(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst(":.*", "");
  }

  /** Unique-ids in order of delivery. */
  List<String> ids() throws IOException {
    return files("new", "cur").stream().map(CrashMaildir::id).toList();
  }

  /** Where the message of this id lies. */
  Path file(String id) throws IOException {
    return files("new", "cur").stream()
        .filter(file -> id(file).equals(id))
        .findFirst()
        .orElseThrow();
  }

  List<String> drafts() throws IOException {
    return files("tmp").stream().map(CrashMaildir::id).toList();
  }

  /** What LIST must say of all, in the order of {@link #ids}. */
  List<Long> octets() throws IOException {
    List<Long> octets = new ArrayList<>();
    for (Path file : files("new", "cur")) {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      String wire = text.replace("\r\n", "\n").replace("\n", "\r\n");
      octets.add(wire.length() + (wire.endsWith("\r\n") ? 0L : 2L));
    }
    return octets;
  }

  /** Each file must have the content that belongs to its name. */
  void requireWhole(UnaryOperator<String> content) throws IOException {
    requireWhole((name, text) -> content.apply(name));
  }

  /** Each file must have the content that belongs to its name and to what it is. */
  void requireWhole(BinaryOperator<String> content) throws IOException {
    for (Path file : files("new", "cur")) {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      assertEquals(content.apply(id(file), text), text, () -> "not whole: " + file);
    }
  }

  void clear() throws IOException {
    for (Path file : files("tmp", "new", "cur")) {
      Files.delete(file);
    }
  }

  /** Size of a file, 0 if there is none. */
  static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** What tells a file from one that replaces it. */
  static Object identity(Path file) throws IOException {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return Objects.hash(found.fileKey(), found.lastModifiedTime());
    } catch (NoSuchFileException e) {
      return "none";
    }
  }
}
