#!/bin/sh
# Install an extra that needs torch into .venv: `audio` or `transformers`. On Linux the registry's torch brings several
# GB of CUDA libraries; a torch of the locked version that is already there, or that pip finds in a build without CUDA
# (PIP_FIND_LINKS, PIP_EXTRA_INDEX_URL), is taken instead, and its libraries are left out.
set -eu
cd "$(dirname "$0")/.."
pins=deploy/requirements
lock=$pins/$1.txt
left_out=$(mktemp)
trap 'rm -f "$left_out"' EXIT
locked=$(sed -n 's/^torch==\([0-9.]*\).*/\1/p' "$lock")
torch() {
  .venv/bin/python -c 'from importlib.metadata import version; print(version("torch"))' 2>/dev/null || true
}
case $(torch) in
"$locked" | "$locked"+*) ;;
*) .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
  --only-binary=:all: -r $pins/torch-cpu.txt >/dev/null 2>&1 || true ;;
esac
case $(torch) in
"$locked"+cpu) sed -nE 's/^((nvidia|cuda|triton|torch)[a-z0-9-]*)==.*/\1/p' "$lock" >"$left_out" ;;
"$locked"+*) echo torch >"$left_out" ;;  # a build of the operator's choice
esac
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes \
  --build-constraints "$lock" --excludes "$left_out" -r "$lock"
