// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;

/** A Maildir: a root that exists and a way down from it that is made on demand, never by links. */
final class MaildirLocation {

  /** The empty file by which delivery agents know a folder of a Maildir++. */
  private static final String FOLDER_MARK = "maildirfolder";

  private static final List<String> SUBDIRECTORIES = List.of("tmp", "new", "cur");

  private final Path root;
  private final List<byte[]> below;
  private final Optional<FolderName> folder;

  MaildirLocation(Path root, List<byte[]> below) {
    this(root, below, Optional.empty());
  }

  private MaildirLocation(Path root, List<byte[]> below, Optional<FolderName> folder) {
    this.root = root;
    this.below = List.copyOf(below);
    this.folder = folder;
  }

  /** The Maildir++ folder of this maildrop with this name. */
  MaildirLocation folder(FolderName name) {
    return new MaildirLocation(root, below, Optional.of(name));
  }

  /** Where it lies, whether it is there or not. */
  Path path() {
    Path path = root;
    for (byte[] part : below) {
      path = RawNames.resolve(path, part);
    }
    return folder.isPresent() ? RawNames.resolve(path, folder.get().directory()) : path;
  }

  /**
   * As {@link #prepare}, and a missing folder is made, durably.
   *
   * @throws MaildropException as {@link #prepare}
   */
  Path make(MaildirFiles files) throws MaildropException {
    Path path = path();
    try {
      if (folder.isPresent()) {
        ensureFolder(files, path);
      }
    } catch (IOException e) {
      throw new MaildropException(
          e instanceof AccessDeniedException
              ? MaildropFailure.PERMANENT
              : MaildropFailure.TEMPORARY,
          "folder " + LogText.quote(path) + ": cannot be made: " + LogText.quote(e),
          e);
    }
    return prepare(files);
  }

  private void ensureFolder(MaildirFiles files, Path path) throws IOException {
    try {
      files.attributes(path);
    } catch (NoSuchFileException e) {
      create(files, new MaildirLocation(root, below).path(), path);
      files.openOrCreate(path.resolve(FOLDER_MARK)).close();
      files.sync(path);
    }
  }

  /**
   * Walks down, makes what is missing (mode 0700), for good, and answers the Maildir. The root
   * itself may be a link, which is the operator's choice; a link below it could lead into another's
   * mail. A folder is not made, only its missing subdirectories.
   *
   * @throws MaildropException TEMPORARY if the root is missing (perhaps not mounted) or the disk
   *     refuses; PERMANENT if something on the way is not a directory or may not be entered;
   *     NO_SUCH_FOLDER if the folder is missing
   */
  Path prepare(MaildirFiles files) throws MaildropException {
    Path path = root;
    try {
      if (!files.isDirectory(root)) {
        throw new MaildropException(
            MaildropFailure.TEMPORARY,
            "mail root " + LogText.quote(root) + ": missing (expected: a directory)");
      }
      for (byte[] part : below) {
        Path parent = path;
        path = RawNames.resolve(parent, part);
        ensureDirectory(files, parent, path);
      }
      if (folder.isPresent()) {
        path = RawNames.resolve(path, folder.get().directory());
        requireFolder(files, path);
      }
      Path maildir = path;
      for (String sub : SUBDIRECTORIES) {
        path = RawNames.resolve(maildir, sub.getBytes(StandardCharsets.US_ASCII));
        ensureDirectory(files, maildir, path);
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

  /**
   * Walks down and answers the Maildir if it is there, with the same checks; makes nothing.
   *
   * @return empty if a directory on the way, {@code new/} or {@code cur/} is missing
   * @throws MaildropException as {@link #prepare}, but for what is missing
   */
  Optional<Path> find(MaildirFiles files) throws MaildropException {
    Path path = root;
    try {
      List<byte[]> parts = new ArrayList<>(below);
      folder.ifPresent(name -> parts.add(name.directory()));
      for (byte[] part : parts) {
        path = RawNames.resolve(path, part);
        requireDirectory(path, files.attributes(path));
      }
      Path maildir = path;
      for (String sub : List.of("new", "cur")) {
        path = maildir.resolve(sub);
        requireDirectory(path, files.attributes(path));
      }
      return Optional.of(maildir);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (AccessDeniedException e) {
      throw new MaildropException(
          MaildropFailure.PERMANENT, "maildir " + LogText.quote(path) + ": no permission", e);
    } catch (IOException e) {
      throw new MaildropException(
          MaildropFailure.TEMPORARY, "maildir " + LogText.quote(path) + ": cannot be read", e);
    }
  }

  private static void requireFolder(MaildirFiles files, Path path)
      throws IOException, MaildropException {
    try {
      requireDirectory(path, files.attributes(path));
    } catch (NoSuchFileException e) {
      throw new MaildropException(
          MaildropFailure.NO_SUCH_FOLDER, "folder " + LogText.quote(path) + ": missing", e);
    }
  }

  private static void ensureDirectory(MaildirFiles files, Path parent, Path path)
      throws IOException, MaildropException {
    BasicFileAttributes found;
    try {
      found = files.attributes(path);
    } catch (NoSuchFileException e) {
      create(files, parent, path);
      found = files.attributes(path);
    }
    requireDirectory(path, found);
  }

  private static void requireDirectory(Path path, BasicFileAttributes found)
      throws MaildropException {
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

  private static void create(MaildirFiles files, Path parent, Path path) throws IOException {
    try {
      files.createDirectory(path);
      files.sync(parent);
    } catch (FileAlreadyExistsException e) {
      // Another session or a delivery agent was quicker; what it made is looked at next.
      return;
    }
  }
}
