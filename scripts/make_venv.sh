#!/bin/sh
# Create .venv with the first means this machine has, and the pinned uv in it.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Footnote needs Python 3.11 or newer; \"$PYTHON\" is $("$PYTHON" --version 2>&1). Name another: make PYTHON=python3.12" >&2
  exit 1
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
[ -x .venv/bin/python ] || "$PYTHON" -m venv --clear .venv >"$log" 2>&1 ||
  "$PYTHON" -m virtualenv --clear .venv >>"$log" 2>&1 || {
  cat "$log" >&2
  rm -rf .venv
  echo "This Python cannot make a virtual environment. On Debian or Ubuntu: sudo apt-get install -y python3-venv" >&2
  exit 1
}
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements/build.txt
