// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ModulePathTest {
  private static final String CLIENT = "org.fermoposta.pop3.client";

  @Test
  @DisplayName("the module resolves with all it requires, and exports its API only")
  void resolves() {
    Path[] path =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(ModulePathTest::isForTheModulePath)
            .toArray(Path[]::new);
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(path), ModuleFinder.of(), List.of(CLIENT));
    ModuleDescriptor descriptor =
        configuration.findModule(CLIENT).orElseThrow().reference().descriptor();
    Set<String> exported =
        descriptor.exports().stream()
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toSet());
    assertEquals(Set.of(CLIENT, CLIENT + ".jakarta", CLIENT + ".retrieval"), exported);
    assertTrue(configuration.findModule("org.fermoposta.pop3.protocol").isPresent());
    assertFalse(configuration.findModule("info.picocli").isPresent(), "the CLI is optional");
  }

  /** Test classes and the test kit are no modules. */
  private static boolean isForTheModulePath(Path entry) {
    String name = String.valueOf(entry.getFileName());
    return Files.exists(entry)
        && !name.equals("test-classes")
        && !name.endsWith("-tests.jar")
        && (Files.isDirectory(entry) || name.endsWith(".jar"));
  }
}
