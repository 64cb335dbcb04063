"""What is said where Whisper is not, or not rightly, installed; needs no extra."""

import sys
from pathlib import Path

import numpy as np
import pytest

from footnote.platform.inference.recordings import Section
from footnote.platform.inference.whisper import WhisperBroken, WhisperMissing
from footnote.platform.inference.whisper.child import Weights, hear


@pytest.fixture
def pcm(tmp_path: Path) -> Path:
    pcm = tmp_path / "samples.pcm"
    np.full(16_000, 9000, "<i2").tofile(pcm)
    return pcm


def test_without_the_package_the_error_says_how_to_get_it(pcm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "whisper", None)
    with pytest.raises(WhisperMissing, match="make audio"):
        hear(Weights("base", pcm.parent), pcm, Section(0, 16_000), None, None)


def test_a_package_that_does_not_load_is_named_with_the_reason(pcm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pcm.parent / "whisper.py").write_text("raise ImportError('libcudart.so.13: no such file')")
    monkeypatch.delitem(sys.modules, "whisper", raising=False)
    monkeypatch.syspath_prepend(pcm.parent)
    with pytest.raises(WhisperBroken, match=r"does not load: libcudart\.so\.13"):
        hear(Weights("base", pcm.parent), pcm, Section(0, 16_000), None, None)


def test_a_library_that_finds_no_memory_is_no_broken_package(pcm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pcm.parent / "whisper.py").write_text("raise ImportError('libtorch.so: failed to map segment from shared object')")
    monkeypatch.delitem(sys.modules, "whisper", raising=False)
    monkeypatch.syspath_prepend(pcm.parent)
    with pytest.raises(MemoryError):
        hear(Weights("base", pcm.parent), pcm, Section(0, 16_000), None, None)
