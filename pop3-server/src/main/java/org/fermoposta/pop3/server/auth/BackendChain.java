// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.PolicyRange;

/*
 * Design note. With several back ends the user is looked for first, which hashes nothing, and the
 * password is checked where the user is: so a user of any of them costs one hash, as does a user of
 * none, whose password goes to the first back end, which does its usual work for unknown users. With
 * one back end there is nothing to look for.
 *
 * A back end that is down decides as well: going on to the next could let another user of the same
 * name in, and answering "wrong" would make clients ask for a new password.
 */
/**
 * Several back ends in turn: the first that knows a user decides. One that is down and would have
 * been asked makes the answer {@link AuthResult.Unavailable}, unless an earlier one knew the user.
 * Thread-safe.
 */
public final class BackendChain implements Authenticator {

  /** A name under a domain that can never exist (RFC 2606); whatever is said of it is not used. */
  private static final MaildropName NOBODY = MaildropName.of("nobody@nowhere.invalid");

  /**
   * One back end of a chain.
   *
   * @param backend asked
   * @param onWrong what follows when it says that a password is wrong
   */
  public record Link(AuthBackend backend, OnWrong onWrong) {}

  private final List<Link> links;

  /**
   * A chain in this order.
   *
   * @throws IllegalArgumentException if there is no back end
   */
  public BackendChain(List<Link> links) {
    if (links.isEmpty()) {
      throw new IllegalArgumentException("back ends: none (expected: at least one)");
    }
    this.links = List.copyOf(links);
  }

  /** A chain of one. */
  public static BackendChain of(AuthBackend backend) {
    return new BackendChain(List.of(new Link(backend, OnWrong.STOP)));
  }

  /** All of them, in their order. */
  public List<AuthBackend> backends() {
    return links.stream().map(Link::backend).toList();
  }

  @Override
  public AuthResult authenticate(String name, Secret password) {
    Optional<MaildropName> user = MaildropName.parse(name);
    if (user.isEmpty()) {
      PasswordAnswer unused = links.get(0).backend().authenticate(NOBODY, password);
      return unused instanceof PasswordAnswer.Unavailable down
          ? unavailable(links.get(0), down.failure(), down.logText())
          : new AuthResult.Rejected("user " + LogText.quote(name) + ": no possible name");
    }
    return links.size() == 1 ? only(user.get(), password) : inTurn(user.get(), password);
  }

  private AuthResult only(MaildropName user, Secret password) {
    Link link = links.get(0);
    return result(link, user, link.backend().authenticate(user, password));
  }

  private AuthResult inTurn(MaildropName user, Secret password) {
    boolean checked = false;
    for (Link link : links) {
      UserAnswer known = link.backend().find(user);
      if (known instanceof UserAnswer.Unavailable down) {
        return unavailable(link, down.failure(), down.logText());
      } else if (!(known instanceof UserAnswer.Unknown)) {
        checked = true;
        PasswordAnswer answer = link.backend().authenticate(user, password);
        boolean goesOn =
            answer instanceof PasswordAnswer.Unknown
                || (answer instanceof PasswordAnswer.Wrong && link.onWrong() == OnWrong.NEXT);
        if (!goesOn) {
          return result(link, user, answer);
        }
      }
    }
    if (!checked) {
      PasswordAnswer unused = links.get(0).backend().authenticate(user, password);
      if (unused instanceof PasswordAnswer.Unavailable down) {
        return unavailable(links.get(0), down.failure(), down.logText());
      }
    }
    return rejected(user, checked ? "wrong password at each back end" : "unknown");
  }

  private static AuthResult result(Link link, MaildropName user, PasswordAnswer answer) {
    if (answer instanceof PasswordAnswer.Right right) {
      return new AuthResult.Accepted(right.account());
    } else if (answer instanceof PasswordAnswer.Unavailable down) {
      return unavailable(link, down.failure(), down.logText());
    } else if (answer instanceof PasswordAnswer.Wrong) {
      return rejected(user, "wrong password or locked");
    }
    return rejected(user, "unknown");
  }

  private static AuthResult rejected(MaildropName user, String why) {
    return new AuthResult.Rejected("user " + LogText.quote(user) + ": " + why);
  }

  private static AuthResult unavailable(Link link, MaildropFailure failure, String logText) {
    return new AuthResult.Unavailable(
        failure, LogText.quote(link.backend().name()) + ": " + logText);
  }

  @Override
  public UserAnswer find(MaildropName name) {
    for (Link link : links) {
      UserAnswer answer = link.backend().find(name);
      if (answer instanceof UserAnswer.Unavailable down) {
        return new UserAnswer.Unavailable(
            down.failure(), LogText.quote(link.backend().name()) + ": " + down.logText());
      } else if (!(answer instanceof UserAnswer.Unknown)) {
        return answer;
      }
    }
    return new UserAnswer.Unknown();
  }

  /** The back end that {@link #find} takes its answer from; empty if it is of none of them. */
  public Optional<AuthBackend> deciding(MaildropName name) {
    return links.stream()
        .map(Link::backend)
        .filter(backend -> !(backend.find(name) instanceof UserAnswer.Unknown))
        .findFirst();
  }

  @Override
  public PolicyRange policies() {
    return links.stream()
        .map(link -> link.backend().policies())
        .reduce(PolicyRange::and)
        .orElseThrow();
  }

  @Override
  public Collection<MaildropName> names() {
    Set<MaildropName> names = new LinkedHashSet<>();
    links.forEach(link -> names.addAll(link.backend().names()));
    return names;
  }

  @Override
  public ScramUsers scram(ScramHash hash) {
    return links.stream()
        .map(link -> link.backend().scram(hash))
        .reduce(ScramUsers::and)
        .orElseThrow();
  }

  @Override
  public Object generation() {
    return links.stream().map(link -> link.backend().generation()).toList();
  }

  @Override
  public void close() {
    links.forEach(link -> link.backend().close());
  }
}
