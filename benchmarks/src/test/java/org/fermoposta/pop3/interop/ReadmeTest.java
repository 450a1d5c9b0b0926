// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.server.app.ServerConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README and the other documents promise is so. */
final class ReadmeTest {
  private static final String EXAMPLE =
      "pop3-client/src/test/java/org/fermoposta/pop3/client/ReadmeExampleTest.java";

  @Test
  @DisplayName("the README's configuration of the server is one")
  void configurationBinds(@TempDir Path etc) throws IOException {
    // The account file has to be there; all else is as in the README.
    Files.writeString(etc.resolve("passwd"), "demo:*\n");
    String yaml = block("yaml");
    assertTrue(yaml.contains("/etc/fermoposta/"), "files in /etc/fermoposta");

    ServerConfig config =
        ConfigReader.parse(
            yaml.replace("/etc/fermoposta/", etc + "/"),
            Path.of("server.yaml"),
            ServerConfig.class);

    assertEquals(
        List.of("pop3", "pop3s"), config.listeners().stream().map(Listener::name).toList());
  }

  @Test
  @DisplayName("the README's client is the one that is compiled and run as a test")
  void clientExampleIsTested() throws IOException {
    String source = Checkout.read(EXAMPLE);
    String tested =
        source
            .substring(source.indexOf("// README: begin\n"), source.indexOf("// README: end"))
            .replaceFirst("[^\n]*\n", "")
            .stripIndent()
            .strip();

    assertEquals(tested, block("java").strip());
  }

  @Test
  @DisplayName(".ci/run calls the README's command for tests")
  void continuousIntegrationRunsTheTestCommand() throws IOException {
    Matcher command =
        Pattern.compile("## Test it\n\n    (mvn [^\n]*)\n").matcher(Checkout.read("README.md"));

    assertTrue(command.find(), "a command under \"Test it\"");
    assertTrue(
        Checkout.read(".ci/run").lines().anyMatch(command.group(1)::equals),
        ".ci/run has the line " + command.group(1));
  }

  @Test
  @DisplayName("links between the documents lead to files")
  void linksLead() throws IOException {
    Path root = Checkout.root();
    int links = 0;
    for (Path document : documents(root)) {
      Matcher link =
          Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)").matcher(Files.readString(document));
      while (link.find()) {
        links++;
        Path target = document.resolveSibling(link.group(1));
        assertTrue(Files.exists(target), root.relativize(document) + " links to " + link.group(1));
      }
    }
    assertTrue(links > 5, links + " links (expected: more)");
  }

  @Test
  @DisplayName("classes that docs/architecture.md names exist")
  void namedClassesExist() throws IOException {
    List<String> sources;
    try (Stream<Path> files = Files.walk(Checkout.root())) {
      sources =
          files
              .map(Path::toString)
              .filter(f -> f.endsWith(".java") && f.contains("/src/main/"))
              .map(f -> f.substring(f.lastIndexOf('/') + 1).replace(".java", ""))
              .toList();
    }
    Matcher name =
        Pattern.compile("`([A-Z][A-Za-z0-9]+)(?:\\.[a-z][A-Za-z]*)?`")
            .matcher(Checkout.read("docs/architecture.md"));
    int names = 0;
    while (name.find()) {
      names++;
      assertTrue(sources.contains(name.group(1)), "a class " + name.group(1));
    }
    assertTrue(names > 20, names + " classes (expected: more)");
  }

  private static List<Path> documents(Path root) throws IOException {
    try (Stream<Path> top = Files.list(root);
        Stream<Path> docs = Files.walk(root.resolve("docs"))) {
      return Stream.concat(top, docs).filter(f -> f.toString().endsWith(".md")).toList();
    }
  }

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Checkout.read("README.md"));
    assertTrue(block.find(), "a block of " + language);
    return block.group(1);
  }
}
