/** What of the official entrypoint our compose file uses: an empty data folder becomes a database with its user and password. */
export const postgresEntrypoint = `#!/bin/sh
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  printf '%s\\n' "$POSTGRES_PASSWORD" >/tmp/password
  # shellcheck disable=SC2086
  initdb -D "$PGDATA" --username="$POSTGRES_USER" --pwfile=/tmp/password $POSTGRES_INITDB_ARGS
  rm /tmp/password
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  # On its socket only: nobody is to take it for ready.
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  PGPASSWORD="$POSTGRES_PASSWORD" psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -c "CREATE DATABASE \\"$POSTGRES_DB\\""
  pg_ctl -D "$PGDATA" -m fast -w stop
fi
exec "$@" -c "listen_addresses=*"
`;
