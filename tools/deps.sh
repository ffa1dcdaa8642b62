#!/usr/bin/env bash
# Installs the Debian packages that are missing, and node modules where the lock file changed.
#
#   tools/deps.sh [run|test]      run: to build and run (default); test: also what tests need
#
# Says first what it will install.  As root or through sudo.  No service is started, stopped
# or changed by it: MariaDB and nginx of this machine, if there are any, stay as they are.
set -euo pipefail
cd "$(dirname "$0")/.."

run="make gcc libc6-dev pkgconf libfcgi-dev libmariadb-dev libcjson-dev libssl-dev libcurl4-openssl-dev libqrencode-dev
     libcairo2-dev libpango1.0-dev librsvg2-dev fonts-noto-core fonts-noto-cjk libharfbuzz-bin
     mariadb-server-core mariadb-client-core nginx curl ca-certificates procps util-linux tzdata"
# python3: amounts once more with its decimal numbers, which share nothing with ours (tests/money/second).
# Nice to have with an nginx that we install ourselves; one that is here already keeps its modules.
nginx_extra="libnginx-mod-http-brotli-static libnginx-mod-http-headers-more-filter"
test="libcmocka-dev clang libclang-rt-14-dev clang-format valgrind chromium poppler-utils qpdf wrk
      python3"

wanted=$run
[ "${1:-run}" = test ] && wanted="$run $test"

node_major() {
	node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p'
}
node=$(node_major || true)
if [ "${node:-0}" -lt 18 ]; then
	wanted="$wanted nodejs npm"
elif ! command -v npm >/dev/null; then
	wanted="$wanted npm"
fi

# One question for all; what dpkg does not know at all is missing too.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' || true)
missing=""
for package in $wanted; do
	grep -qxF "$package" <<<"$installed" || missing="$missing $package"
done

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

policy=/usr/sbin/policy-rc.d
made_policy=
forget_policy() {
	[ -z "$made_policy" ] || as_root rm -f "$policy"
}

if [ -n "$missing" ]; then
	echo "Debian packages that are missing:$missing"
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
		echo "Please install them as root (apt-get install$missing), or install sudo." >&2
		exit 1
	fi
	# 101: packages may be installed, their services may not be started.
	if [ ! -e "$policy" ]; then
		trap forget_policy EXIT
		made_policy=1
		printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
		as_root chmod 755 "$policy"
	fi
	as_root apt-get update -q
	case " $missing " in
	*" nginx "*) missing="$missing $nginx_extra" ;;
	esac
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
	# Nor at the next start of the machine: Portico runs its own.
	case " $missing " in
	*" nginx "*) ! command -v systemctl >/dev/null || as_root systemctl disable --quiet nginx.service ;;
	esac
fi

if [ -f package-lock.json ] && { [ ! -e node_modules/.installed ] || [ package-lock.json -nt node_modules/.installed ]; }; then
	echo "Node modules: npm ci"
	npm ci --no-audit --no-fund
	touch node_modules/.installed
fi
