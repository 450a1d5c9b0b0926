// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The real file system with failures and surprises put in, and a record of what was asked. */
final class FaultyFiles extends MaildirFiles {

  /** Runs before an operation; may throw or change files. */
  interface Before {
    void on(Path path) throws IOException;
  }

  final List<String> calls = new ArrayList<>();
  Before beforeOpen = path -> {};
  Before beforeUnlink = path -> {};
  Before beforeList = path -> {};
  Before beforeSync = path -> {};
  Before beforeIndexWrite = path -> {};
  Before beforeLink = path -> {};

  /** Fails with this error where the predicate holds. */
  static Before failing(Predicate<String> fileName, IOException error) {
    return path -> {
      if (fileName.test(String.valueOf(path.getFileName()))) {
        throw error;
      }
    };
  }

  @Override
  void list(Path directory, Visitor visitor) throws IOException {
    calls.add("list " + directory.getFileName());
    beforeList.on(directory);
    super.list(directory, visitor);
  }

  @Override
  FileChannel open(Path file) throws IOException {
    beforeOpen.on(file);
    return super.open(file);
  }

  @Override
  FileChannel create(Path file) throws IOException {
    calls.add("create " + file.getFileName());
    return new WatchedChannel(
        super.create(file), call -> calls.add(call + " " + file.getFileName()));
  }

  @Override
  void link(Path existing, Path added) throws IOException {
    calls.add("link " + added.getFileName());
    beforeLink.on(added);
    super.link(existing, added);
  }

  @Override
  void unlink(Path file) throws IOException {
    calls.add("unlink " + file.getFileName());
    beforeUnlink.on(file);
    super.unlink(file);
  }

  @Override
  void sync(Path directory) throws IOException {
    calls.add("sync " + directory.getFileName());
    beforeSync.on(directory);
    super.sync(directory);
  }

  @Override
  FileChannel createPrivate(Path file) throws IOException {
    beforeIndexWrite.on(file);
    return super.createPrivate(file);
  }
}
