// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** What works on maildrops outside of sessions, and steps back for them. */
@Qualifier
@Documented
@Retention(RetentionPolicy.RUNTIME)
@interface Tools {}
