// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a connection in or refuses it. */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails leaves nothing more to do.
final class ChildInitializer extends ChannelInitializer<Channel> {
  private static final Logger log = LoggerFactory.getLogger(ChildInitializer.class);
  private static final long REFUSAL_MILLIS = 2000;

  private final Listener listener;
  private final ChildPipelines pipelines;
  private final Admission admission;

  ChildInitializer(Listener listener, ChildPipelines pipelines, Admission admission) {
    this.listener = listener;
    this.pipelines = pipelines;
    this.admission = admission;
  }

  @Override
  protected void initChannel(Channel channel) {
    ProxyProtocolSettings proxies = listener.proxyProtocol();
    if (proxies == null) {
      admit(channel);
    } else {
      ProxyHeaderGate.guard(listener, proxies, channel, () -> admit(channel));
    }
  }

  /** The client's address is known. */
  private void admit(Channel channel) {
    Admission.Verdict verdict = admission.admit(channel);
    if (verdict == Admission.Verdict.ADMITTED) {
      pipelines.initialise(listener, channel);
    } else if (admission.admitRefusal(channel)) {
      log.warn(
          "{}: {}, refused {}",
          listener.name(),
          verdict == Admission.Verdict.FULL
              ? "connection limit reached"
              : "too many connections from its network",
          ClientAddress.of(channel));
      pipelines.refuse(listener, channel);
      var timer =
          channel
              .eventLoop()
              .schedule(() -> channel.close(), REFUSAL_MILLIS, TimeUnit.MILLISECONDS);
      channel.closeFuture().addListener(f -> timer.cancel(false));
    } else {
      channel.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.error("{}: cannot set up a connection", listener.name(), cause);
    ctx.close();
  }
}
