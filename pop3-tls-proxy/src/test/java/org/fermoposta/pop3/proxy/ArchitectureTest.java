// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which way the proxy's packages depend; a wrong import fails the build. */
final class ArchitectureTest {
  private static final String ROOT = "org.fermoposta.pop3.";

  private final JavaClasses proxy =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT + "proxy");

  @Test
  @DisplayName("the rules look at the proxy's classes")
  void classesAreFound() {
    assertTrue(proxy.contain(ROOT + "proxy.relay.Relay"));
    assertTrue(proxy.contain(ROOT + "proxy.app.Main"));
  }

  @Test
  @DisplayName("the proxy depends on neither the server nor the client")
  void noServerNoClient() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "server..", ROOT + "client..")
        .check(proxy);
  }

  @Test
  @DisplayName("the relay has no POP3 knowledge")
  void relayKnowsNoPop3() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "proxy.relay..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "protocol..", ROOT + "proxy.front..", ROOT + "proxy.upstream..")
        .check(proxy);
  }

  @Test
  @DisplayName("only .proxy.app imports Dagger, and nothing imports javax.inject")
  void daggerAtTheEdge() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "proxy.app..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dagger..", "javax.inject..")
        .check(proxy);
  }

  @Test
  @DisplayName("the packages have no cycles, and nobody uses Netty's internals")
  void noCycles() {
    slices().matching(ROOT + "proxy.(*)..").should().beFreeOfCycles().check(proxy);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..internal..")
        .check(proxy);
  }
}
