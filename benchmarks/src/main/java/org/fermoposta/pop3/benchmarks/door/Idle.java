// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

/**
 * What one idle session holds, in octets.
 *
 * @param sessions how many there were
 * @param heap live objects of a JVM
 * @param rest physical memory that is no heap
 */
record Idle(int sessions, double heap, double rest) {}
