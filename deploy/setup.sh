#!/bin/sh
# deploy/setup.sh LOCKFILE: make .venv where there is none, and install into it what the lock file names.
# The Python is $PYTHON, or python3.
set -eu

python=${PYTHON:-python3}
lock=$1

fail() {
    echo "$*" >&2
    exit 1
}

# Debian keeps what makes a virtual environment in a package of its own.
install_venv() {
    package=python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
    command -v apt-get >/dev/null || fail "$python cannot make a virtual environment (no ensurepip): install its venv package"
    [ "$(id -u)" = 0 ] || fail "$python cannot make a virtual environment, type: sudo apt-get install $package"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null
}

command -v "$python" >/dev/null || fail "$python is missing: install Python 3.11 or newer, or name one: make PYTHON=python3.12 ..."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$("$python" --version) is too old: install Python 3.11 or newer and name it: make PYTHON=python3.12 ..."

echo "Setting up .venv from $lock (up to a minute)" >&2
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_venv
    "$python" -m venv --clear .venv
fi
.venv/bin/python -m pip install --quiet --upgrade pip
.venv/bin/python -m pip install --quiet --require-hashes -r "$lock"
