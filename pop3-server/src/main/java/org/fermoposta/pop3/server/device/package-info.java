// SPDX-License-Identifier: Apache-2.0

/**
 * Several devices of one user: each sees every message until it deleted it, and a message leaves
 * the store when all have. {@link org.fermoposta.pop3.server.device.DeviceStore} is laid over a
 * store, {@link org.fermoposta.pop3.server.device.Devices} keeps who has which devices.
 */
@NullMarked
package org.fermoposta.pop3.server.device;

import org.jspecify.annotations.NullMarked;
