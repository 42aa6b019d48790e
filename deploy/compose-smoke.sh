#!/usr/bin/env bash
# Starts everything with docker compose and places an order, places another one after kill -9 of each container, then
# runs `down` and `up` with the same data, then the end-to-end tests. Prints times and memory.
#   --keep     leaves the platform running; otherwise it is removed at the end, including volumes
#   --no-e2e   skips the end-to-end tests, which take longest, and need a JDK 25 and the ports of open-ports.yml
#   COMPOSE    the command, `docker compose` or `docker-compose`; by default the one that is installed
set -euo pipefail
cd "$(dirname "$0")/.."

keep=no e2e=yes
for option; do
  case $option in
    --keep) keep=yes ;;
    --no-e2e) e2e=no ;;
    *) sed -n '2,6s/^# \?//p' "$0" >&2; exit 2 ;;
  esac
done
[ "$e2e" = no ] || deploy/local/find-jdk > /dev/null || { echo "With --no-e2e, no JDK is needed." >&2; exit 2; }
if [ -z "${COMPOSE-}" ]; then
  if docker compose version > /dev/null 2>&1; then COMPOSE='docker compose'; else COMPOSE=docker-compose; fi
fi
export COMPOSE_PROJECT_NAME="${COMPOSE_PROJECT_NAME:-sagamart-smoke}" GATEWAY_PORT="${GATEWAY_PORT:-18080}"
url=http://127.0.0.1:$GATEWAY_PORT
started=$SECONDS

say() { printf '%4d s  %s\n' "$((SECONDS - started))" "$*"; }
fail() { say "FAILED: $*" >&2; exit 1; }
compose() { $COMPOSE "$@" > "$log" 2>&1 || { tail -30 "$log" >&2; fail "$COMPOSE $*"; }; }

log=$(mktemp)
finish() {
  status=$?
  [ "$keep" = yes ] || $COMPOSE down -v > "$log" 2>&1 || true
  rm -f "$log"
  exit "$status"
}
trap finish EXIT

# order NAME: one order through the gateway to CONFIRMED
order() {
  local since=$SECONDS
  last=$(deploy/smoke-order "$url" 2> "$log") || { tail -5 "$log" >&2; fail "no confirmed order $1"; }
  say "order confirmed $1 ($((SECONDS - since)) s)$(sed 's/^/; /' "$log")"
}

memory() {
  say "memory per container, MiB:"
  deploy/compose/memory | sed 's/^/        /'
}

say "building and starting with $COMPOSE"
compose build
say built
compose up -d
order "after the first start"
first=$last
memory
parts="$(deploy/services stand-ins) $(deploy/services)"
for part in postgres kafka redis $parts; do
  container=$($COMPOSE ps -q "$part")
  # Kills the process, because Docker does not restart a container after `docker kill`.
  docker run --rm --pid=host alpine:3 sh -c "kill -9 $(docker inspect -f '{{.State.Pid}}' "$container")"
  order "after kill -9 of $part"
done
compose down
compose up -d
order "after down and up"
deploy/smoke-order "$url" "$first" > "$log" 2>&1 || fail "the first order is gone"
say "the first order is still there"
memory
if [ "$e2e" = yes ]; then
  # The tests start a project of their own, and the machine may be too small for two.
  [ "$keep" = yes ] || compose down -v
  say "end-to-end tests"
  (
    unset COMPOSE_PROJECT_NAME GATEWAY_PORT
    export COMPOSE
    ./mvnw -B -ntp -q -Pfull -pl e2e-tests -am verify -Dsagamart.e2e=compose -Djacoco.skip \
      -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false \
      -Dit.test='dev/sagamart/e2e/**/*IntegrationTests' -Dfailsafe.failIfNoSpecifiedTests=false
  ) || fail "the end-to-end tests"
  say "end-to-end tests green"
fi
