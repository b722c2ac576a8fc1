#!/bin/sh
# start.sh CONFIGURATION ACCESS_LOG: nginx in a container whose root is read-only, as anybody.
# The access log is read by others; it begins anew at 10 MB, and what it was before is kept once, as ACCESS_LOG.1.
set -eu
configuration=$1
log=$2
prefix=/tmp/nginx
mkdir -p "$prefix"

(
  while sleep 5; do
    if [ "$(stat -c %s "$log" 2>/dev/null || echo 0)" -gt 10000000 ]; then
      mv "$log" "$log.1"
      kill -USR1 "$(cat "$prefix/nginx.pid")"
    fi
  done
) &

exec nginx -p "$prefix" -e stderr -c "$configuration" -g 'daemon off;'
