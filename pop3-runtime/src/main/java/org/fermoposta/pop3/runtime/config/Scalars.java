// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns the text of a scalar into a value; failures are IllegalArgumentException with the reason.
 */
final class Scalars {
  private final Path directory;

  Scalars(Path directory) {
    this.directory = directory;
  }

  /** Whether a scalar can be of this type at all. */
  static boolean knows(Class<?> type) {
    return type == String.class
        || type == int.class
        || type == Integer.class
        || type == long.class
        || type == Long.class
        || type == double.class
        || type == Double.class
        || type == boolean.class
        || type == Boolean.class
        || type == Duration.class
        || type == Path.class
        || type.isEnum()
        || parseMethod(type) != null;
  }

  Object parse(String text, Class<?> type) {
    if (type == String.class) {
      return text;
    } else if (type == int.class || type == Integer.class) {
      return Math.toIntExact(whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
    } else if (type == long.class || type == Long.class) {
      return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (type == double.class || type == Double.class) {
      return decimal(text);
    } else if (type == boolean.class || type == Boolean.class) {
      return truth(text);
    } else if (type == Duration.class) {
      return Durations.parse(text);
    } else if (type == Path.class) {
      return path(text);
    } else if (type.isEnum()) {
      return constant(text, type);
    }
    return byParseMethod(text, type);
  }

  /** The kind of value, for messages. */
  static String expectation(Class<?> type) {
    if (type == String.class) {
      return "text, in quotes";
    } else if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    } else if (type == double.class || type == Double.class) {
      return "a number, without quotes";
    }
    return "a whole number, without quotes";
  }

  private static long whole(String text, long min, long max) {
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls to the same message as a number out of range: both name the range.
    }
    throw new IllegalArgumentException(
        "number \"" + text + "\" (expected: a whole number from " + min + " to " + max + ")");
  }

  private static double decimal(String text) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Same message as for infinity.
    }
    throw new IllegalArgumentException("number \"" + text + "\" (expected: a finite number)");
  }

  private static boolean truth(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw new IllegalArgumentException("value \"" + text + "\" (expected: true or false)");
  }

  private Path path(String text) {
    try {
      if (!text.isEmpty()) {
        return directory.resolve(text).normalize();
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("path \"" + text + "\" (" + e.getReason() + ")", e);
    }
    throw new IllegalArgumentException("path \"\" (expected: a file name)");
  }

  private static Object constant(String text, Class<?> type) {
    Object[] constants = type.getEnumConstants();
    for (Object constant : constants) {
      String name = ((Enum<?>) constant).name();
      if (name.replace('_', '-').equalsIgnoreCase(text.replace('_', '-'))) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        "value \""
            + text
            + "\" (expected: "
            + Arrays.stream(constants)
                .map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "))
            + ")");
  }

  private static @Nullable Method parseMethod(Class<?> type) {
    try {
      Method parse = type.getMethod("parse", String.class);
      boolean fits = Modifier.isStatic(parse.getModifiers()) && parse.getReturnType() == type;
      return fits ? parse : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static Object byParseMethod(String text, Class<?> type) {
    Method parse = parseMethod(type);
    if (parse == null) {
      throw new IllegalStateException("no way to read a " + type.getName());
    }
    try {
      parse.setAccessible(true);
      return parse.invoke(null, text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException(type.getName() + ".parse failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot call " + type.getName() + ".parse", e);
    }
  }
}
