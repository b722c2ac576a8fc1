#!/bin/sh
# apt-install.sh NAME…: installs the first of these packages that exists, without starting its services.
# FIREDRILL_POLICY names another policy file than Debian's; for tests.
set -u
policy=${FIREDRILL_POLICY:-/usr/sbin/policy-rc.d}
saved=$policy.before-firedrill

restore() {
  if [ -e "$saved" ]; then mv -f "$saved" "$policy"; elif grep -qs firedrill "$policy"; then rm -f "$policy"; fi
}

# 101: a package may not start its service. Once this process is gone the file says what was said before it: it stays
# harmless even when kill -9 leaves no chance to restore.
forbid_services() {
  restore
  if [ -e "$policy" ]; then mv "$policy" "$saved"; fi
  cat >"$policy" <<POLICY
#!/bin/sh
# Left by firedrill while it installs packages.
kill -0 $$ 2>/dev/null && exit 101
[ -x "$saved" ] && exec "$saved" "\$@"
exit 104
POLICY
  chmod 755 "$policy"
}

available() {
  apt-cache show "$1" >/dev/null 2>&1
}

install_first() {
  for name in "$@"; do
    if available "$name"; then
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$name"
      return
    fi
  done
  echo "no package of these names: $*"
  return 100
}

trap restore EXIT
trap 'exit 130' INT TERM HUP
forbid_services
install_first "$@" && exit 0
apt-get update -o DPkg::Lock::Timeout=300 || exit
install_first "$@"
