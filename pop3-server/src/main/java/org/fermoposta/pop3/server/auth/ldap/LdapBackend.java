// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.server.auth.AuthBackend;
import org.fermoposta.pop3.server.auth.BackendProbe;
import org.fermoposta.pop3.server.auth.FetchedUser;
import org.fermoposta.pop3.server.auth.FetchedUsers;
import org.fermoposta.pop3.server.auth.PasswordAnswer;
import org.fermoposta.pop3.server.auth.ScramUsers;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.policy.PolicyRange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. A password of a user who is unknown or locked takes the same steps as any other, with
 * the decoy in place of the entry, and what comes of it is not looked at, unless the directory is
 * down. What the directory itself computes for an entry that is not there is up to it; an entry as
 * decoy makes it do the same work (docs/authentication.md).
 */
/** Users in an LDAP directory: found by a search, then checked in one of three ways. */
public final class LdapBackend implements AuthBackend {

  private static final Logger LOG = LoggerFactory.getLogger(LdapBackend.class);
  private static final int PAGE = 500;
  private static final int TOO_MANY = 2;

  private final LdapSettings settings;
  private final MailPolicy defaults;
  private final EntryReader reader;
  private final LdapConnections connections;
  private final FetchedUsers checks = new FetchedUsers();
  private final String decoyDn;

  /**
   * Connects to nobody yet.
   *
   * @param defaults for what an entry does not say
   * @throws IllegalArgumentException if the settings name a file that cannot be used
   */
  public LdapBackend(LdapSettings settings, MailPolicy defaults) {
    this.settings = settings;
    this.defaults = defaults;
    reader = new EntryReader(settings, defaults);
    try {
      String decoy = settings.decoyDn();
      decoyDn =
          decoy != null
              ? decoy
              : new DN(new RDN("cn", "nobody-" + UUID.randomUUID()), new DN(settings.base()))
                  .toString();
      connections = new LdapConnections(settings);
    } catch (LDAPException e) {
      throw new IllegalArgumentException(LdapFailures.text(e), e);
    }
  }

  @Override
  public String name() {
    return "ldap "
        + settings.urls().stream().map(LdapUrl::toString).collect(Collectors.joining(" "));
  }

  @Override
  public Optional<String> problem() {
    return BackendProbe.problem(this);
  }

  @Override
  public PasswordAnswer authenticate(MaildropName user, Secret password) {
    if (password.isEmpty()) {
      // Nobody has one; and a bind with it would succeed as nobody (RFC 4513 section 5.1.2).
      return new PasswordAnswer.Wrong();
    }
    try {
      Optional<SearchResultEntry> entry = entry(user);
      Optional<FetchedUser> known = entry.map(found -> reader.read(user, found));
      if (settings.method() == LdapMethod.HASH) {
        return checks.check(known, password);
      }
      boolean open = known.isPresent() && !known.get().locked();
      String dn = open ? entry.orElseThrow().getDN() : decoyDn;
      if (confirmed(dn, password) && open) {
        return new PasswordAnswer.Right(known.orElseThrow().account());
      }
      return known.isPresent() ? new PasswordAnswer.Wrong() : new PasswordAnswer.Unknown();
    } catch (LDAPException e) {
      return new PasswordAnswer.Unavailable(LdapFailures.failure(e), LdapFailures.text(e));
    } catch (IllegalArgumentException e) {
      return new PasswordAnswer.Unavailable(MaildropFailure.PERMANENT, unusable(user, e));
    }
  }

  private boolean confirmed(String dn, Secret password) throws LDAPException {
    boolean bind = settings.method() == LdapMethod.BIND;
    try {
      if (bind) {
        connections.bind(dn, password);
        return true;
      }
      return connections.compare(dn, settings.passwordAttribute(), password);
    } catch (LDAPException e) {
      if (bind ? LdapFailures.refusesBind(e) : LdapFailures.refusesComparison(e)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public UserAnswer find(MaildropName user) {
    try {
      Optional<FetchedUser> known = entry(user).map(found -> reader.read(user, found));
      known.ifPresent(checks::note);
      return known.map(FetchedUser::found).orElseGet(UserAnswer.Unknown::new);
    } catch (LDAPException e) {
      return new UserAnswer.Unavailable(LdapFailures.failure(e), LdapFailures.text(e));
    } catch (IllegalArgumentException e) {
      return new UserAnswer.Unavailable(MaildropFailure.PERMANENT, unusable(user, e));
    }
  }

  private static String unusable(MaildropName user, IllegalArgumentException e) {
    return "entry of " + LogText.quote(user) + ": " + e.getMessage();
  }

  private Optional<SearchResultEntry> entry(MaildropName user) throws LDAPException {
    SearchRequest request =
        new SearchRequest(
            settings.base(),
            settings.scope().sdk(),
            settings.filter().of(user),
            reader.attributes());
    request.setSizeLimit(TOO_MANY);
    request.setTimeLimitSeconds(
        Math.toIntExact(settings.responseTimeout().plusMillis(999).toSeconds()));
    try {
      List<SearchResultEntry> entries = entries(connections.search(request));
      if (entries.size() > 1) {
        throw ambiguous();
      }
      return entries.stream().findFirst();
    } catch (LDAPException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        throw ambiguous();
      }
      throw e;
    }
  }

  /** The SDK has no list if a listener took the entries, which none of ours does. */
  private static List<SearchResultEntry> entries(SearchResult result) {
    return Objects.requireNonNullElse(result.getSearchEntries(), List.of());
  }

  private IllegalArgumentException ambiguous() {
    return new IllegalArgumentException(
        settings.filter() + " finds several entries (expected: one or none)");
  }

  @Override
  public PolicyRange policies() {
    return settings.strictest().range(defaults, Set.copyOf(settings.attributes().values()));
  }

  @Override
  public ScramUsers scram(ScramHash hash) {
    return checks.scram(hash);
  }

  @Override
  public Collection<MaildropName> names() {
    String all = settings.usersFilter();
    String attribute = settings.nameAttribute();
    if (all == null || attribute == null) {
      return List.of();
    }
    Set<MaildropName> names = new HashSet<>();
    try {
      SearchRequest request =
          new SearchRequest(settings.base(), settings.scope().sdk(), Filter.create(all), attribute);
      SimplePagedResultsControl page = new SimplePagedResultsControl(PAGE, true);
      while (page != null) {
        request.setControls(page);
        SearchResult result = connections.search(request);
        entries(result).forEach(entry -> reader.name(entry).ifPresent(names::add));
        SimplePagedResultsControl next = SimplePagedResultsControl.get(result);
        page =
            next != null && next.moreResultsToReturn()
                ? new SimplePagedResultsControl(PAGE, next.getCookie(), true)
                : null;
      }
      return names;
    } catch (LDAPException e) {
      LOG.warn("{}: cannot list users: {}", LogText.quote(name()), LdapFailures.text(e));
      return List.of();
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
