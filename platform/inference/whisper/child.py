"""What runs in the child process: one Whisper model, loaded once, and one section of a recording at a time."""

import contextlib
import importlib
import os
import warnings
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference.recordings import Heard, Section, is_silent, moved, read_samples
from footnote.platform.inference.transcription import Segment, SpokenWord
from footnote.platform.inference.whisper.errors import ModelNotLoaded, UnknownModel, WhisperBroken, WhisperMissing

NICENESS = 10  # a transcription takes minutes; questions that are asked meanwhile go first
OUT_OF_MEMORY = (
    "allocate memory",
    "out of memory",
    "bad_alloc",
    "failed to map segment",
)  # torch raises no MemoryError
SURE = 0.5  # probability from which a section's language counts, whatever the last one was in


class Weights(msgspec.Struct, frozen=True):
    """`model` is a file, or one of Whisper's names, whose weights are fetched into `folder` unless they are there."""

    model: str
    folder: Path


def hear(weights: Weights, pcm: Path, section: Section, language: str | None, last: str | None) -> Heard:
    """Transcribe a section; `language` is known, `last` is what the section before it was in.

    Raises:
        WhisperMissing, WhisperBroken, UnknownModel, ModelNotLoaded: There is no model.
        MemoryError: It needs more than this process may have.
    """
    samples = read_samples(pcm, section)
    if is_silent(samples):
        return Heard()
    try:
        model = _loaded(weights)
        spoken = _language(model, samples, language, last)
        heard = _transcribe(model, samples, spoken)
    except RuntimeError as error:
        raise _memory_error(error) or error from None
    return moved(_heard(heard["segments"], spoken), section)


@lru_cache(maxsize=1)
def _loaded(weights: Weights) -> Any:
    whisper = _package()
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    is_file = Path(weights.model).is_file()
    if not is_file and weights.model not in whisper.available_models():
        raise UnknownModel(weights.model, whisper.available_models())
    try:
        model = whisper.load_model(weights.model, download_root=str(weights.folder))
    except MemoryError:
        raise
    except Exception as error:  # whatever a broken file or a missing network makes of it
        raise _memory_error(error) or ModelNotLoaded(weights.model, f"{type(error).__name__}: {error}") from None
    if is_file:
        _align_by_name(whisper, model, Path(weights.model).stem)
    return model


def _package() -> Any:
    try:
        with warnings.catch_warnings(action="ignore"):
            return importlib.import_module("whisper")
    except SystemError as error:  # what an extension makes of an allocation that failed without a word
        raise MemoryError(str(error)) from None
    except ImportError as error:
        is_missing = find_spec("whisper") is None
        raise _memory_error(error) or (WhisperMissing() if is_missing else WhisperBroken(str(error))) from None


def _align_by_name(whisper: Any, model: Any, name: str) -> None:
    """Published weights tell the times of words by chosen heads that are not in the file: `base.pt` gets `base`'s."""
    heads = getattr(whisper, "_ALIGNMENT_HEADS", {}).get(name)
    if heads is not None:
        with contextlib.suppress(RuntimeError, ValueError):  # another model that happens to be called so
            model.set_alignment_heads(heads)


def _language(model: Any, samples: NDArray[np.float32], known: str | None, last: str | None) -> str:
    if not model.is_multilingual:
        return "en"
    whisper = _package()
    if known in importlib.import_module("whisper.tokenizer").LANGUAGES:
        return str(known)
    mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(samples), model.dims.n_mels).to(model.device)
    _, shares = model.detect_language(mel)
    likely = max(shares, key=shares.__getitem__)
    return str(likely if last is None or shares[likely] >= SURE else last)


def _transcribe(model: Any, samples: NDArray[np.float32], language: str) -> Any:
    # Where the likeliest words do not convince, Whisper draws others: the same ones each time.
    importlib.import_module("torch").manual_seed(0)
    return model.transcribe(
        samples,
        language=language,
        word_timestamps=True,
        fp16=model.device.type == "cuda",
        verbose=None,
    )


def _heard(segments: list[dict[str, Any]], language: str) -> Heard:
    said = [segment for segment in segments if segment["text"].strip()]
    words = [word for segment in said for word in segment.get("words", ()) if word["word"].strip()]
    return Heard(
        language=language,
        segments=tuple(Segment(part["text"].strip(), float(part["start"]), float(part["end"])) for part in said),
        words=tuple(SpokenWord(word["word"].strip(), float(word["start"]), float(word["end"])) for word in words),
    )


def _memory_error(error: Exception) -> MemoryError | None:
    text = str(error).lower()
    return MemoryError(str(error)) if any(sign in text for sign in OUT_OF_MEMORY) else None
