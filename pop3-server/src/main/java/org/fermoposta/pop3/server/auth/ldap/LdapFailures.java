// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.util.Set;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;

/** What result codes (RFC 4511 Appendix A) mean for a login. */
final class LdapFailures {

  private static final Set<ResultCode> NEED_A_HUMAN =
      Set.of(
          ResultCode.INVALID_CREDENTIALS,
          ResultCode.AUTH_METHOD_NOT_SUPPORTED,
          ResultCode.STRONG_AUTH_REQUIRED,
          ResultCode.CONFIDENTIALITY_REQUIRED,
          ResultCode.INAPPROPRIATE_AUTHENTICATION,
          ResultCode.INSUFFICIENT_ACCESS_RIGHTS,
          ResultCode.NO_SUCH_OBJECT,
          ResultCode.NO_SUCH_ATTRIBUTE,
          ResultCode.UNDEFINED_ATTRIBUTE_TYPE,
          ResultCode.INAPPROPRIATE_MATCHING,
          ResultCode.INVALID_DN_SYNTAX,
          ResultCode.REFERRAL,
          ResultCode.UNWILLING_TO_PERFORM);

  private static final Set<ResultCode> REFUSED =
      Set.of(
          ResultCode.INVALID_CREDENTIALS,
          ResultCode.NO_SUCH_OBJECT,
          ResultCode.INAPPROPRIATE_AUTHENTICATION,
          ResultCode.CONSTRAINT_VIOLATION);

  private LdapFailures() {}

  /** Whether a bind as a user failed because of user or password, and not of anything else. */
  static boolean refusesBind(LDAPException e) {
    return REFUSED.contains(e.getResultCode());
  }

  /** Whether a comparison, which runs as the service, found no entry or no password. */
  static boolean refusesComparison(LDAPException e) {
    return e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)
        || e.getResultCode().equals(ResultCode.NO_SUCH_ATTRIBUTE);
  }

  /** Whether trying again can help. */
  static MaildropFailure failure(LDAPException e) {
    return NEED_A_HUMAN.contains(e.getResultCode())
        ? MaildropFailure.PERMANENT
        : MaildropFailure.TEMPORARY;
  }

  /** What happened, for the log. */
  static String text(LDAPException e) {
    return e.getResultCode() + ": " + LogText.quote(String.valueOf(e.getMessage()));
  }
}
