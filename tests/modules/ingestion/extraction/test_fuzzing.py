"""Damaged files of every format: whatever they do, they do it in the sandbox."""

from pathlib import Path

from support.fuzzing import LARGEST, fuzz
from support.soak_files import soak_files

SECONDS = 15  # of each of the two


def test_damaged_files_are_read_or_refused_or_end_their_own_process() -> None:
    findings = fuzz(soak_files(12), SECONDS)
    assert findings.unexpected == []
    assert findings.files > 12


def test_so_are_damaged_real_files(shared_data: Path) -> None:
    paths = [path for path in (shared_data / "files").rglob("*") if path.is_file() and path.suffix != ".json"]
    files = {path.name: path.read_bytes() for path in sorted(paths) if 0 < path.stat().st_size <= LARGEST}
    findings = fuzz(files, SECONDS)
    assert findings.unexpected == []
    assert findings.files > 12
