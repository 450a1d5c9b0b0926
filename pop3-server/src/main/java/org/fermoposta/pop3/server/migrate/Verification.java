// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.client.BlockingPop3Session;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.protocol.UniqueId;

/*
 * Design note. Messages are paired by unique-id: that is what clients do. A pair may differ in number
 * or octets; what has no pair is on one server only. An id that a server gives to several messages
 * pairs them in order.
 */
/**
 * Compares what two servers tell a user of the maildrop, before the one takes the other's place.
 */
public final class Verification {

  private static final int SHOWN = 20;

  private final RemoteServer old;
  private final RemoteServer fresh;
  private final boolean compareOctets;

  /** A comparison of two servers; of octets only if asked to. */
  public Verification(RemoteServer old, RemoteServer fresh, boolean compareOctets) {
    this.old = old;
    this.fresh = fresh;
    this.compareOctets = compareOctets;
  }

  /**
   * What was found.
   *
   * @param same whether no client will notice
   * @param lines what differs, each a line, at most 20 and how many more; the last line sums up
   */
  public record Report(boolean same, List<String> lines) {

    /** Keeps a copy. */
    public Report {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Logs in to both and compares number, unique-id and octets of each message.
   *
   * @throws MigrationException if one of them cannot be asked
   */
  public Report run(String user) throws MigrationException {
    return compare(listing(old, user), listing(fresh, user), compareOctets);
  }

  static MailListing listing(RemoteServer server, String user) throws MigrationException {
    try (BlockingPop3Session session = server.login(user)) {
      MailListing listing = session.list();
      session.quit();
      if (listing.count() > 0 && !listing.hasUniqueIds()) {
        throw new MigrationException(server + ": no unique-ids (expected: UIDL)");
      }
      return listing;
    } catch (Pop3Exception e) {
      throw server.failed(e);
    } catch (InterruptedException e) {
      throw RemoteServer.interrupted(e);
    }
  }

  static Report compare(MailListing old, MailListing fresh, boolean compareOctets) {
    Map<String, Integer> open = new HashMap<>();
    for (int i = 0; i < fresh.count(); i++) {
      open.put(key(fresh, i, open), i);
    }
    Map<String, Integer> seen = new HashMap<>();
    List<String> lines = new ArrayList<>();
    int gone = 0;
    int moved = 0;
    int resized = 0;
    for (int i = 0; i < old.count(); i++) {
      String key = key(old, i, seen);
      seen.put(key, i);
      Integer pair = open.remove(key);
      String what = "message " + old.messageNumber(i) + " " + id(old, i) + ": ";
      if (pair == null) {
        gone++;
        lines.add(what + "not on the new server");
        continue;
      }
      if (old.messageNumber(i) != fresh.messageNumber(pair)) {
        moved++;
        lines.add(what + "is number " + fresh.messageNumber(pair) + " on the new server");
      }
      long more = fresh.octets(pair) - old.octets(i);
      if (compareOctets && more != 0) {
        resized++;
        lines.add(
            what
                + old.octets(i)
                + " octets on the old server, "
                + fresh.octets(pair)
                + " on the new one"
                + (more == 2
                    ? " (a last line without an end, as Dovecot and Courier count?)"
                    : ""));
      }
    }
    open.values().stream()
        .sorted()
        .forEach(
            i ->
                lines.add(
                    "message "
                        + fresh.messageNumber(i)
                        + " "
                        + id(fresh, i)
                        + ": not on the old server"));
    boolean same = lines.isEmpty();
    List<String> shown = new ArrayList<>(lines.subList(0, Math.min(SHOWN, lines.size())));
    if (lines.size() > SHOWN) {
      shown.add("and " + (lines.size() - SHOWN) + " more");
    }
    shown.add(
        same
            ? old.count() + " messages, the same on both"
            : old.count()
                + " messages on the old server, "
                + fresh.count()
                + " on the new one: "
                + gone
                + " missing, "
                + open.size()
                + " added, "
                + moved
                + " of another number, "
                + resized
                + " of other octets");
    return new Report(same, shown);
  }

  /** The id, and for one that was there before which of them. */
  private static String key(MailListing listing, int index, Map<String, Integer> before) {
    String id = id(listing, index);
    String key = id;
    for (int copy = 2; before.containsKey(key); copy++) {
      key = id + " " + copy;
    }
    return key;
  }

  private static String id(MailListing listing, int index) {
    return listing.uniqueId(index).map(UniqueId::value).orElse("(no id)");
  }
}
