#!/bin/sh
# engine.sh USR DATA RUN OPTION…: runs a Docker engine from the userland USR in namespaces of its own, with its data in DATA, and
# its socket and log in RUN. When it is told to end, or the process that started it dies, the engine ends its containers and itself, and what the kernel
# would keep of it goes too: bridges and control groups.
set -u
usr=$1
data=$2
run=$3
shift 3

unshare --mount --pid --fork --kill-child --mount-proc --propagation private sh -c '
  mount --bind "$1" /usr || exit 1
  shift
  exec /usr/bin/tini-static -s -- /usr/sbin/dockerd "$@"' engine "$usr" "$@" &
engine=$!
# Its only child is the first process of the namespace: all others end with it.
trap 'asked=yes; kill -TERM "$(cat "/proc/$engine/task/$engine/children")" 2>/dev/null' TERM INT

asked=
wait "$engine"
code=$?
if [ -n "$asked" ]; then
  # The signal ended the wait, not the engine.
  wait "$engine"
  code=$?
fi

bridges=$(grep -aoh 'br-[0-9a-f]\{12\}' "$data/network/files/local-kv.db" 2>/dev/null | sort -u)
unshare --mount sh -c '
  mount --bind "$1" /usr || exit 1
  shift
  for bridge in "$@"; do ip link delete "$bridge" 2>/dev/null; done
  find /sys/fs/cgroup -depth -type d -path "*/firedrill-engine*" -exec rmdir {} \; 2>/dev/null' engine "$usr" $bridges
[ -z "$asked" ] || rm -rf "$run"
exit "$code"
