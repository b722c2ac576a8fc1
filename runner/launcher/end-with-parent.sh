#!/bin/sh
# end-with-parent.sh PID COMMAND…: runs a command as the leader of its process group, and ends the whole group when the
# process PID is gone, by whatever means. The guard must not hold the pipes of the command open, nor outlive it.
parent=$1
shift
(while kill -0 "$parent" 2>/dev/null; do sleep 1; done; kill -9 -$$) </dev/null >/dev/null 2>&1 &
guard=$!
"$@"
code=$?
kill "$guard"
exit $code
