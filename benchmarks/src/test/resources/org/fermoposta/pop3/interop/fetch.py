# SPDX-License-Identifier: Apache-2.0
"""Fetches every message with poplib: fetch.py clear|stls|tls HOST PORT USER CA DIRECTORY keep|delete"""

import os
import poplib
import ssl
import sys

encryption, host, port, user, authorities, directory, then = sys.argv[1:]

# Its limit of 2048 octets a line is meant for replies, but holds for mail as well.
poplib._MAXLINE = 1 << 20

if encryption == "clear":
    maildrop = poplib.POP3(host, int(port), timeout=30)
else:
    context = ssl.create_default_context(cafile=authorities)
    if encryption == "tls":
        maildrop = poplib.POP3_SSL(host, int(port), context=context, timeout=30)
    else:
        maildrop = poplib.POP3(host, int(port), timeout=30)
        maildrop.stls(context=context)

maildrop.user(user)
maildrop.pass_(os.environ["POP3_PASSWORD"])
count, size = maildrop.stat()
listed = [line.split() for line in maildrop.list()[1]]
ids = [line.split()[1] for line in maildrop.uidl()[1]]
if len(listed) != count or len(set(ids)) != count:
    sys.exit(f"STAT {count}, LIST {len(listed)}, UIDL {len(set(ids))} differ")
if sum(int(octets) for _, octets in listed) != size:
    sys.exit(f"the sizes of LIST do not add up to {size}")
for number, octets in listed:
    _, lines, _ = maildrop.retr(int(number))
    if sum(len(line) + 2 for line in lines) != int(octets):
        sys.exit(f"message {int(number)} is not {int(octets)} octets as listed")
    with open(os.path.join(directory, number.decode()), "wb") as file:
        for line in lines:
            file.write(line + b"\n")
    if then == "delete":
        maildrop.dele(int(number))
maildrop.quit()
