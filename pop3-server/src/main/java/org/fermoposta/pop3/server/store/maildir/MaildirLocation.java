// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;

/** A Maildir: a root that exists and a way down from it that is made on demand, never by links. */
final class MaildirLocation {

  private static final List<String> SUBDIRECTORIES = List.of("tmp", "new", "cur");

  private final Path root;
  private final List<byte[]> below;

  MaildirLocation(Path root, List<byte[]> below) {
    this.root = root;
    this.below = List.copyOf(below);
  }

  /**
   * Walks down, makes what is missing (mode 0700), and answers the Maildir. The root itself may be
   * a link, which is the operator's choice; a link below it could lead into another's mail.
   *
   * @throws MaildropException TEMPORARY if the root is missing (perhaps not mounted) or the disk
   *     refuses; PERMANENT if something on the way is not a directory or may not be entered
   */
  Path prepare() throws MaildropException {
    Path path = root;
    try {
      if (!Files.isDirectory(root)) {
        throw new MaildropException(
            MaildropFailure.TEMPORARY,
            "mail root " + LogText.quote(root) + ": missing (expected: a directory)");
      }
      for (byte[] part : below) {
        path = RawNames.resolve(path, part);
        ensureDirectory(path);
      }
      Path maildir = path;
      for (String sub : SUBDIRECTORIES) {
        path = RawNames.resolve(maildir, sub.getBytes(StandardCharsets.US_ASCII));
        ensureDirectory(path);
      }
      return maildir;
    } catch (AccessDeniedException e) {
      throw new MaildropException(
          MaildropFailure.PERMANENT, "maildir " + LogText.quote(path) + ": no permission", e);
    } catch (IOException e) {
      throw new MaildropException(
          MaildropFailure.TEMPORARY, "maildir " + LogText.quote(path) + ": cannot be made", e);
    }
  }

  private static void ensureDirectory(Path path) throws IOException, MaildropException {
    BasicFileAttributes found;
    try {
      found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      create(path);
      found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
    if (!found.isDirectory()) {
      throw new MaildropException(
          MaildropFailure.PERMANENT,
          "maildir "
              + LogText.quote(path)
              + ": "
              + (found.isSymbolicLink() ? "a symbolic link" : "not a directory")
              + " (expected: a directory)");
    }
  }

  private static void create(Path path) throws IOException {
    try {
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      // Another session or a delivery agent was quicker; what it made is looked at next.
      return;
    }
  }
}
