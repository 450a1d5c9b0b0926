// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a YAML 1.2 file into an immutable record, strictly: an unknown or repeated key, a value of
 * the wrong type and a missing key are errors, and all of them are reported at once.
 *
 * <p>A component {@code idleTimeout} has the key {@code idle-timeout}. A component is required
 * unless it has {@link Default}, is {@link Nullable} or is an {@link Optional}. Types: {@code
 * String}, {@code int}, {@code long}, {@code double}, {@code boolean}, enums (in any case, with
 * {@code -} for {@code _}), {@link java.time.Duration} with a unit, {@link OctetSize}, {@link
 * ListenAddress}, {@link java.nio.file.Path} (relative to the file's directory), {@code Secret} (by
 * reference only: <code>${file:PATH}</code> or <code>${env:NAME}</code>), any class with a public
 * static {@code parse(String)}, records, {@code List}, {@code Map} with String keys, and sealed
 * interfaces of records, told apart by a key {@code type} that has the record's name ({@code
 * PasswdFile} is {@code passwd-file}).
 *
 * <p>Limits: 1 MiB of UTF-8, one document.
 */
public final class ConfigReader {
  private static final int MAX_BYTES = 1 << 20;

  private ConfigReader() {}

  /**
   * Reads and binds the file. Blocks on the file and on files that secrets refer to.
   *
   * @throws ConfigException if the file cannot be read or anything in it is wrong
   */
  public static <R extends Record> R read(Path file, Class<R> type) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw whole(file, "no such file");
    } catch (AccessDeniedException e) {
      throw whole(file, "permission denied, user " + System.getProperty("user.name"));
    } catch (IOException e) {
      throw whole(file, "cannot be read: " + e.getMessage());
    }
    if (bytes.length > MAX_BYTES) {
      throw whole(file, "too large (expected: <= " + new OctetSize(MAX_BYTES) + ")");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return parse(text, file, type);
    } catch (CharacterCodingException e) {
      throw whole(file, "malformed text (expected: UTF-8)");
    }
  }

  /**
   * Binds text as if it were the content of the file, which need not exist.
   *
   * @throws ConfigException if anything in it is wrong
   */
  public static <R extends Record> R parse(String yaml, Path file, Class<R> type) {
    return parse(yaml, file, type, System::getenv);
  }

  static <R extends Record> R parse(
      String yaml, Path file, Class<R> type, Environment environment) {
    List<ConfigProblem> problems = new ArrayList<>();
    Optional<Node> root = compose(yaml, file);
    Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    RecordBinder binder =
        new RecordBinder(
            file, new Scalars(directory), new SecretReferences(directory, environment), problems);
    R bound = binder.bindRoot(root.orElse(null), type);
    if (bound != null && problems.isEmpty()) {
      return bound;
    }
    problems.sort(
        Comparator.comparingInt(ConfigProblem::line).thenComparingInt(ConfigProblem::column));
    throw new ConfigException(problems);
  }

  private static Optional<Node> compose(String yaml, Path file) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file.toString())
            .setCodePointLimit(MAX_BYTES)
            .setAllowNonScalarKeys(true)
            .build();
    try {
      return new Compose(settings).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      String text = e.getProblem() == null ? "not well-formed" : e.getProblem();
      throw new ConfigException(
          List.of(
              new ConfigProblem(
                  file,
                  mark.map(m -> m.getLine() + 1).orElse(0),
                  mark.map(m -> m.getColumn() + 1).orElse(0),
                  "",
                  "YAML: " + text)));
    } catch (YamlEngineException e) {
      throw whole(file, "YAML: " + e.getMessage());
    }
  }

  private static ConfigException whole(Path file, String text) {
    return new ConfigException(List.of(new ConfigProblem(file, 0, 0, "", text)));
  }

  /** Looks up an environment variable. */
  interface Environment {
    @Nullable String get(String name);
  }
}
