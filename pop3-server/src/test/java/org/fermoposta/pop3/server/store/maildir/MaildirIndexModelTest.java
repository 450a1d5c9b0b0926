// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happened between two sessions, an index changes nothing but the time it takes. */
final class MaildirIndexModelTest extends MaildirTestBase {

  /** More than two ticks of the clock behind time stamps, on the kernels that there are. */
  private static final long TICKS_NANOS = 20_000_000;

  private static final String ALPHABET = "\r\n\n..ab\r\n";

  private Random random = new Random(0);
  private int delivered;
  private int trusted;

  @ParameterizedTest
  @ValueSource(longs = {TICKS_NANOS, 2_500_000_000L})
  @DisplayName("N023, N024, N040: with an index, and with what is left of one, as with none")
  void sameAsWithoutIndex(long settleNanos) throws Exception {
    try (Warnings warnings = new Warnings()) {
      run(settleNanos);
      assertTrue(warnings.taken().size() > 20, "too few damaged indexes");
    }
    assertTrue(settleNanos != TICKS_NANOS || trusted > 20, "too seldom trusted: " + trusted);
    assertTrue(delivered > 200, "too few deliveries: " + delivered);
  }

  private void run(long settleNanos) throws Exception {
    for (long seed = 1; seed <= 12; seed++) {
      random = new Random(seed);
      for (int round = 0; round < 25; round++) {
        for (int i = random.nextInt(6); i > 0; i--) {
          change();
        }
        harmIndex();
        if (settleNanos == TICKS_NANOS && random.nextBoolean()) {
          letSettle();
        }
        List<String> fresh = facts(without(), settleNanos, 0);
        trusted += trustedDirectories();
        assertEquals(
            fresh,
            facts(alice.path(), settleNanos, random.nextInt(3)),
            "seed " + seed + ", round " + round);
      }
    }
  }

  /** Until the file system's clock says that what was changed is old enough to be trusted. */
  private void letSettle() throws IOException {
    Path probe = root.resolve("probe");
    long since = files.stamp(alice.path().resolve("cur")).changedNanos();
    since = Math.max(since, files.stamp(alice.path().resolve("new")).changedNanos());
    do {
      Files.deleteIfExists(probe);
      Files.createFile(probe);
    } while (!new DirectoryStamp(1, since, since)
        .settledAt(files.stamp(probe).changedNanos(), TICKS_NANOS));
  }

  /** The same mail as hard links, in a Maildir without an index. */
  private Path without() throws IOException {
    Path twin = root.resolve("twin" + random.nextLong());
    TestMaildir other = new TestMaildir(twin);
    for (String sub : List.of("new", "cur")) {
      for (Path file : files(sub)) {
        Files.createLink(other.path().resolve(sub).resolve(file.getFileName()), file);
      }
    }
    return twin;
  }

  private List<String> facts(Path maildir, long settleNanos, int deletions) throws Exception {
    MaildirStore store =
        new MaildirStore(
            MaildropTemplate.parse(root + "/{user}"), LeaseSettings.defaults(), files, settleNanos);
    List<String> facts = new ArrayList<>();
    try (Maildrop maildrop =
        store.open(
            MaildropAddress.of(MaildropName.of(String.valueOf(maildir.getFileName()))),
            LeaseHolder.unyielding("test"))) {
      for (int n = 1; n <= maildrop.count(); n++) {
        try (MessageBody body = maildrop.open(n)) {
          StringBuilder dots = new StringBuilder();
          for (int i = 0; i < body.dotLines().orElse(0); i++) {
            dots.append(' ').append(body.dotOffset(i));
          }
          facts.add(
              maildrop.uniqueId(n)
                  + " "
                  + maildrop.octets(n)
                  + " "
                  + body.form()
                  + " "
                  + body.storedOctets()
                  + " "
                  + body.headerEnd()
                  + " "
                  + body.dotLines()
                  + dots);
        }
      }
      BitSet marked = new BitSet();
      for (int i = 0; i < deletions && maildrop.count() > 0; i++) {
        marked.set(1 + random.nextInt(maildrop.count()));
      }
      assertTrue(maildrop.delete(marked).complete());
    }
    return facts;
  }

  private void change() throws IOException {
    List<Path> fresh = files("new");
    List<Path> cur = files("cur");
    int what = random.nextInt(10);
    if (what < 4 || fresh.size() + cur.size() == 0) {
      deliver("new/17" + (10_000_000 + random.nextInt(90_000_000)) + ".M" + delivered + ".host");
    } else if (what < 6 && !fresh.isEmpty()) {
      Path file = fresh.get(random.nextInt(fresh.size()));
      Path to = alice.path().resolve("cur").resolve(file.getFileName() + ":2,S");
      if (!Files.exists(to)) {
        Files.move(file, to);
      }
    } else if (what < 8 && !cur.isEmpty()) {
      Path file = cur.get(random.nextInt(cur.size()));
      String name = String.valueOf(file.getFileName());
      int colon = name.indexOf(':');
      String base = colon < 0 ? name : name.substring(0, colon);
      Path to = file.resolveSibling(base + ":2," + "DFRST".charAt(random.nextInt(5)));
      if (!Files.exists(to)) {
        Files.move(file, to);
      }
    } else if (what == 8) {
      List<Path> all = new ArrayList<>(fresh);
      all.addAll(cur);
      Files.delete(all.get(random.nextInt(all.size())));
    } else {
      List<Path> all = new ArrayList<>(fresh);
      all.addAll(cur);
      Path file = all.get(random.nextInt(all.size()));
      String name = String.valueOf(file.getFileName());
      if (random.nextBoolean()) {
        // One base name twice.
        int colon = name.indexOf(':');
        deliver("cur/" + (colon < 0 ? name : name.substring(0, colon)) + ":2,X");
      } else {
        deliver("cur/17000000" + (10 + random.nextInt(80)) + ".sp ace" + delivered + ":2,");
      }
    }
  }

  private void deliver(String name) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(random.nextInt(8) == 0 ? 3000 : 60); i > 0; i--) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    if (Files.exists(alice.file(name))) {
      return;
    }
    Path file = alice.put(name, text.toString());
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + delivered++));
  }

  private void harmIndex() throws IOException {
    Path index = alice.path().resolve(MaildirIndex.FILE);
    if (!Files.exists(index)) {
      return;
    }
    int what = random.nextInt(8);
    byte[] octets = Files.readAllBytes(index);
    if (what == 0) {
      Files.delete(index);
    } else if (what == 1) {
      octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(index, octets);
    } else if (what == 2) {
      Files.write(index, java.util.Arrays.copyOf(octets, random.nextInt(octets.length)));
    }
  }

  private int trustedDirectories() throws IOException {
    if (!Files.exists(alice.path().resolve(MaildirIndex.FILE))) {
      return 0;
    }
    IndexContent known = new MaildirIndex(files, alice.path()).load();
    boolean fresh = files.stamp(alice.path().resolve("new")).equals(known.fresh());
    boolean cur = files.stamp(alice.path().resolve("cur")).equals(known.cur());
    return (fresh ? 1 : 0) + (cur ? 1 : 0);
  }

  private List<Path> files(String sub) throws IOException {
    try (Stream<Path> entries = Files.list(alice.path().resolve(sub))) {
      return entries.sorted().toList();
    }
  }
}
