#!/bin/sh
# in-userland.sh USR COMMAND…: runs a command with another Debian's /usr, everything else as it is here.
exec unshare --mount --propagation private sh -c 'mount --bind "$1" /usr && shift && exec "$@"' in-userland "$@"
