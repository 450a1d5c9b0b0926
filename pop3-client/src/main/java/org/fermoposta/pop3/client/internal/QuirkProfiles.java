// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.fermoposta.pop3.client.Quirk;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Capability;

/** The kinds of servers that {@code quirks.txt} describes. */
final class QuirkProfiles {
  private static final String RESOURCE = "quirks.txt";

  private final List<Profile> profiles;

  private QuirkProfiles(List<Profile> profiles) {
    this.profiles = List.copyOf(profiles);
  }

  private static final class Known {
    private static final QuirkProfiles PROFILES = load();

    private Known() {}
  }

  static final class Profile {
    private final String name;
    private final List<Pattern> greetings = new ArrayList<>();
    private final List<Pattern> implementations = new ArrayList<>();
    private final List<String> capabilities = new ArrayList<>();
    private final Set<Quirk> quirks = EnumSet.noneOf(Quirk.class);
    private final List<String> sources = new ArrayList<>();

    private Profile(String name) {
      this.name = name;
    }

    String name() {
      return name;
    }

    Set<Quirk> quirks() {
      return Collections.unmodifiableSet(quirks);
    }

    List<String> sources() {
      return Collections.unmodifiableList(sources);
    }

    private void add(String key, String value) {
      switch (key) {
        case "greeting" -> greetings.add(Pattern.compile(value));
        case "implementation" -> implementations.add(Pattern.compile(value));
        case "capability" -> capabilities.add(value);
        case "quirk" -> quirks.add(Quirk.valueOf(value));
        case "source" -> sources.add(value);
        default ->
            throw new IllegalStateException(
                RESOURCE + ": \"" + key + "\" (expected: a word of its head)");
      }
    }

    private boolean matches(String greeting, Capabilities offered) {
      String implementation =
          offered
              .find(Capability.IMPLEMENTATION)
              .map(c -> String.join(" ", c.parameters()))
              .orElse("");
      return greetings.stream().anyMatch(p -> p.matcher(greeting).find())
          || implementations.stream().anyMatch(p -> p.matcher(implementation).find())
          || capabilities.stream().anyMatch(offered::has);
    }
  }

  /** Returns what servers of this greeting and these capabilities are known to do. */
  static Set<Quirk> of(String greeting, Capabilities offered) {
    Set<Quirk> quirks = EnumSet.noneOf(Quirk.class);
    for (Profile profile : Known.PROFILES.profiles) {
      if (profile.matches(greeting, offered)) {
        quirks.addAll(profile.quirks);
      }
    }
    return Collections.unmodifiableSet(quirks);
  }

  static List<Profile> all() {
    return Known.PROFILES.profiles;
  }

  private static QuirkProfiles load() {
    List<Profile> profiles = new ArrayList<>();
    try (InputStream in = QuirkProfiles.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + ": missing (expected: beside this class)");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String text = line.strip();
        if (!text.isEmpty() && !text.startsWith("#")) {
          String[] words = text.split(" +", 2);
          if (words[0].equals("server")) {
            profiles.add(new Profile(words[1]));
          } else {
            profiles.get(profiles.size() - 1).add(words[0], words[1]);
          }
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(RESOURCE, unreadable);
    }
    return new QuirkProfiles(profiles);
  }
}
