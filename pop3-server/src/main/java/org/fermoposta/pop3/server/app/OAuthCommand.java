// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.auth.oauth.TokenVerdict;
import org.fermoposta.pop3.server.auth.oauth.TokenVerifier;
import org.fermoposta.pop3.server.device.RefusedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pop3-server oauth}: questions about access tokens. */
@Command(
    name = "oauth",
    description = "Answers questions about OAuth 2 access tokens.",
    subcommands = OAuthCommand.Check.class)
final class OAuthCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "no subcommand (expected: check)");
  }

  /** {@code pop3-server oauth check}: why does a token not let its user in? */
  @Command(
      name = "check",
      description =
          "Reads an access token from standard input and says whose it is, or why it is refused."
              + " Asks the issuers as the server does; never prints the token.")
  static final class Check extends ToolCommand {
    private static final int MAX_OCTETS = 96 * 1024;

    @Override
    int run(ServerComponent server) throws RefusedException {
      TokenVerifier verifier =
          server
              .tokens()
              .orElseThrow(
                  () ->
                      new RefusedException(
                          "no issuer is configured (expected: an oauth entry under auth)"));
      try (verifier) {
        return explain(verifier.verify(token()), server);
      }
    }

    private int explain(TokenVerdict verdict, ServerComponent server) {
      if (verdict instanceof TokenVerdict.Valid valid) {
        return account(valid, server.authenticator().find(valid.user()));
      } else if (verdict instanceof TokenVerdict.Refused refused) {
        print("refused: " + refused.logText());
        print(
            "clients are told: " + new String(refused.failure().toJson(), StandardCharsets.UTF_8));
      } else if (verdict instanceof TokenVerdict.Unavailable unavailable) {
        print("cannot be checked: " + unavailable.logText());
        return ExitCodes.TEMPORARY;
      } else if (verdict instanceof TokenVerdict.Foreign foreign) {
        print("refused: " + foreign.logText());
      }
      return ExitCodes.FAILURE;
    }

    private int account(TokenVerdict.Valid token, UserAnswer answer) {
      print("the token is good and names " + token.user());
      if (answer instanceof UserAnswer.Found found) {
        print("opens the maildrop of " + found.account().name());
        return ExitCodes.OK;
      } else if (answer instanceof UserAnswer.Unknown && token.acceptUnknown()) {
        print("opens the maildrop of " + token.user() + ", whom no back end knows");
        return ExitCodes.OK;
      } else if (answer instanceof UserAnswer.Unavailable down) {
        print("the account cannot be looked up: " + down.logText());
        return ExitCodes.TEMPORARY;
      }
      print(
          answer instanceof UserAnswer.Locked
              ? "refused: the account is locked"
              : "refused: there is no such account");
      return ExitCodes.FAILURE;
    }

    private void print(String line) {
      say(ControlCharacters.escape(line));
    }

    /** What there is on standard input, without blanks and line ends around it. */
    private static Secret token() throws RefusedException {
      byte[] octets = new byte[0];
      try {
        octets = System.in.readNBytes(MAX_OCTETS + 1);
        int from = 0;
        int to = octets.length;
        while (to > from && octets[to - 1] <= ' ' && octets[to - 1] >= 0) {
          to--;
        }
        while (from < to && octets[from] <= ' ' && octets[from] >= 0) {
          from++;
        }
        if (octets.length > MAX_OCTETS || from == to) {
          throw new RefusedException(
              "standard input: "
                  + (from == to ? "empty" : "too long")
                  + " (expected: a token, at most 96 KiB)");
        }
        return Secret.copyOf(octets, from, to);
      } catch (IOException e) {
        throw new RefusedException("standard input: " + e.getMessage());
      } finally {
        Arrays.fill(octets, (byte) 0);
      }
    }
  }
}
