// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class FailingFilesTest {

  @Test
  @DisplayName("whatever is asked of the disk can be made to fail")
  void overridesAll() {
    List<String> missing = new ArrayList<>();
    int all = 0;
    for (Method method : MaildirFiles.class.getDeclaredMethods()) {
      if (Modifier.isPrivate(method.getModifiers()) || method.isSynthetic()) {
        continue;
      }
      all++;
      boolean overridden =
          Arrays.stream(FailingFiles.class.getDeclaredMethods())
              .anyMatch(
                  own ->
                      own.getName().equals(method.getName())
                          && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
      if (!overridden) {
        missing.add(method.toString());
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(all > 10, "no methods were looked at");
  }
}
