#!/bin/sh
# engine.sh USR DATA RUN OPTION…: runs a Docker engine from the userland USR in namespaces of its own, with its data in DATA, and
# its socket and log in RUN. When it is told to end, or the process that started it dies, the engine ends its containers and itself, and what the kernel
# would keep of it goes too: bridges and control groups.
set -u
usr=$1
data=$2
run=$3
shift 3

# The kernel shares processors between control groups, and outside of this one each process counts by itself: all containers together would
# have what one other process has. They get as much as twenty, by either version of control groups.
share() {
  mkdir -p "$1" && echo "$3" >"$1/$2"
}
groups=/sys/fs/cgroup
if [ -f $groups/cpu/cpu.shares ]; then
  share $groups/cpu/firedrill-engine cpu.shares 20480
elif [ -f $groups/cgroup.controllers ]; then
  share $groups/firedrill-engine cpu.weight 2000
fi 2>/dev/null

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
