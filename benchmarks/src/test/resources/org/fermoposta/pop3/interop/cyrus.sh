# SPDX-License-Identifier: Apache-2.0
# Cyrus as unpacked in PACKAGE, in name spaces of its own in which /usr has it; all files are in HOME, with
# imapd.conf and cyrus.conf among them. HOME, PACKAGE and USER_PASSWORD are set.
set -e
mount -t overlay none -o "lowerdir=$PACKAGE/usr:/usr" /usr
for name in db proc socket lock user quota sieve log msg ptclient; do mkdir -p "$HOME/conf/$name"; done
mkdir -p "$HOME/spool"
printf '%s' "$USER_PASSWORD" | saslpasswd2 -p -c -f "$HOME/sasldb2" -u localhost demo
chown -R nobody: "$HOME"
exec /usr/lib/cyrus/bin/master -C "$HOME/imapd.conf" -M "$HOME/cyrus.conf" -p "$HOME/pid" -D
