// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLIENT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.fermoposta.pop3.client");

  @Test
  @DisplayName("no Dagger, no Bouncy Castle, nothing internal of Netty, no server side")
  void dependencies() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dagger..",
            "jakarta.inject..",
            "org.bouncycastle..",
            "io.netty..internal..",
            "org.slf4j..",
            "org.fermoposta.pop3.protocol.session..",
            "org.fermoposta.pop3.runtime..",
            "org.fermoposta.pop3.server..",
            "org.fermoposta.pop3.proxy..")
        .check(CLIENT);
  }

  @Test
  @DisplayName("picocli is for the command line only, and nothing depends on that")
  void commandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..client.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "..client.cli..")
        .check(CLIENT);
  }

  @Test
  @DisplayName("jakarta.mail is for its provider only, and nothing depends on that")
  void jakartaMail() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..client.jakarta..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.mail..", "..client.jakarta..")
        .check(CLIENT);
  }

  @Test
  @DisplayName("the API speaks of no Netty type, but where an application brings its own loops")
  void api() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("org.fermoposta.pop3.client")
        .and()
        .arePublic()
        .and()
        .areNotDeclaredIn(Pop3Loops.class)
        .should(speakOfNone("io.netty.."))
        .check(CLIENT);
  }

  private static ArchCondition<JavaMethod> speakOfNone(String packages) {
    DescribedPredicate<JavaClass> unwanted = JavaClass.Predicates.resideInAPackage(packages);
    return new ArchCondition<>("not have types of " + packages + " in their signatures") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean speaks = method.getAllInvolvedRawTypes().stream().anyMatch(unwanted);
        events.add(new SimpleConditionEvent(method, !speaks, method.getFullName()));
      }
    };
  }
}
