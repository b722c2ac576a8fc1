#!/bin/sh
# entrypoint.sh COMMAND…: what the command writes goes to standard output, and where LOG_FILE names a file also there, for the
# Collector. The file begins anew at 10 MB; what it was before is kept once, as LOG_FILE.1. The last words of a crash are in both.
set -eu
[ -n "${LOG_FILE:-}" ] || exec "$@"

lines=${LOG_PIPE:-/tmp/lines}
rm -f "$lines"
mkfifo "$lines"
busybox awk -v file="$LOG_FILE" -v limit=10000000 -v size="$(stat -c %s "$LOG_FILE" 2>/dev/null || echo 0)" '
  {
    print; fflush()
    print >> file; fflush(file)
    size += length($0) + 1
    if (size > limit) { close(file); system("mv " file " " file ".1"); size = 0 }
  }' <"$lines" &
writer=$!

"$@" >"$lines" 2>&1 &
service=$!
trap 'asked=yes; kill -TERM "$service" 2>/dev/null || true' TERM INT

# A signal interrupts the wait, not the service: it may take its time to end.
asked=
code=0
wait "$service" || code=$?
while [ -n "$asked" ]; do
  asked=
  code=0
  wait "$service" || code=$?
done
wait "$writer"
exit "$code"
