// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tests run on the class path; here what was built is resolved as the named module it is. */
class ModulePathTest {
  private static final String NAME = "org.fermoposta.pop3.protocol";

  private static ModuleLayer boot() {
    Path[] path =
        Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
            .map(Path::of)
            .filter(entry -> !entry.endsWith("test-classes"))
            .filter(entry -> !entry.getFileName().toString().contains("junit"))
            .filter(Files::exists)
            .toArray(Path[]::new);
    ModuleLayer parent = ModuleLayer.boot();
    Configuration configuration =
        parent.configuration().resolve(ModuleFinder.of(path), ModuleFinder.of(), Set.of(NAME));
    return parent.defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
  }

  @Test
  void theModuleResolvesAndItsClassesLoadFromIt() throws ClassNotFoundException {
    ModuleLayer layer = boot();
    Module module = layer.findModule(NAME).orElseThrow();
    for (String name :
        Set.of("Pop3Command", "codec.Pop3CommandDecoder", "wire.ReplyWriter", "session.Rule")) {
      Class<?> type = Class.forName(NAME + "." + name, true, module.getClassLoader());
      assertSame(module, type.getModule(), name);
    }
  }

  @Test
  void exactlyThePublicPackagesAreExported() {
    ModuleDescriptor descriptor = boot().findModule(NAME).orElseThrow().getDescriptor();
    Set<String> exported =
        descriptor.exports().stream()
            .filter(export -> !export.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toCollection(TreeSet::new));
    // Every package of this module is public; what is not for others is package-private.
    assertEquals(new TreeSet<>(descriptor.packages()), exported);
    assertEquals(Set.of(), descriptor.opens());
  }
}
