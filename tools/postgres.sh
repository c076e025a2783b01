#!/usr/bin/env bash
# Makes PostgreSQL's server programs available to the tests; says loudly when it cannot.
set -euo pipefail
has_server() { command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

has_server && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q postgresql && has_server && exit 0
fi
echo "PostgreSQL is not installed and could not be: install the package 'postgresql' to run its tests." >&2
echo "The tests will say which of them did not run." >&2
