// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.upstream;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.SaslResponseLine;
import org.fermoposta.pop3.protocol.codec.Pop3ClientCodec;
import org.fermoposta.pop3.protocol.codec.Pop3Request;
import org.fermoposta.pop3.protocol.codec.ReplyConsumer;
import org.fermoposta.pop3.proxy.route.Upstream;

/**
 * A connection to an upstream that has greeted and where nobody is logged in yet. What is sent are
 * values, printed as one line each; what comes back was parsed. All methods are for the
 * connection's event loop.
 */
public final class UpstreamLeg {
  private final Channel channel;
  private final Upstream upstream;
  private Optional<Capabilities> capabilities = Optional.empty();
  private boolean capaAnswered;

  UpstreamLeg(Channel channel, Upstream upstream) {
    this.channel = channel;
    this.upstream = upstream;
  }

  /**
   * Sends a command. The end of the reply is told one turn of the event loop after it was read: had
   * the next command been sent within the same read, octets that nobody asked for would pass for
   * its reply. So they find no command outstanding, and the connection ends.
   */
  public void send(Pop3Command command, ReplyConsumer consumer) {
    channel.writeAndFlush(new Pop3Request(command, new LateEnd(consumer)));
  }

  /** Answers a challenge. */
  public void respond(SaslResponseLine response) {
    channel.writeAndFlush(response);
  }

  /**
   * Asks for the upstream's capabilities, the first time; later the same answer is given at once.
   *
   * @param then takes the answer; empty if the upstream refused CAPA
   * @param failed called instead if the connection ended before the answer
   */
  public void capabilities(Consumer<Optional<Capabilities>> then, Consumer<Throwable> failed) {
    if (capaAnswered) {
      then.accept(capabilities);
    } else {
      send(Pop3Command.CAPA, new CapaReply(then, failed));
    }
  }

  /** Calls back once when the connection is closed, by whomever. */
  public void onClosed(Runnable action) {
    channel.closeFuture().addListener(closed -> action.run());
  }

  /** Returns whether the connection is open. */
  public boolean isOpen() {
    return channel.isActive();
  }

  /** Closes the connection. */
  public void close() {
    channel.close();
  }

  /** Returns which server this is. */
  public Upstream upstream() {
    return upstream;
  }

  /** Gives the connection away, for octets instead of values; this leg must not be used again. */
  public Channel release() {
    channel.pipeline().remove(Pop3ClientCodec.class);
    return channel;
  }

  private final class CapaReply implements ReplyConsumer {
    private final Consumer<Optional<Capabilities>> then;
    private final Consumer<Throwable> failed;
    private final List<String> lines = new ArrayList<>();
    private boolean granted;

    CapaReply(Consumer<Optional<Capabilities>> then, Consumer<Throwable> failed) {
      this.then = then;
      this.failed = failed;
    }

    @Override
    public void onStatus(Pop3Reply status) {
      granted = status.positive();
    }

    @Override
    public void onLine(String line) {
      lines.add(line);
    }

    @Override
    public void onEnd() {
      capabilities = granted ? Optional.of(Capabilities.parse(lines)) : Optional.empty();
      capaAnswered = true;
      then.accept(capabilities);
    }

    @Override
    public void onFailure(Throwable cause) {
      failed.accept(cause);
    }
  }

  private final class LateEnd implements ReplyConsumer {
    private final ReplyConsumer consumer;

    LateEnd(ReplyConsumer consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onChallenge(String base64) {
      consumer.onChallenge(base64);
    }

    @Override
    public void onStatus(Pop3Reply status) {
      consumer.onStatus(status);
    }

    @Override
    public void onLine(String line) {
      consumer.onLine(line);
    }

    @Override
    public void onEnd() {
      channel.eventLoop().execute(consumer::onEnd);
    }

    @Override
    public void onFailure(Throwable cause) {
      consumer.onFailure(cause);
    }
  }
}
