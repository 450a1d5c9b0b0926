// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.Durations;
import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.auth.PasswordHasher;
import org.fermoposta.pop3.server.device.DeviceReport;
import org.fermoposta.pop3.server.device.RefusedException;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code pop3-server device}: what is done with the devices of a user, beside a running server. */
@Command(
    name = "device",
    description = "Lists, adds and revokes the devices of a user, and takes deletions back.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DeviceCommand.ListAll.class,
      DeviceCommand.Add.class,
      DeviceCommand.Revoke.class,
      DeviceCommand.Undelete.class
    })
final class DeviceCommand {
  private static final LeaseHolder HOLDER = LeaseHolder.unyielding("the device command");

  private DeviceCommand() {}

  @Command(name = "list", description = "Shows each device, its last use, and what it still holds.")
  static final class ListAll extends ToolCommand {
    @Parameters(paramLabel = "USER", description = "as the user logs in")
    private String user = "";

    @Override
    int run(ServerComponent server) throws MaildropException, RefusedException {
      MaildropName name = user(server, user);
      DeviceReport report = server.tools().report(MaildropAddress.of(name), HOLDER);
      if (report.entries().isEmpty()) {
        say(name + " has no devices");
      }
      for (DeviceReport.Entry entry : report.entries()) {
        say(
            String.format(
                "%-32s added %s  last used %-17s  holds %s%s",
                entry.name(),
                minute(entry.added()),
                entry.used().map(DeviceCommand::minute).orElse("never"),
                holds(entry.holds()),
                entry.ownPassword() ? "" : "  (no password of its own)"));
      }
      return ExitCodes.OK;
    }

    private static String holds(OptionalInt messages) {
      return messages.isPresent() ? String.valueOf(messages.getAsInt()) : "? (in use now)";
    }
  }

  @Command(name = "add", description = "Adds a device and prints its own password, this once.")
  static final class Add extends ToolCommand {
    @Parameters(index = "0", paramLabel = "USER", description = "as the user logs in")
    private String user = "";

    @Parameters(
        index = "1",
        paramLabel = "NAME",
        converter = DeviceConverter.class,
        description = "such as phone; main is the login that names no device")
    private @Nullable DeviceName device;

    @Override
    int run(ServerComponent server) throws MaildropException, RefusedException {
      MaildropName name = user(server, user);
      DeviceName added = Objects.requireNonNull(device);
      SecureRandom random = new SecureRandom();
      String password = new PasswordHasher(random).readablePassword();
      boolean first = server.devices().add(name, added, Secret.ofUtf8(password), random);
      say(password);
      if (first && !added.equals(DeviceName.MAIN)) {
        say(
            "The login without a device is now the device main. If all programs of "
                + name
                + " get devices, revoke it: mail stays until it has let go of it too.");
      }
      return ExitCodes.OK;
    }
  }

  @Command(
      name = "revoke",
      description = "Takes a device and its password away, and with it what it still holds.")
  static final class Revoke extends ToolCommand {
    @Parameters(index = "0", paramLabel = "USER", description = "as the user logs in")
    private String user = "";

    @Parameters(index = "1", paramLabel = "NAME", converter = DeviceConverter.class)
    private @Nullable DeviceName device;

    @Override
    int run(ServerComponent server) throws MaildropException, RefusedException {
      MaildropName name = user(server, user);
      server.devices().revoke(name, Objects.requireNonNull(device));
      try {
        int gone =
            server.tools().sweep(MaildropAddress.of(name), HOLDER, Integer.MAX_VALUE).letGo();
        say("revoked; " + gone + " messages that only it held have left");
      } catch (MaildropException e) {
        if (e.failure() != MaildropFailure.IN_USE) {
          throw e;
        }
        say("revoked; a session is running, what only it held leaves afterwards");
      }
      return ExitCodes.OK;
    }
  }

  @Command(
      name = "undelete",
      description = "Lets a device hold again what it deleted, as far as it is still in the store.")
  static final class Undelete extends ToolCommand {
    @Parameters(index = "0", paramLabel = "USER", description = "as the user logs in")
    private String user = "";

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "NAME",
        converter = DeviceConverter.class,
        description = "all devices if it is left out")
    private @Nullable DeviceName device;

    @Option(
        names = "--folder",
        paramLabel = "FOLDER",
        converter = FolderConverter.class,
        description = "what was deleted in this folder")
    private @Nullable FolderName folder;

    @Option(
        names = "--within",
        paramLabel = "DURATION",
        converter = DurationConverter.class,
        description = "what was deleted in this time, such as 2d (default: the grace period)")
    private @Nullable Duration within;

    @Override
    int run(ServerComponent server) throws MaildropException, RefusedException {
      Account account = account(server, user);
      MaildropName name = account.name();
      Duration grace = account.policy().grace();
      int messages =
          server
              .devices()
              .undelete(
                  new MaildropAddress(name, Optional.ofNullable(folder), Optional.empty()),
                  Optional.ofNullable(device),
                  within == null ? grace : within);
      say(messages + " messages are there again");
      return ExitCodes.OK;
    }
  }

  private static String minute(Instant time) {
    return time.truncatedTo(ChronoUnit.MINUTES).toString();
  }

  static final class DeviceConverter implements ITypeConverter<DeviceName> {
    @Override
    public DeviceName convert(String text) {
      return DeviceName.parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "not a device's name (expected: 1 to 32 of a-z 0-9 . _ -)"));
    }
  }

  static final class FolderConverter implements ITypeConverter<FolderName> {
    @Override
    public FolderName convert(String text) {
      return FolderName.parse(text)
          .orElseThrow(
              () -> new TypeConversionException("not a folder's name (expected: such as Junk)"));
    }
  }

  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
