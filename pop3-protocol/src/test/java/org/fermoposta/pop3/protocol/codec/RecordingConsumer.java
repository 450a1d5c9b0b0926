// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.testkit.Octets;

/** Writes down every call in a list, which may be shared; bodies are joined to one entry. */
class RecordingConsumer implements ReplyConsumer {
  final List<String> calls;
  private final String name;
  private final StringBuilder body = new StringBuilder();

  RecordingConsumer(String name, List<String> calls) {
    this.name = name;
    this.calls = calls;
  }

  @Override
  public void onStatus(Pop3Reply status) {
    calls.add(name + " " + status);
  }

  @Override
  public void onChallenge(String base64) {
    calls.add(name + " challenge " + base64);
  }

  @Override
  public void onLine(String line) {
    calls.add(name + " line " + line);
  }

  @Override
  public void onSize(int messageNumber, long octets) {
    calls.add(name + " size " + messageNumber + " " + octets);
  }

  @Override
  public void onUniqueId(int messageNumber, byte[] line, int offset, int length) {
    String id = new String(line, offset, length, StandardCharsets.ISO_8859_1);
    calls.add(name + " id " + messageNumber + " " + id);
  }

  @Override
  public void onBody(ByteBuf octets) {
    body.append(octets.toString(StandardCharsets.ISO_8859_1));
    octets.release();
  }

  @Override
  public void onEnd() {
    calls.add(
        name
            + " end"
            + (body.length() == 0 ? "" : " " + Octets.escape(Octets.latin1(body.toString()))));
  }

  @Override
  public void onFailure(Throwable cause) {
    calls.add(name + " failed " + cause.getClass().getSimpleName());
  }
}
