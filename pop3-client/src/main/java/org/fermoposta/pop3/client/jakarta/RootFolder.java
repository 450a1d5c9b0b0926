// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.MethodNotSupportedException;
import org.jspecify.annotations.Nullable;

/** The folder that holds INBOX and nothing else. Has no state. */
final class RootFolder extends Folder {

  private final Pop3Store pop3Store;

  RootFolder(Pop3Store store) {
    super(store);
    pop3Store = store;
  }

  @Override
  public String getName() {
    return "";
  }

  @Override
  public String getFullName() {
    return "";
  }

  @Override
  public @Nullable Folder getParent() {
    return null;
  }

  @Override
  public boolean exists() {
    return true;
  }

  @Override
  public Folder[] list(String pattern) {
    return new Folder[] {getFolder(Pop3Folder.INBOX)};
  }

  @Override
  public char getSeparator() {
    return '/';
  }

  @Override
  public int getType() {
    return HOLDS_FOLDERS;
  }

  @Override
  public boolean create(int type) {
    return false;
  }

  @Override
  public boolean hasNewMessages() {
    return false;
  }

  @Override
  public Folder getFolder(String name) {
    return new Pop3Folder(pop3Store, name);
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
  public void open(int mode) throws MessagingException {
    throw new MethodNotSupportedException("open: has no messages (expected: folder INBOX)");
  }

  @Override
  public void close(boolean expunge) throws MessagingException {
    throw new MethodNotSupportedException("close: cannot be open");
  }

  @Override
  public boolean isOpen() {
    return false;
  }

  @Override
  public Flags getPermanentFlags() {
    return new Flags();
  }

  @Override
  public int getMessageCount() {
    return 0;
  }

  @Override
  public Message getMessage(int number) throws MessagingException {
    throw new MethodNotSupportedException("messages: none here (expected: folder INBOX)");
  }

  @Override
  public void appendMessages(Message[] messages) throws MessagingException {
    throw new MethodNotSupportedException("append: POP3 takes no messages");
  }

  @Override
  public Message[] expunge() throws MessagingException {
    throw new MethodNotSupportedException("expunge: has no messages");
  }
}
