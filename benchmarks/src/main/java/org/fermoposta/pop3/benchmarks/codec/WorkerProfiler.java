// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * CPU time and allocated octets of JMH's worker thread per operation: on a machine that others use
 * too, wall time says little.
 */
public final class WorkerProfiler implements InternalProfiler {

  static final String CPU = "worker.cpu";
  static final String ALLOCATED = "worker.alloc";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Map<Long, long[]> before = new HashMap<>();

  @Override
  public String getDescription() {
    return "CPU time and allocation of the worker thread";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before.clear();
    for (long id : workers()) {
      before.put(
          id, new long[] {threads.getThreadCpuTime(id), threads.getThreadAllocatedBytes(id)});
    }
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long cpu = 0;
    long allocated = 0;
    for (long id : workers()) {
      long[] then = before.getOrDefault(id, new long[2]);
      cpu += threads.getThreadCpuTime(id) - then[0];
      allocated += threads.getThreadAllocatedBytes(id) - then[1];
    }
    double operations = Math.max(1, result.getMetadata().getAllOps());
    return List.of(
        new ScalarResult(CPU, cpu / operations, "ns/op", AggregationPolicy.AVG),
        new ScalarResult(ALLOCATED, allocated / operations, "B/op", AggregationPolicy.AVG));
  }

  private List<Long> workers() {
    List<Long> ids = new ArrayList<>();
    for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (info != null && info.getThreadName().contains("-jmh-worker-")) {
        ids.add(info.getThreadId());
      }
    }
    return ids;
  }
}
