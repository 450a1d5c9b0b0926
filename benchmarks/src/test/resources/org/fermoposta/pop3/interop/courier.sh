# SPDX-License-Identifier: Apache-2.0
# Courier as unpacked in PACKAGE, in name spaces of its own: /usr, /etc and /run are what it was built for, and
# nothing outside HOME is written. HOME, PACKAGE, USER_PASSWORD, PORT and TLS_PORT are set.
set -e
mkdir -p "$HOME/etc/courier" "$HOME/run/courier/authdaemon" "$HOME/work"
cp -p /etc/passwd /etc/group "$HOME/etc"
echo 'courier:x:65534:65534::/:/bin/false' >> "$HOME/etc/passwd"
echo 'courier:x:65534:' >> "$HOME/etc/group"
printf 'authmodulelist="authuserdb"\nauthmodulelistorig="authuserdb"\ndaemons=1\nversion=authdaemond\n' \
  > "$HOME/etc/courier/authdaemonrc"
chown -R 65534:65534 "$HOME/mail"

mount -t overlay none -o "lowerdir=$PACKAGE/usr:/usr" /usr
mount -t overlay none -o "lowerdir=/etc,upperdir=$HOME/etc,workdir=$HOME/work" /etc
mount --bind "$HOME/run" /run

hashed() { printf '%s\n%s\n' "$USER_PASSWORD" "$USER_PASSWORD" | userdbpw "$@"; }
printf 'demo\tuid=65534|gid=65534|home=%s|shell=/bin/sh|mail=%s|pop3pw=%s' \
  "$HOME" "$HOME/mail" "$(hashed -md5)" > /etc/courier/userdb
for way in md5 sha1 sha256; do printf '|pop3-hmac-%spw=%s' "$way" "$(hashed -hmac-$way)" >> /etc/courier/userdb; done
echo >> /etc/courier/userdb
chmod 600 /etc/courier/userdb
makeuserdb

/usr/lib/courier/courier-authlib/authdaemond &
export POP3AUTH='PLAIN LOGIN CRAM-MD5' POP3AUTH_TLS='PLAIN LOGIN CRAM-MD5' POP3_PROXY=0
export POP3_STARTTLS=YES POP3_TLS_REQUIRED=0 COURIERTLS=/usr/bin/couriertls TLS_CERTFILE="$HOME/server.pem"
export TLS_VERIFYPEER=NONE MIME_UNICODE_MESSAGE_TYPE=message/global
listen() {
  port=$1
  shift
  exec couriertcpd -address=127.0.0.1 -maxprocs=40 -maxperip=40 -nodnslookup -noidentlookup "$port" "$@" \
    /usr/lib/courier/courier/courierpop3login /usr/lib/courier/courier/courierpop3d Maildir
}
(export POP3_TLS=1; listen "$TLS_PORT" /usr/bin/couriertls -server -tcpd) &
listen "$PORT"
