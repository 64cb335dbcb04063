#!/bin/sh
# Install the system programs that the optional features and the browser tests use. Repeating it is quick.
# OCR_LANGUAGES names the languages that tesseract shall read, as FOOTNOTE_OCR_LANGUAGES does.
set -eu
missing=
installed=$(tesseract --list-langs 2>/dev/null || true)
[ -n "$installed" ] || missing="$missing tesseract-ocr"
for language in osd $(echo "${OCR_LANGUAGES:-eng+deu+fra+spa+ita+por}" | tr + ' '); do
  echo "$installed" | grep -qx "$language" || missing="$missing tesseract-ocr-$(echo "$language" | tr _ -)"
done
command -v ffmpeg >/dev/null || missing="$missing ffmpeg"
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
[ -n "$missing" ] || { echo "tesseract, ffmpeg and chromium are installed."; exit 0; }
command -v apt-get >/dev/null || { echo "Please install with your package manager:$missing" >&2; exit 1; }
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -q
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
