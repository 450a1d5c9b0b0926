# SPDX-License-Identifier: Apache-2.0
# Sourced by the launchers: builds what is missing or stale, finds a JDK, starts the program.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

# Prints the home of the first JDK whose major version is at least $1.
find_jdk() {
  local wanted=$1 home version
  for home in "${JAVA_HOME_25:-}" "${JAVA25_HOME:-}" "${JAVA_HOME:-}" \
    "$(command -v java >/dev/null && dirname "$(dirname "$(readlink -f "$(command -v java)")")")" \
    /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* "$HOME"/.sdkman/candidates/java/* \
    "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$home" ] && [ -x "$home/bin/java" ] && [ -f "$home/release" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    if [ -n "$version" ] && [ "$version" -ge "$wanted" ]; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}

# Whether module $1 has to be built: it never was, or a source is newer than the last build.
is_stale() {
  local classpath="$root/$1/target/classpath" jar
  jar=$(find "$root/$1/target" -maxdepth 1 -name "$1-*.jar" ! -name '*-tests.jar' 2>/dev/null | head -n 1)
  [ -f "$classpath" ] && [ -n "$jar" ] || return 0
  [ -n "$(find "$root/pom.xml" "$root"/pop3-*/pom.xml "$root"/pop3-*/src/main \
    -newer "$classpath" -newer "$jar" -print -quit)" ]
}

build() {
  command -v mvn >/dev/null || {
    echo "$program: Maven is needed to build from a checkout, and mvn is not on the PATH" >&2
    exit 69
  }
  echo "$program: building $1 (the first time takes a minute or two) ..." >&2
  (cd "$root" && mvn -q -B -ntp -pl "$1" -am -DskipTests -Dspotless.check.skip=true package) >&2 || {
    echo "$program: the build failed, see above" >&2
    exit 70
  }
  touch "$root/$1/target/classpath"
}

# launch MODULE JDK MAIN-CLASS ARGUMENTS...
launch() {
  local module=$1 jdk=$2 main=$3 home
  shift 3
  program=$(basename "$0")
  home=$(find_jdk "$jdk") || {
    echo "$program: JDK $jdk or newer is needed; set JAVA_HOME to one (see README, What you need)" >&2
    exit 69
  }
  if is_stale "$module"; then
    mkdir -p "$root/$module/target"
    if command -v flock >/dev/null; then
      exec 9>"$root/.build-lock"
      flock 9
      is_stale "$module" && build "$module"
      exec 9>&-
    else
      build "$module"
    fi
  fi
  local flags=()
  if [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")" -ge 24 ]; then
    flags+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
  fi
  # shellcheck disable=SC2086
  exec "$home/bin/java" "${flags[@]}" ${FERMOPOSTA_JAVA_OPTS:-} \
    -cp "$root/$module/target/classes:$(cat "$root/$module/target/classpath")" "$main" "$@"
}
