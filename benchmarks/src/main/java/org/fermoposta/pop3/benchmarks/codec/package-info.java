// SPDX-License-Identifier: Apache-2.0

/**
 * The codec beside its peers: the same octets, the same JVM, one process for each pair of peer and
 * case. Start at {@link org.fermoposta.pop3.benchmarks.codec.BenchmarkMain}.
 */
@NullMarked
package org.fermoposta.pop3.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
