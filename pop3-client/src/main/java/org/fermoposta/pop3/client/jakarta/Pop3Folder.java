// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.FolderClosedException;
import jakarta.mail.FolderNotFoundException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.MethodNotSupportedException;
import jakarta.mail.UIDFolder;
import jakarta.mail.event.ConnectionEvent;
import jakarta.mail.event.MessageChangedEvent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.protocol.UniqueId;
import org.jspecify.annotations.Nullable;

/**
 * A maildrop as a folder. Opening it takes the maildrop's one session, closing it ends that. What
 * is marked as deleted is gone only once {@code close(true)} has returned without an exception.
 *
 * <p>With the property {@code seenstore} its messages are those that are new: that were not read,
 * or marked as seen or deleted, in an earlier opening. Numbers of messages are the folder's then,
 * not the server's.
 *
 * <p>Thread-safe as {@link Folder} is.
 */
public final class Pop3Folder extends Folder {
  /** The name of the only folder; any case of letters does. */
  static final String INBOX = "INBOX";

  private final Pop3Store pop3Store;
  private final String name;
  private @Nullable OpenMaildrop maildrop;

  Pop3Folder(Pop3Store store, String name) {
    super(store);
    this.pop3Store = store;
    this.name = INBOX.equalsIgnoreCase(name) ? INBOX : name;
  }

  // ---- What POP3 has one of

  @Override
  public String getName() {
    return name;
  }

  @Override
  public String getFullName() {
    return name;
  }

  @Override
  public Folder getParent() {
    return new RootFolder(pop3Store);
  }

  @Override
  public boolean exists() {
    return name.equals(INBOX);
  }

  @Override
  public int getType() {
    return HOLDS_MESSAGES;
  }

  @Override
  public char getSeparator() {
    return '\0';
  }

  /** DELETED, which lasts, and no other. */
  @Override
  public Flags getPermanentFlags() {
    return new Flags(Flags.Flag.DELETED);
  }

  /** Returns false: a session shows the maildrop as it was when it began. */
  @Override
  public boolean hasNewMessages() {
    return false;
  }

  @Override
  public Folder[] list(String pattern) throws MessagingException {
    throw new MessagingException("list: " + name + " has no folders");
  }

  @Override
  public Folder getFolder(String child) throws MessagingException {
    throw new MessagingException("folder: " + name + " has no folders");
  }

  @Override
  public boolean create(int type) {
    return false;
  }

  @Override
  public boolean delete(boolean recurse) throws MessagingException {
    throw new MethodNotSupportedException("delete: POP3 has one folder");
  }

  @Override
  public boolean renameTo(Folder folder) throws MessagingException {
    throw new MethodNotSupportedException("rename: POP3 has one folder");
  }

  @Override
  public void appendMessages(Message[] messages) throws MessagingException {
    throw new MethodNotSupportedException("append: POP3 takes no messages");
  }

  /** Not possible: POP3 deletes at the end of a session only, as {@code close(true)} does. */
  @Override
  public Message[] expunge() throws MessagingException {
    throw new MethodNotSupportedException("expunge (expected: close(true))");
  }

  // ---- Opening and closing

  /**
   * Takes the maildrop.
   *
   * @throws IllegalStateException if it is open, or the store is not connected
   * @throws FolderNotFoundException if this is not INBOX
   * @throws MessagingException if it cannot be had now
   */
  @Override
  public synchronized void open(int mode) throws MessagingException {
    if (maildrop != null) {
      throw new IllegalStateException("folder: open (expected: closed)");
    }
    if (!exists()) {
      throw new FolderNotFoundException(this, "folder \"" + name + "\" (expected: INBOX)");
    }
    ServerSession session = pop3Store.take(this);
    OpenMaildrop opened = null;
    try {
      opened = OpenMaildrop.open(this, session, pop3Store.settings(), pop3Store.account());
    } finally {
      if (opened == null) {
        session.drop();
        pop3Store.release(this);
      }
    }
    maildrop = opened;
    this.mode = mode;
    notifyConnectionListeners(ConnectionEvent.OPENED);
  }

  /**
   * Ends the session.
   *
   * @param expunge whether messages that are marked as deleted are deleted, if the folder was
   *     opened to write
   * @throws IllegalStateException if the folder is closed
   * @throws MessagingException if it is not certain that all of them are gone. The folder is closed
   *     all the same; what is still there is there at the next opening
   */
  @Override
  public synchronized void close(boolean expunge) throws MessagingException {
    OpenMaildrop closing = opened();
    try {
      closing.close(expunge && mode == READ_WRITE);
    } finally {
      closed();
    }
  }

  synchronized void closeWithStore() throws MessagingException {
    if (maildrop != null) {
      close(false);
    }
  }

  private void closed() {
    maildrop = null;
    pop3Store.release(this);
    notifyConnectionListeners(ConnectionEvent.CLOSED);
  }

  /**
   * Returns whether the folder is open and its session is there: the server is asked (NOOP), if it
   * has not said anything for five seconds.
   */
  @Override
  public boolean isOpen() {
    return there(ServerSession::answeredLately);
  }

  /** Asks the server whether it is there, and closes the folder if not. */
  boolean answers() {
    return there(ServerSession::answers);
  }

  private boolean there(Predicate<ServerSession> ask) {
    OpenMaildrop current = maildropIfOpen();
    if (current == null) {
      return false;
    }
    boolean there = ask.test(current.session());
    if (!there) {
      lost(current);
    }
    return there;
  }

  private synchronized void lost(OpenMaildrop current) {
    if (maildrop == current) {
      current.abandon();
      closed();
    }
  }

  @Nullable ServerSession sessionIfOpen() {
    OpenMaildrop current = maildropIfOpen();
    return current == null ? null : current.session();
  }

  private synchronized @Nullable OpenMaildrop maildropIfOpen() {
    return maildrop;
  }

  private synchronized OpenMaildrop opened() {
    OpenMaildrop current = maildrop;
    if (current == null) {
      throw new IllegalStateException("folder: closed (expected: open)");
    }
    return current;
  }

  // ---- Messages

  /** Returns how many messages there are; -1 if the folder is closed. */
  @Override
  public int getMessageCount() {
    OpenMaildrop current = maildropIfOpen();
    return current == null ? -1 : current.count();
  }

  /**
   * Returns a message, of which nothing is fetched yet.
   *
   * @throws IndexOutOfBoundsException if there is no such number, 1 to {@link #getMessageCount()}
   */
  @Override
  public Message getMessage(int number) {
    return opened().message(number);
  }

  /**
   * Fetches much at once: sizes and unique-ids of all messages by one command each, headers of
   * these ones by commands that do not wait for each other. A message whose header the server
   * refuses is left as it is, and fails when it is asked for it.
   */
  @Override
  public void fetch(Message[] messages, FetchProfile profile) throws MessagingException {
    OpenMaildrop current = opened();
    try {
      if (profile.contains(UIDFolder.FetchProfileItem.UID)) {
        current.uniqueIds();
      }
      if (profile.contains(FetchProfile.Item.SIZE)) {
        current.sizes();
      }
      boolean headers =
          profile.contains(FetchProfile.Item.ENVELOPE)
              || profile.contains(FetchProfile.Item.CONTENT_INFO)
              || profile.getHeaderNames().length > 0;
      if (headers) {
        List<Pop3Message> ours = new ArrayList<>(messages.length);
        for (Message each : messages) {
          ours.add(own(each));
        }
        current.fetchHeaders(ours);
      }
    } catch (SessionLostException gone) {
      throw lostDuring(current, gone);
    }
  }

  private Pop3Message own(Message message) {
    if (message instanceof Pop3Message ours && message.getFolder() == this) {
      return ours;
    }
    throw new NoSuchElementException("message: of another folder (expected: of this one)");
  }

  /** Something to be done with the server. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T with(OpenMaildrop maildrop) throws MessagingException;
  }

  /**
   * Does something, in an order with what others do that the session decides.
   *
   * @throws FolderClosedException if the folder is closed, or its session is lost by now
   */
  <T extends @Nullable Object> T work(Work<T> work) throws MessagingException {
    OpenMaildrop current = maildropIfOpen();
    if (current == null) {
      throw new FolderClosedException(this, "folder: closed");
    }
    try {
      return work.with(current);
    } catch (SessionLostException gone) {
      throw lostDuring(current, gone);
    }
  }

  private FolderClosedException lostDuring(OpenMaildrop current, SessionLostException gone) {
    lost(current);
    Throwable cause = gone.getCause();
    return new FolderClosedException(
        this, gone.getMessage(), cause instanceof Exception known ? known : gone);
  }

  void flagsChanged(Message message) {
    notifyMessageChangedListeners(MessageChangedEvent.FLAGS_CHANGED, message);
  }

  // ---- What Angus Mail's folder has beside, by the same names

  /**
   * Returns a message's unique-id; null if the server tells none.
   *
   * @throws NoSuchElementException if it is a message of another folder
   */
  public @Nullable String getUID(Message message) throws MessagingException {
    Pop3Message ours = own(message);
    return work(
        maildrop -> maildrop.uniqueId(ours.serverNumber()).map(UniqueId::value).orElse(null));
  }

  /** Returns the octets of all messages, as the server counts them; 2^31-1 if there are more. */
  public int getSize() throws MessagingException {
    long octets =
        work(
            maildrop -> {
              long sum = 0;
              for (int number = 1; number <= maildrop.count(); number++) {
                sum += Math.max(0, maildrop.octets(maildrop.serverNumber(number)));
              }
              return sum;
            });
    return clamped(octets);
  }

  /**
   * Returns the octets of each message, as the server counts them; 2^31-1 for one that has more.
   * The first is of message 1.
   */
  public int[] getSizes() throws MessagingException {
    return work(
        maildrop -> {
          int[] sizes = new int[maildrop.count()];
          for (int i = 0; i < sizes.length; i++) {
            sizes[i] = clamped(Math.max(0, maildrop.octets(maildrop.serverNumber(i + 1))));
          }
          return sizes;
        });
  }

  /** Returns the octets of a message, as the server counts them; -1 if it does not tell. */
  public long getOctets(Message message) throws MessagingException {
    Pop3Message ours = own(message);
    return work(maildrop -> maildrop.octets(ours.serverNumber()));
  }

  /** Returns what the server lists: lines of a number, a blank and octets, each with CR LF. */
  public InputStream listCommand() throws MessagingException {
    StringBuilder lines = new StringBuilder();
    MailListing sizes = work(OpenMaildrop::sizes);
    for (int i = 0; i < sizes.count(); i++) {
      lines.append(sizes.messageNumber(i)).append(' ').append(sizes.octets(i)).append("\r\n");
    }
    return new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static int clamped(long octets) {
    return (int) Math.min(Integer.MAX_VALUE, octets);
  }
}
