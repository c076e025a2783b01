#!/usr/bin/env bash
# Makes SoftHSM, a token in software, available to the tests; says loudly when it cannot.
set -euo pipefail
has_softhsm() { command -v softhsm2-util >/dev/null 2>&1; }

has_softhsm && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q softhsm2 && has_softhsm && exit 0
fi
echo "SoftHSM is not installed and could not be: install the package 'softhsm2' to run the tests of tokens." >&2
echo "The tests will say which of them did not run." >&2
