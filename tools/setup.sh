#!/usr/bin/env bash
# Makes the virtual environment in $1 with everything Pratique and its tests need.
set -euo pipefail
venv=$1

find_python() {
    local candidate
    for candidate in python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Pratique needs Python 3.11 or newer; none was found on the PATH." >&2
    exit 3
}

python=$(find_python)
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -q
        apt-get install -y -q python3-venv
    else
        echo "Python's venv module is missing: install the package python3-venv, then try again." >&2
        exit 3
    fi
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --editable '.[dev]'
