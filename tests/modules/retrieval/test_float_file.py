from pathlib import Path

import numpy as np
import pytest

from footnote.modules.retrieval.repository.memory import files
from footnote.modules.retrieval.repository.memory.files import (
    FloatFile,
    read_arrays,
    unmapped,
    write_arrays,
    write_floats,
)

RANDOM = np.random.default_rng(5)
ROWS = RANDOM.standard_normal((3000, 32)).astype(np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_floats(tmp_path / "rows.floats", [ROWS[:1000], ROWS[1000:]])
    return tmp_path / "rows.floats"


@pytest.mark.parametrize("kept", [0, 1 << 17, 1 << 30])
def test_rows_are_the_same_however_little_may_stay_mapped(
    path: Path, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "KEPT", kept)
    file = FloatFile(path, 32)
    file.warm()
    for rows in RANDOM.integers(0, len(ROWS), (50, 20)):
        assert (file[rows] == ROWS[rows]).all()


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    write_floats(tmp_path / "rows.floats", [])
    file = FloatFile(tmp_path / "rows.floats", 32)
    file.warm()
    assert file[np.zeros(0, np.int64)].shape == (0, 32)


def test_what_was_given_back_is_read_again(tmp_path: Path) -> None:
    write_arrays(tmp_path / "columns", {}, {"rows": ROWS})
    _, arrays = read_arrays(tmp_path / "columns")
    unmapped(arrays["rows"])
    assert (arrays["rows"] == ROWS).all()
    unmapped(ROWS)  # of no file


def test_a_row_of_a_file_that_was_just_written_maps_little_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "rows.floats"
    write_floats(path, [np.zeros((64_000, 128), np.float32)])  # 32 MB
    file = FloatFile(path, 128)
    file[np.arange(0, 64_000, 8000)]
    assert 0 < mapped_of(path) <= 8 * files.WINDOW


def mapped_of(path: Path) -> int:
    """Bytes of a mapped file that count as memory in use."""
    lines = iter(Path("/proc/self/smaps").read_text().splitlines())
    return sum(
        1024 * int(next(each for each in lines if each.startswith("Rss:")).split()[1])
        for line in lines
        if line.endswith(str(path))
    )
