// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.Flags;
import jakarta.mail.Header;
import jakarta.mail.IllegalWriteException;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.SharedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.concurrent.CompletableFuture;
import org.fermoposta.pop3.client.Pop3CommandException;
import org.fermoposta.pop3.client.Pop3SinkException;
import org.fermoposta.pop3.client.internal.OffLoopSink;
import org.jspecify.annotations.Nullable;

/*
 * Design note. Headers come by TOP when they are first asked for, the message by RETR when its
 * content is. The content is held softly, so that an application that keeps all message objects does
 * not keep all messages; what was forgotten is fetched again. writeTo() passes octets on as they
 * come and keeps none.
 */
/**
 * A message of a {@link Pop3Folder}. It cannot be altered. Reading its content, all of it or by
 * {@link #writeTo}, marks it as seen, as IMAP does; the mark can be taken back.
 */
public final class Pop3Message extends MimeMessage {
  private final Pop3Folder pop3Folder;
  private final int serverNumber;
  private final ContentReference kept = new ContentReference();
  private int headerOctets;

  Pop3Message(Pop3Folder folder, int number, int serverNumber) {
    super(folder, number);
    this.pop3Folder = folder;
    this.serverNumber = serverNumber;
  }

  int serverNumber() {
    return serverNumber;
  }

  // ---- Headers

  synchronized boolean hasHeaders() {
    return headers != null;
  }

  /** Takes the octets from the beginning of the message to behind the blank line, or to the end. */
  synchronized void setHeaderBlock(byte[] block) throws MessagingException {
    headers = createInternetHeaders(new ByteArrayInputStream(block));
    headerOctets = block.length;
  }

  private InternetHeaders loadedHeaders() throws MessagingException {
    synchronized (this) {
      if (headers != null) {
        return headers;
      }
    }
    byte[] block = pop3Folder.work(this::topHeader);
    if (block == null) {
      content();
    } else {
      setHeaderBlock(block);
    }
    synchronized (this) {
      return headers;
    }
  }

  private byte @Nullable [] topHeader(OpenMaildrop maildrop) throws MessagingException {
    if (!maildrop.hasTop()) {
      return null;
    }
    try {
      return maildrop.session().await(maildrop.header(serverNumber));
    } catch (Pop3CommandException refused) {
      // A server may not know TOP, or not this message: RETR tells.
      return null;
    } catch (Pop3SinkException tooLong) {
      throw new MessagingException("message " + msgnum + ": " + tooLong.getMessage(), tooLong);
    }
  }

  @Override
  public String[] getHeader(String name) throws MessagingException {
    return loadedHeaders().getHeader(name);
  }

  @Override
  public String getHeader(String name, String delimiter) throws MessagingException {
    return loadedHeaders().getHeader(name, delimiter);
  }

  @Override
  public Enumeration<Header> getAllHeaders() throws MessagingException {
    return loadedHeaders().getAllHeaders();
  }

  @Override
  public Enumeration<Header> getMatchingHeaders(String[] names) throws MessagingException {
    return loadedHeaders().getMatchingHeaders(names);
  }

  @Override
  public Enumeration<Header> getNonMatchingHeaders(String[] names) throws MessagingException {
    return loadedHeaders().getNonMatchingHeaders(names);
  }

  @Override
  public Enumeration<String> getAllHeaderLines() throws MessagingException {
    return loadedHeaders().getAllHeaderLines();
  }

  @Override
  public Enumeration<String> getMatchingHeaderLines(String[] names) throws MessagingException {
    return loadedHeaders().getMatchingHeaderLines(names);
  }

  @Override
  public Enumeration<String> getNonMatchingHeaderLines(String[] names) throws MessagingException {
    return loadedHeaders().getNonMatchingHeaderLines(names);
  }

  /**
   * @throws IllegalWriteException always
   */
  @Override
  public void setHeader(String name, String value) throws MessagingException {
    throw readOnly();
  }

  /**
   * @throws IllegalWriteException always
   */
  @Override
  public void addHeader(String name, String value) throws MessagingException {
    throw readOnly();
  }

  /**
   * @throws IllegalWriteException always
   */
  @Override
  public void removeHeader(String name) throws MessagingException {
    throw readOnly();
  }

  /**
   * @throws IllegalWriteException always
   */
  @Override
  public void addHeaderLine(String line) throws MessagingException {
    throw readOnly();
  }

  /**
   * @throws IllegalWriteException always
   */
  @Override
  public void saveChanges() throws MessagingException {
    throw readOnly();
  }

  private static IllegalWriteException readOnly() {
    return new IllegalWriteException("messages of POP3 cannot be altered (expected: a copy)");
  }

  // ---- Content

  /**
   * Returns the octets of the message as the server counts them, less its header once that is
   * known; -1 if the server does not tell, 2^31-1 if there are more.
   */
  @Override
  public int getSize() throws MessagingException {
    long octets = pop3Folder.work(maildrop -> maildrop.octets(serverNumber));
    if (octets < 0) {
      return -1;
    }
    synchronized (this) {
      return (int) Math.min(Integer.MAX_VALUE, Math.max(0, octets - headerOctets));
    }
  }

  @Override
  protected InputStream getContentStream() throws MessagingException {
    SharedInputStream message = content();
    synchronized (this) {
      return message.newStream(headerOctets, -1);
    }
  }

  /** Returns the message as it is on the server, header and all. To be closed. */
  public InputStream getMimeStream() throws MessagingException {
    return content().newStream(0, -1);
  }

  /**
   * Returns the header and the beginning of the content: TOP (RFC 1939 §7).
   *
   * @param lines of the content, 0 or more
   */
  public InputStream top(int lines) throws MessagingException {
    return pop3Folder.work(
        maildrop ->
            fetched(
                    maildrop,
                    maildrop
                        .session()
                        .commands()
                        .top(serverNumber, lines, new OffLoopSink<>(maildrop.settings().spool())))
                .newStream(0, -1));
  }

  /**
   * Forgets the content, so that it is fetched again when it is asked for.
   *
   * @param invalidateHeaders whether the headers too
   */
  public synchronized void invalidate(boolean invalidateHeaders) {
    kept.clear();
    content = null;
    if (invalidateHeaders) {
      headers = null;
      headerOctets = 0;
    }
  }

  private SharedInputStream content() throws MessagingException {
    SharedInputStream known = kept.get();
    if (known != null && hasHeaders()) {
      return known;
    }
    SharedInputStream fetched = pop3Folder.work(this::load);
    read();
    return fetched;
  }

  private SharedInputStream load(OpenMaildrop maildrop) throws MessagingException {
    StoreSettings settings = maildrop.settings();
    SharedInputStream message =
        fetched(
            maildrop,
            maildrop
                .session()
                .commands()
                .retrieve(serverNumber, new OffLoopSink<>(settings.spool())));
    try {
      adopt(message, settings.forgetTopHeaders());
    } catch (IOException e) {
      throw new MessagingException("message " + msgnum + ": " + e.getMessage(), e);
    }
    kept.set(message, settings.keepMessageContent());
    return message;
  }

  private synchronized void adopt(SharedInputStream message, boolean fresh)
      throws IOException, MessagingException {
    headerOctets = HeaderEnd.octets(message.newStream(0, -1));
    if (headers == null || fresh) {
      headers = createInternetHeaders(message.newStream(0, headerOctets));
    }
  }

  private <T> T fetched(OpenMaildrop maildrop, CompletableFuture<T> command)
      throws MessagingException {
    try {
      return maildrop.session().await(command);
    } catch (Pop3CommandException | Pop3SinkException failed) {
      throw new MessagingException("message " + msgnum + ": " + failed.getMessage(), failed);
    }
  }

  /**
   * Writes the message as it comes from the server, octet for octet, without keeping it; of headers
   * only those that are not to be ignored, if there are such.
   *
   * @throws IOException if the stream fails
   * @throws MessagingException if the message cannot be had; a part of it may have been written
   */
  @Override
  public void writeTo(OutputStream out, String @Nullable [] ignored)
      throws IOException, MessagingException {
    String[] without = ignored == null ? new String[0] : ignored;
    boolean all = without.length == 0;
    SharedInputStream known = kept.get();
    if (all && known != null) {
      known.newStream(0, -1).transferTo(out);
    } else if (all && !pop3Folder.<Boolean>work(maildrop -> maildrop.settings().cacheWriteTo())) {
      stream(out);
    } else if (all) {
      content().newStream(0, -1).transferTo(out);
    } else {
      Enumeration<String> lines = getNonMatchingHeaderLines(without);
      while (lines.hasMoreElements()) {
        out.write((lines.nextElement() + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      }
      out.write(new byte[] {'\r', '\n'});
      getContentStream().transferTo(out);
    }
  }

  private void stream(OutputStream out) throws IOException, MessagingException {
    ServerSession session = pop3Folder.work(OpenMaildrop::session);
    HandOver handOver = new HandOver();
    CompletableFuture<Boolean> command = session.commands().retrieve(serverNumber, handOver);
    try {
      session.stream(handOver, out);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new MessagingException("interrupted while writing message " + msgnum, interrupted);
    }
    boolean whole = pop3Folder.<Boolean>work(maildrop -> fetched(maildrop, command));
    if (whole) {
      read();
    }
  }

  // ---- Flags

  private void read() throws MessagingException {
    if (!isSet(Flags.Flag.SEEN)) {
      super.setFlags(new Flags(Flags.Flag.SEEN), true);
    }
  }

  /**
   * Sets flags of this object. Only DELETED reaches the server, when the folder is closed with
   * {@code close(true)}; SEEN and DELETED are remembered with {@code seenstore}.
   */
  @Override
  public synchronized void setFlags(Flags changed, boolean set) throws MessagingException {
    Flags before = getFlags();
    super.setFlags(changed, set);
    if (!before.equals(getFlags())) {
      pop3Folder.flagsChanged(this);
    }
  }
}
