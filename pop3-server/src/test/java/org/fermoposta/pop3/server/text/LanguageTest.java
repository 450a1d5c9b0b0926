// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.fermoposta.pop3.protocol.MalformedLine;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LanguageTest {
  private static final Pattern PLACE = Pattern.compile("\\{\\d}");

  static List<String> tags() {
    return Catalogue.TAGS;
  }

  @ParameterizedTest
  @MethodSource("tags")
  @DisplayName("I7: every language has every text, with the same places for numbers")
  void complete(String tag) {
    Properties english = Catalogue.texts("en");
    Properties own = Catalogue.texts(tag);
    assertEquals(
        new TreeSet<>(english.stringPropertyNames()), new TreeSet<>(own.stringPropertyNames()));
    for (String key : english.stringPropertyNames()) {
      String text = own.getProperty(key);
      assertEquals(text.strip(), text, key);
      assertTrue(!text.isEmpty(), key);
      assertEquals(places(english.getProperty(key)), places(text), key);
    }
  }

  private static Set<String> places(String text) {
    return PLACE.matcher(text).results().map(r -> r.group()).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("tags")
  @DisplayName("F5, F20, F27: no text makes a line over 512 octets, begins with [ or holds <")
  void fits(String tag) {
    for (Object value : Catalogue.texts(tag).values()) {
      String text = value.toString().replaceAll("\\{\\d}", String.valueOf(Long.MAX_VALUE));
      String line = Pop3Reply.err(new ResponseCode("LOGIN-DELAY"), text).toString();
      int octets = line.getBytes(StandardCharsets.UTF_8).length + 2;
      assertTrue(octets <= 512, () -> line + ": " + octets);
      assertTrue(!text.startsWith("[") && text.indexOf('<') < 0, text);
      assertTrue(text.chars().noneMatch(Character::isISOControl), text);
    }
  }

  @ParameterizedTest
  @MethodSource("tags")
  @DisplayName("I7: before the client has said that it takes UTF-8 all texts are ASCII")
  void asciiSpelling(String tag) {
    Language ascii = Language.parse(tag).ascii();
    for (String text : englishTexts()) {
      String spelled = ascii.of(Pop3Reply.ok(text)).text();
      assertTrue(spelled.chars().allMatch(c -> c >= ' ' && c < 0x7f), spelled);
    }
    for (NumberText text : NumberText.values()) {
      String spelled = ascii.text(text, 1, 2);
      assertTrue(spelled.chars().allMatch(c -> c >= ' ' && c < 0x7f), spelled);
    }
    assertSame(Language.parse(tag), ascii.full());
    assertSame(ascii, ascii.ascii());
  }

  @Test
  @DisplayName("I7: German has letters of its own for ASCII")
  void germanAscii() {
    Language german = Language.parse("de");
    Pop3Reply marked = Pop3Reply.ok("message marked as deleted");
    assertEquals("Nachricht zum Löschen vorgemerkt", german.of(marked).text());
    assertEquals("Nachricht zum Loeschen vorgemerkt", german.ascii().of(marked).text());
  }

  @Test
  @DisplayName("I7: whatever the code says as a constant is in the catalogue")
  void nothingIsSaidInEnglishOnly() throws ReflectiveOperationException {
    List<String> said = new ArrayList<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.fermoposta.pop3.protocol.session", "org.fermoposta.pop3.server")) {
      for (JavaField field : type.getFields()) {
        if (field.getModifiers().contains(JavaModifier.STATIC)
            && field.getRawType().isEquivalentTo(Pop3Reply.class)) {
          Field constant = field.reflect();
          constant.setAccessible(true);
          said.add(((Pop3Reply) constant.get(null)).text());
        }
      }
    }
    assertTrue(said.size() > 20, said.toString());
    for (MalformedLine.Problem problem : MalformedLine.Problem.values()) {
      said.add(problem.clientText());
    }
    for (MaildropFailure failure : MaildropFailure.values()) {
      said.add(failure.clientText());
    }
    Set<String> known = englishTexts();
    List<String> missing = said.stream().filter(text -> !known.contains(text)).toList();
    assertEquals(List.of(), missing, "add them to replies_*.properties");
    Set<String> unused = new HashSet<>(known);
    said.forEach(unused::remove);
    assertEquals(Set.of(), unused, "said nowhere, or not as a constant");
  }

  private static Set<String> englishTexts() {
    Properties english = Catalogue.texts("en");
    Set<String> texts = new HashSet<>();
    for (String key : english.stringPropertyNames()) {
      if (!key.equals(Catalogue.NAME_KEY) && places(english.getProperty(key)).isEmpty()) {
        texts.add(english.getProperty(key));
      }
    }
    return texts;
  }

  @Test
  @DisplayName("I7: code and sign stay, and what is not in the catalogue stays as it is")
  void onlyTheTextChanges() {
    Pop3Reply wrong = Pop3Reply.err(ResponseCode.AUTH, "wrong user name or password");
    assertSame(wrong, Language.english().of(wrong));
    for (Language language : Language.all().subList(1, Language.all().size())) {
      Pop3Reply translated = language.of(wrong);
      assertEquals(ResponseCode.AUTH, translated.code());
      assertEquals(false, translated.positive());
      assertNotEquals(wrong.text(), translated.text());
      Pop3Reply totals = Pop3Reply.ok("3 46");
      assertSame(totals, language.of(totals));
    }
    assertEquals("3 mensajes, 46 octetos", Language.parse("es").text(NumberText.LOGGED_IN, 3, 46));
    assertThrows(IllegalArgumentException.class, () -> Language.parse("sv"));
  }
}
