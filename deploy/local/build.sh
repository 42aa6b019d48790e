# Shared by run-local and deploy/generate, which source it in the root of the repository. `jdk` is the home of a JDK.

libraries=(platform/platform-core platform/platform-starter shared-events)

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

jar_of() {
  local jar
  for jar in "$1/target/$2"-*.jar; do
    [ -f "$jar" ] && echo "$jar" && return
  done
  return 0
}

# A module is stale if it is not built, or if one of its sources is newer than its jar.
is_stale() {
  local artifact jar sources
  artifact=$(basename "$1")
  sources=("$1/pom.xml" "$1/src" pom.xml)
  case $1 in
    deploy/local)
      artifact=sagamart-local
      sources+=(deploy/postgres platform.yml)
      [ -f deploy/local/target/launcher.classpath ] || return 0 ;;
    deploy/*) [ -d "$1/target/libraries" ] || return 0 ;;
    *)
      for library in "${libraries[@]}"; do sources+=("$library/pom.xml" "$library/src/main"); done
      # the edge reads platform.yml
      [ "$1" != api-gateway ] || sources+=(platform.yml) ;;
  esac
  sources=("${sources[@]/%\/src//src/main}")
  jar=$(jar_of "$1" "$artifact")
  [ -n "$jar" ] && [ -z "$(find "${sources[@]}" -newer "$jar" -print -quit 2> /dev/null)" ] && return 1
  return 0
}

# Builds the stale modules.
build_stale() { # MODULE...
  local program stale=() log=.local/log/build.log maven artifact jar
  for program; do
    if is_stale "$program"; then stale+=("$program"); fi
  done
  [ ${#stale[@]} -gt 0 ] || return 0
  mkdir -p .local/log
  printf 'Building %s (the first time takes minutes; log: %s) ' "$(IFS=,; echo "${stale[*]##*/}")" "$log"
  JAVA_HOME=$jdk ./mvnw -B -ntp -Dmaven.test.skip=true -Djacoco.skip -Dspring-javaformat.validate.skip=true \
    -pl "$(IFS=,; echo "${stale[*]}")" -am package > "$log" 2>&1 < /dev/null &
  maven=$!
  trap 'kill "$maven" 2> /dev/null || true; exit 130' INT TERM
  while kill -0 "$maven" 2> /dev/null; do
    printf .
    sleep 2
  done
  wait "$maven" || { printf '\n'; grep -E '^\[ERROR\]|^Error' "$log" | head -30 >&2; fail "The build failed, see $log"; }
  trap - INT TERM
  # Maven does not touch a jar that does not change, so it would stay stale.
  for program in "${stale[@]}"; do
    artifact=$(basename "$program")
    [ "$program" != deploy/local ] || artifact=sagamart-local
    jar=$(jar_of "$program" "$artifact")
    [ -z "$jar" ] || touch "$jar"
  done
  printf ' done\n'
}
