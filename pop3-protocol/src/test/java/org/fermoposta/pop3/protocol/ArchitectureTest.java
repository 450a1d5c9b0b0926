// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which way the packages of this module may depend on each other. */
class ArchitectureTest {
  private static final String BASE = "org.fermoposta.pop3.protocol";
  private static final String[] JDK_AND_NULLNESS = {"java..", "javax..", "org.jspecify.."};

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(BASE);

  private static String[] allowed(String... packages) {
    String[] all = new String[JDK_AND_NULLNESS.length + packages.length];
    System.arraycopy(JDK_AND_NULLNESS, 0, all, 0, JDK_AND_NULLNESS.length);
    System.arraycopy(packages, 0, all, JDK_AND_NULLNESS.length, packages.length);
    return all;
  }

  @Test
  void theCodeIsSeen() {
    assertTrue(CODE.contain(Pop3Command.class.getName()), "Pop3Command is among the classes");
    assertTrue(CODE.size() > 50, "classes: " + CODE.size());
  }

  @Test
  void theVocabularyNeedsTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage(BASE)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed(BASE))
        .check(CODE);
  }

  @Test
  void theByteAlgorithmsKnowBuffersButNoChannel() {
    classes()
        .that()
        .resideInAPackage(BASE + ".wire..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            allowed(BASE, BASE + ".wire..", "io.netty.buffer", "io.netty.util", "jdk.incubator.."))
        .check(CODE);
  }

  @Test
  void theCodecStandsOnTheWire() {
    classes()
        .that()
        .resideInAPackage(BASE + ".codec..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed(BASE, BASE + ".wire..", BASE + ".codec..", "io.netty.."))
        .check(CODE);
  }

  @Test
  void theSessionKnowsNeitherCodecNorNetty() {
    classes()
        .that()
        .resideInAPackage(BASE + ".session..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed(BASE, BASE + ".session.."))
        .check(CODE);
  }

  @Test
  void saslKnowsTheVocabularyOnly() {
    noClasses()
        .that()
        .resideInAPackage(BASE + ".sasl..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            BASE + ".codec..", BASE + ".wire..", BASE + ".session..", "io.netty..", "java.net..")
        .allowEmptyShould(true)
        .check(CODE);
  }

  @Test
  void nobodyUsesNettysInternals() {
    noClasses().should().dependOnClassesThat().resideInAPackage("io.netty..internal..").check(CODE);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(CODE);
  }
}
