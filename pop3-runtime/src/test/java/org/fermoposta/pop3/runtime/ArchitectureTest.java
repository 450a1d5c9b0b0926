// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
  private static final JavaClasses RUNTIME =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.fermoposta.pop3.runtime");

  @Test
  void dependsOnNoOtherModuleButProtocol() {
    assertTrue(RUNTIME.size() > 30, "classes were found");
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.fermoposta.pop3.server..",
            "org.fermoposta.pop3.proxy..",
            "org.fermoposta.pop3.client..")
        .check(RUNTIME);
  }

  @Test
  void usesNothingInternalToNettyAndNoDagger() {
    // docs/adr/0010: one class asks Netty for a buffer's address.
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("org.fermoposta.pop3.runtime.vector.NativeMemory")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..internal..", "dagger..", "javax.inject..")
        .check(RUNTIME);
  }

  @Test
  void configurationKnowsNoNetworkLibrary() {
    noClasses()
        .that()
        .resideInAPackage("..runtime.config..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "org.bouncycastle..", "picocli..")
        .check(RUNTIME);
  }
}
