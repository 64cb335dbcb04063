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
