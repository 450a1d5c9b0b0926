// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/** Whose Maildirs there are, by looking through the directories that a template may mean. */
public final class MaildirTree {

  private final MaildropTemplate template;
  private final MaildirFiles files = new MaildirFiles();
  private final SortedSet<String> found = new TreeSet<>();

  private MaildirTree(MaildropTemplate template) {
    this.template = template;
  }

  /**
   * The names of all users who have a Maildir, in alphabetical order. Directories whose name is no
   * user's name (such as one in capitals) are none's.
   *
   * @throws IOException if a directory cannot be listed
   */
  public static SortedSet<String> users(MaildropTemplate template) throws IOException {
    MaildirTree tree = new MaildirTree(template);
    tree.walk(template.root(), 0, "", "");
    return tree.found;
  }

  private void walk(Path directory, int depth, String local, String domain) throws IOException {
    if (depth == template.below().size()) {
      add(directory, local, domain);
      return;
    }
    String part = template.below().get(depth);
    int open = part.indexOf('{');
    if (open < 0) {
      Path next = RawNames.resolve(directory, part.getBytes(StandardCharsets.UTF_8));
      if (isDirectory(next)) {
        walk(next, depth + 1, local, domain);
      }
      return;
    }
    String key = part.substring(open + 1, part.indexOf('}'));
    String before = part.substring(0, open);
    String behind = part.substring(part.indexOf('}') + 1);
    try {
      files.list(
          directory,
          octets -> {
            Optional<String> value = text(octets).flatMap(name -> inner(name, before, behind));
            Path next = RawNames.resolve(directory, octets);
            if (value.isEmpty() || !isDirectory(next)) {
              return;
            }
            String given = value.get();
            int at = given.indexOf('@');
            switch (key) {
              case "domain" -> enter(next, depth, local, domain, local, given);
              case "localpart" -> enter(next, depth, local, domain, given, domain);
              default ->
                  enter(
                      next,
                      depth,
                      local,
                      domain,
                      at < 0 ? given : given.substring(0, at),
                      at < 0 ? "" : given.substring(at + 1));
            }
          });
    } catch (NoSuchFileException | NotDirectoryException gone) {
      // Removed while we were on the way: nobody's any more.
      return;
    }
  }

  /** Goes on if what is known by now does not contradict what was known before. */
  private void enter(
      Path next, int depth, String local, String domain, String newLocal, String newDomain)
      throws IOException {
    if ((local.isEmpty() || local.equals(newLocal))
        && (domain.isEmpty() || domain.equals(newDomain))) {
      walk(next, depth + 1, newLocal, newDomain);
    }
  }

  private boolean isDirectory(Path path) throws IOException {
    try {
      return files.attributes(path).isDirectory();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void add(Path directory, String local, String domain) throws IOException {
    String text = domain.isEmpty() ? local : local + "@" + domain;
    Optional<MaildropName> name = MaildropName.parse(text);
    if (name.isPresent()
        && name.get().value().equals(text)
        && isDirectory(directory.resolve("cur"))) {
      found.add(text);
    }
  }

  private static Optional<String> inner(String name, String before, String behind) {
    return name.length() > before.length() + behind.length()
            && name.startsWith(before)
            && name.endsWith(behind)
        ? Optional.of(name.substring(before.length(), name.length() - behind.length()))
        : Optional.empty();
  }

  private static Optional<String> text(byte[] octets) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
