// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A body that may not be longer than agreed; the connection of one that is gets cut. */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {

  private final int maxOctets;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private Flow.@Nullable Subscription subscription;

  BoundedBody(int maxOctets) {
    this.maxOctets = maxOctets;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (buffer.remaining() > maxOctets - received.size()) {
        Flow.Subscription current = subscription;
        if (current != null) {
          current.cancel();
        }
        body.completeExceptionally(new IOException("more than " + maxOctets + " octets"));
        return;
      }
      byte[] octets = new byte[buffer.remaining()];
      buffer.get(octets);
      received.write(octets, 0, octets.length);
    }
  }

  @Override
  public void onError(Throwable cause) {
    body.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    body.complete(received.toByteArray());
  }
}
