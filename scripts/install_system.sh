#!/bin/sh
# Install the system programs that the optional features and the browser tests use. Repeating it is quick.
set -eu
missing=
command -v tesseract >/dev/null || missing="$missing tesseract-ocr"
command -v ffmpeg >/dev/null || missing="$missing ffmpeg"
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
[ -n "$missing" ] || { echo "tesseract, ffmpeg and chromium are installed."; exit 0; }
command -v apt-get >/dev/null || { echo "Please install with your package manager:$missing" >&2; exit 1; }
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -q
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
