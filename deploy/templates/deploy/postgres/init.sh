#!/usr/bin/env bash
# Runs schemas.sql with psql; this may be repeated. It runs against the server in PGHOST, or when the postgres image
# creates its data directory (mount this folder at /docker-entrypoint-initdb.d/sagamart and this file at
# /docker-entrypoint-initdb.d/sagamart.sh). The passwords are in
# <%#services%><%password%><%^-last%>, <%/-last%><%/services%>;
# or in the directory SAGAMART_SECRETS, with a file for each schema and superuser, the password for the connection.
set -euo pipefail
sql="${SAGAMART_SQL:-/docker-entrypoint-initdb.d/sagamart/schemas.sql}"
services=(<%#services%><%schema%><%^-last%> <%/-last%><%/services%>)
if [ -n "${SAGAMART_SECRETS:-}" ]; then
  export PGPASSWORD
  PGPASSWORD=$(< "$SAGAMART_SECRETS/superuser")
  for service in "${services[@]}"; do
    export "${service^^}_PASSWORD=$(< "$SAGAMART_SECRETS/$service")"
  done
fi
{
  for service in "${services[@]}"; do
    name="${service^^}_PASSWORD"
    : "${!name:?$name is not set}"
    echo "\\getenv password $name"
    echo "SELECT set_config('sagamart.${service}_password', :'password', false) \\g /dev/null"
  done
  cat "$sql"
} | psql -v ON_ERROR_STOP=1 --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-sagamart}"
