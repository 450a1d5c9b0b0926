// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Set;
import org.fermoposta.pop3.client.BlockingPop3Session;
import org.fermoposta.pop3.client.CommitResult;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.client.Pop3CommandException;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3SinkException;
import org.fermoposta.pop3.protocol.UniqueId;
import org.jspecify.annotations.Nullable;

// Design note. DELE is sent only for a message that this session has read and that is on the disk,
// byte for byte. So with --delete a message that seems to be there from an earlier run is read once
// more and compared: unique-ids of real servers are not always as unique as they should be (N092).
// One message that fails does not stop the others (CL17); a broken session does, and as QUIT is
// not sent then, nothing is deleted.

/** Fetches what is not there yet, and perhaps deletes it. */
final class Fetcher {
  private final BlockingPop3Session session;
  private final Delivery delivery;
  private final boolean delete;
  private final Progress progress;
  private final PrintWriter out;
  private final PrintWriter err;
  private int fetched;
  private int present;
  private int deleted;
  private int failed;

  Fetcher(
      BlockingPop3Session session,
      Delivery delivery,
      boolean delete,
      Progress progress,
      PrintWriter out,
      PrintWriter err) {
    this.session = session;
    this.delivery = delivery;
    this.delete = delete;
    this.progress = progress;
    this.out = out;
    this.err = err;
  }

  int run() throws InterruptedException {
    MailListing listing = session.list();
    Set<UniqueId> ambiguous = ambiguous(listing);
    if (!ambiguous.isEmpty()) {
      warn(ambiguous.size() + " unique-ids stand for several messages; those are named by content");
    }
    progress.begin(listing.count(), listing.totalOctets());
    for (int i = 0; i < listing.count(); i++) {
      UniqueId id = listing.uniqueId(i).filter(u -> !ambiguous.contains(u)).orElse(null);
      boolean here = id != null && delivery.has(id);
      if (here && !delete) {
        present++;
        progress.skipped(listing.octets(i));
      } else {
        one(listing.messageNumber(i), id, here);
      }
    }
    return finish();
  }

  private void one(int number, @Nullable UniqueId id, boolean here) throws InterruptedException {
    try {
      progress.await(session.async().retrieve(number, progress.counting(delivery.sink(id))));
      if (here) {
        present++;
      } else {
        fetched++;
      }
      if (delete) {
        session.delete(number);
        deleted++;
      }
      progress.message();
    } catch (Pop3CommandException | Pop3SinkException failure) {
      failed++;
      warn("message " + number + ": " + failure.getMessage());
    }
  }

  private int finish() throws InterruptedException {
    CommitResult commit = quit();
    progress.close();
    boolean certain = deleted == 0 || commit == CommitResult.CONFIRMED;
    if (!certain) {
      warn(
          commit == CommitResult.REFUSED
              ? "the server refused to delete some or all of " + deleted + " messages"
              : "the server did not say whether it deleted " + deleted + " messages");
    }
    out.println(
        fetched
            + " fetched, "
            + present
            + " there already, "
            + (certain ? deleted + " deleted, " : "")
            + failed
            + " failed");
    out.flush();
    return failed == 0 && certain ? ExitCodes.OK : ExitCodes.PARTLY;
  }

  private CommitResult quit() throws InterruptedException {
    try {
      return session.quit();
    } catch (Pop3Exception lost) {
      if (deleted > 0) {
        throw lost;
      }
      // Nothing was to be committed.
      warn(String.valueOf(lost.getMessage()));
      return CommitResult.UNCERTAIN;
    }
  }

  private void warn(String text) {
    progress.clear();
    err.println("pop3-client: " + text);
    err.flush();
  }

  private static Set<UniqueId> ambiguous(MailListing listing) {
    Set<UniqueId> seen = new HashSet<>();
    Set<UniqueId> twice = new HashSet<>();
    for (int i = 0; i < listing.count(); i++) {
      listing.uniqueId(i).filter(id -> !seen.add(id)).ifPresent(twice::add);
    }
    return twice;
  }
}
