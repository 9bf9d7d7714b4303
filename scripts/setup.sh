#!/bin/sh
# Makes the virtual environment and installs copylab with what its tests need.
# usage: setup.sh PYTHON VENV
set -eu
python=$1
venv=$2

if ! command -v "$python" >/dev/null 2>&1; then
    echo "setup: $python is not there; install Python 3.11 or later (Debian: apt-get install python3)" >&2
    exit 2
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "setup: $python is older than 3.11; name a newer one: make PYTHON=python3.12" >&2
    exit 2
fi
if ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
    # Debian ships venv in a package of its own.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "setup: installing python3-venv"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    else
        echo "setup: $python cannot make virtual environments; run: sudo apt-get install python3-venv" >&2
        exit 2
    fi
fi

echo "setup: making $venv and installing (a minute or two)"
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
echo "setup: done, $("$venv/bin/copylab" --version)"
