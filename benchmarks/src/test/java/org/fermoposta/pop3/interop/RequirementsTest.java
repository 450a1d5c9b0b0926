// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Holds docs/rfc-compliance.md to the test sources. */
final class RequirementsTest {
  private static final String DOCUMENT = "docs/rfc-compliance.md";
  private static final Pattern ROW = Pattern.compile("^\\| ([A-Z]+[0-9]+) (\\|.*\\|) ([^|]*) \\|$");

  /**
   * Where tests say what they cover: display names, which can be joined strings, comments, and
   * names of constants that begin with IDs.
   */
  private static final Pattern SAID =
      Pattern.compile(
          "@DisplayName\\(\\s*(?:\"(?:[^\"\\\\]|\\\\.)*\"[\\s+]*)+\\)|//[^\\n]*|^\\s*/?\\*+[^\\n]*"
              + "|^\\s+(?:[A-Z]{1,3}[0-9]{1,3}_)+[A-Z0-9_]*\\(",
          Pattern.MULTILINE);

  private static final Pattern ID =
      Pattern.compile("(?<![A-Za-z0-9])[A-Z]{1,3}[0-9]{1,3}(?![A-Za-z0-9])");

  @Test
  @DisplayName("the table of requirements names exactly the tests that name them")
  void tableIsTrue() throws IOException {
    Map<String, Set<String>> covered = covered(Checkout.root());
    String table = Checkout.read(DOCUMENT);
    List<String> lines = new ArrayList<>();
    Set<String> ids = new TreeSet<>();
    for (String line : table.split("\n", -1)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        String id = row.group(1);
        assertTrue(ids.add(id), id + " is in the table twice");
        Set<String> tests = covered.getOrDefault(id, Set.of());
        String cell = tests.isEmpty() ? "not yet" : String.join(", ", tests);
        lines.add("| " + id + " " + row.group(2) + " " + cell + " |");
      } else {
        lines.add(line);
      }
    }
    String expected = String.join("\n", lines);
    if (Boolean.getBoolean("update.docs")) {
      Files.writeString(Checkout.root().resolve(DOCUMENT), expected);
    } else {
      assertEquals(expected, table, DOCUMENT + " (to rewrite it: see its beginning)");
    }
    assertTrue(ids.size() > 100, ids.size() + " requirements (expected: more)");
  }

  private static Map<String, Set<String>> covered(Path root) throws IOException {
    Map<String, Set<String>> covered = new LinkedHashMap<>();
    for (Path source : sources(root)) {
      String name = source.getFileName().toString().replace(".java", "");
      Matcher said = SAID.matcher(Files.readString(source));
      while (said.find()) {
        Matcher id = ID.matcher(said.group());
        while (id.find()) {
          covered.computeIfAbsent(id.group(), i -> new TreeSet<>()).add(name);
        }
      }
    }
    return covered;
  }

  private static List<Path> sources(Path root) throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path tests : modules.map(m -> m.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(tests)) {
          try (Stream<Path> files = Files.walk(tests)) {
            files.filter(f -> f.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }
}
