# SPDX-License-Identifier: Apache-2.0
# One session of popa3d as unpacked in PACKAGE, on standard input and output, in a name space of its own in
# which HOME/etc, HOME/lib and HOME/mail are laid over /etc, /var/lib and /var/mail.
set -e
mount -t overlay none -o "lowerdir=$HOME/etc:$PACKAGE/etc:/etc" /etc
mount -t overlay none -o "lowerdir=$HOME/lib:/var/lib" /var/lib
mount --bind "$HOME/mail" /var/mail
exec "$PACKAGE/usr/sbin/popa3d"
