// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which way the server's packages depend; a wrong import fails the build. */
final class ArchitectureTest {

  private static final String ROOT = "org.fermoposta.pop3.";

  private final JavaClasses server =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT + "server");

  @Test
  @DisplayName("the rules look at the server's classes")
  void classesAreFound() {
    Assertions.assertTrue(server.contain(ROOT + "server.maildrop.MaildropStore"));
    Assertions.assertFalse(server.contain(ROOT + "server.ArchitectureTest"));
  }

  @Test
  @DisplayName("the server depends on neither the proxy nor the client")
  void noProxyNoClient() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "proxy..", ROOT + "client..")
        .check(server);
  }

  @Test
  @DisplayName("only .server.app imports Dagger, and nothing javax.inject")
  void daggerAtTheEdge() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "server.app..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dagger..")
        .check(server);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "server.app..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.inject..")
        .check(server);
  }

  @Test
  @DisplayName("stores and authentication know neither session nor application")
  void storesAreBelow() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + "server.maildrop..", ROOT + "server.store..", ROOT + "server.auth..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "server.session..", ROOT + "server.app..")
        .check(server);
  }

  @Test
  @DisplayName("the maildrop SPI knows no store, no authentication and no channel")
  void spiIsAtTheBottom() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "server.maildrop..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "server.store..", ROOT + "server.auth..", "io.netty.channel..")
        .check(server);
  }

  @Test
  @DisplayName("nobody uses Netty's internals")
  void noNettyInternals() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..internal..")
        .check(server);
  }
}
