// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.stream.Stream;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.wire.ReplyWriter;
import org.fermoposta.pop3.server.text.Language;

/**
 * The language of one session's replies. It begins with the server's, spelled in ASCII until the
 * client has said that it takes UTF-8: by UTF8, or by choosing a language (RFC 6856, section 3.2).
 */
final class SpokenLanguage {
  private static final Pop3Reply CHOSEN = Pop3Reply.ok("this is the language from now on");

  private final Language first;
  private Language current;

  SpokenLanguage(Language first) {
    this.first = first;
    this.current = first.ascii();
  }

  /** The tags of all languages, the server's own first. */
  static List<String> tags(Language first) {
    return Stream.concat(Stream.of(first), Language.all().stream())
        .map(Language::tag)
        .distinct()
        .toList();
  }

  /** The language of what is said now. */
  Language now() {
    return current;
  }

  /** Chooses a language and returns the reply in it. */
  Pop3Reply choose(String tag) {
    current = Language.parse(tag);
    return Pop3Reply.ok(tag + " " + current.of(CHOSEN).text());
  }

  /** The client takes UTF-8. */
  void allowUtf8() {
    current = current.full();
  }

  /** What was said in clear was never said (L3). */
  void forget() {
    current = first.ascii();
  }

  /** Writes the lines of the listing. <b>Borrows</b> the buffer. */
  void writeAll(ByteBuf out) {
    for (Language language : Language.all()) {
      ReplyWriter.writeLine(out, language.tag() + " " + language.name());
    }
    ReplyWriter.writeFinalDot(out);
  }
}
