"""Decoded samples, and where a long recording is cut so that no word is."""

from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

RATE = 16_000  # samples a second
SAMPLE_BYTES = 2
STEP = RATE // 10  # samples over which loudness is measured
FULL_SCALE = 32_768.0
SILENCE = 10 ** (-60 / 20)  # of full scale: below what a microphone in a quiet room picks up


class Section(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A stretch of samples [start, end)."""

    start: int
    end: int


def read_samples(pcm: Path, section: Section) -> NDArray[np.float32]:
    """One channel, in [-1, 1)."""
    count = section.end - section.start
    samples = np.fromfile(pcm, "<i2", count=count, offset=section.start * SAMPLE_BYTES)
    return samples.astype(np.float32) / np.float32(FULL_SCALE)


def sections(pcm: Path, longest: float) -> list[Section]:
    """All of a recording in stretches of at most `longest` seconds, cut where the last eighth of each is quietest."""
    total = pcm.stat().st_size // SAMPLE_BYTES
    size = int(longest * RATE)
    cut: list[Section] = []
    start = 0
    while total - start > size:
        end = start + size
        cut.append(Section(start, _quietest(pcm, Section(end - size // 8, end))))
        start = cut[-1].end
    return [*cut, Section(start, total)] if total > start else cut


def is_silent(samples: NDArray[np.float32]) -> bool:
    """Whether no tenth of a second is loud enough to be speech: a model asked to hear words in it makes some up."""
    return bool((_loudness(samples) < SILENCE).all())


def _quietest(pcm: Path, section: Section) -> int:
    loudness = _loudness(read_samples(pcm, section))
    quiet = np.flatnonzero(loudness <= loudness.min())
    middle = quiet[len(quiet) // 2]
    return section.start + int(middle) * STEP + STEP // 2


def _loudness(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Root mean square of each step; the last may be padded with silence."""
    padded = np.pad(samples, (0, -len(samples) % STEP))
    steps: NDArray[np.float32] = np.sqrt(np.square(padded).reshape(-1, STEP).mean(axis=1))
    return steps
