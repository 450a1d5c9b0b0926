// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with places for numbers, parsed once.
 *
 * @param texts what stands before each place, and behind the last one
 * @param places which number each place takes
 */
record TextPattern(List<String> texts, List<Integer> places) {
  private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

  TextPattern {
    texts = List.copyOf(texts);
    places = List.copyOf(places);
  }

  /** Parses a text in which {@code {0}} is the first number's place. */
  static TextPattern parse(String text) {
    List<String> texts = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    Matcher place = PLACE.matcher(text);
    int from = 0;
    while (place.find()) {
      texts.add(text.substring(from, place.start()));
      places.add(Integer.valueOf(place.group(1)));
      from = place.end();
    }
    texts.add(text.substring(from));
    return new TextPattern(texts, places);
  }

  String with(long... numbers) {
    StringBuilder text = new StringBuilder(texts.get(0));
    for (int i = 0; i < places.size(); i++) {
      text.append(numbers[places.get(i)]).append(texts.get(i + 1));
    }
    return text.toString();
  }
}
