// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.testkit;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which Netty's leak detector reports a buffer that was dropped without
 * being released. Needs the detector's paranoid level, which the build sets; the buffers must come
 * from a tracking allocator, as every channel's is.
 */
/*
 * The detector reports a leak only when a later buffer is allocated after the leaked one was
 * collected. So: collect until a canary of ours is gone, allocate once, look. It tells leaks through
 * a listener, but the detector for buffers is not public; on the class path reflection reaches it.
 */
public final class LeakExtension implements BeforeAllCallback, AfterAllCallback {
  private static final int MAX_ROUNDS = 50;
  private static final long ROUND_MILLIS = 200;
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  static {
    detector().setLeakListener((resource, records) -> LEAKS.add(resource + "\n" + records));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
      throw new IllegalStateException(
          "leak detection: "
              + ResourceLeakDetector.getLevel()
              + " (expected: PARANOID, by -Dio.netty.leakDetection.level=paranoid)");
    }
    provokeReports();
    LEAKS.clear();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    List<String> leaks = leaks();
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          leaks.size()
              + " leaks after "
              + context.getDisplayName()
              + "; the first:\n"
              + leaks.get(0));
    }
  }

  /** Returns what has leaked since the last call, for a test that wants to know at once. */
  public static List<String> leaks() {
    provokeReports();
    List<String> leaks = List.copyOf(LEAKS);
    LEAKS.clear();
    return leaks;
  }

  private static void provokeReports() {
    // References found in one collection are queued in any order, so the first canary may be ahead
    // of a leak; by the time the second one is queued, all of the first collection's are.
    collect();
    collect();
    ByteBufAllocator.DEFAULT.directBuffer(1).release();
  }

  @SuppressWarnings("SystemGcCall") // the point of it
  private static void collect() {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
    try {
      for (int round = 0; round < MAX_ROUNDS; round++) {
        System.gc();
        if (queue.remove(ROUND_MILLIS) != null && canary.get() == null) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("the garbage collector does not collect");
  }

  private static ResourceLeakDetector<?> detector() {
    try {
      Field field =
          Class.forName("io.netty.buffer.AbstractByteBuf").getDeclaredField("leakDetector");
      field.setAccessible(true);
      Object detector = field.get(null);
      if (detector == null) {
        throw new IllegalStateException("AbstractByteBuf.leakDetector: null");
      }
      return (ResourceLeakDetector<?>) detector;
    } catch (ReflectiveOperationException changed) {
      throw new IllegalStateException(
          "this version of Netty keeps its leak detector elsewhere", changed);
    }
  }
}
