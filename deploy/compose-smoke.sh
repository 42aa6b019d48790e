#!/usr/bin/env bash
# From nothing to a confirmed order with docker compose, then an order after kill -9 of each container, then `down`
# and `up` with the data kept. Prints times and memory. Ends with what it started removed, volumes too, unless --keep.
#   COMPOSE: the command, `docker compose` or `docker-compose`; default: whichever is there
set -euo pipefail
cd "$(dirname "$0")/.."

keep=no
[ "${1-}" != --keep ] || keep=yes
if [ -z "${COMPOSE-}" ]; then
  if docker compose version > /dev/null 2>&1; then COMPOSE='docker compose'; else COMPOSE=docker-compose; fi
fi
export COMPOSE_PROJECT_NAME="${COMPOSE_PROJECT_NAME:-sagamart-smoke}" GATEWAY_PORT="${GATEWAY_PORT:-18080}"
export TOKEN_ISSUER="http://localhost:$GATEWAY_PORT"
api=http://127.0.0.1:$GATEWAY_PORT/api/v1
started=$SECONDS

say() { printf '%4d s  %s\n' "$((SECONDS - started))" "$*"; }
fail() { say "FAILED: $*" >&2; exit 1; }
compose() { $COMPOSE "$@" > "$log" 2>&1 || { tail -30 "$log" >&2; fail "$COMPOSE $*"; }; }
field() { grep -oE "\"$1\":\"[^\"]*\"" | head -1 | cut -d'"' -f4; }
call() { curl -sS --max-time 10 -H 'Content-Type: application/json' "$@" 2> /dev/null; }

log=$(mktemp)
finish() {
  status=$?
  [ "$keep" = yes ] || $COMPOSE down -v > "$log" 2>&1 || true
  rm -f "$log"
  exit "$status"
}
trap finish EXIT

# Waits for a command to succeed, for so many seconds.
await() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" > /dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || fail "$what"
    sleep 0.5
  done
}

log_in() {
  token=$(call "$api/sessions" -d '{"email": "alice@sagamart.example", "password": "alice-demo-password"}' |
    field accessToken)
  [ -n "$token" ]
}

place() {
  product=$(call "$api/products?q=grinder&pageSize=1" | field id)
  order=$(call "$api/orders" -H "Authorization: Bearer $token" -H "Idempotency-Key: smoke-$1" -d '{
      "items": [{"productId": "'"$product"'", "quantity": 1}], "paymentMethod": "pm_card_visa",
      "shippingAddress": {"recipient": "Alice", "line1": "1 Main Street", "city": "Berlin",
                          "postalCode": "10115", "country": "DE"}}' | field id)
  [ -n "$order" ]
}

is_confirmed() { [ "$(status_of "$order")" = CONFIRMED ]; }
status_of() { call "$api/orders/$1" -H "Authorization: Bearer $token" | field status; }

# order NAME: one order through the gateway to CONFIRMED, tried again as a client would while parts restart
order() {
  local since=$SECONDS
  await 90 "$1: log-in" log_in
  await 90 "$1: order accepted" place "$1"
  await 90 "$1: order confirmed" is_confirmed
  say "order confirmed $1 ($((SECONDS - since)) s)"
}

memory() {
  say "memory per container:"
  docker stats --no-stream --format '{{.Name}}\t{{.MemUsage}}' | grep "$COMPOSE_PROJECT_NAME" | sort | sed 's/^/        /'
}

say "building and starting with $COMPOSE"
compose build
say built
compose up -d
order "after the first start"
first=$order
memory
for part in postgres kafka redis payment-simulator user-service product-service order-service payment-service \
  api-gateway; do
  container=$($COMPOSE ps -q "$part")
  # The process, not the container: `docker kill` would count as a wish that it stay away.
  docker run --rm --pid=host alpine:3 kill -9 "$(docker inspect -f '{{.State.Pid}}' "$container")"
  order "after kill -9 of $part"
done
compose down
compose up -d
order "after down and up"
[ "$(status_of "$first")" = CONFIRMED ] || fail "the first order is gone"
say "the first order is still there"
memory
