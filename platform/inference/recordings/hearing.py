"""Section after section of a recording through a model, and back into one transcript."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from footnote.platform.inference.recordings.decoding import Recording, decode
from footnote.platform.inference.recordings.sections import RATE, Section
from footnote.platform.inference.transcription import (
    OnProgress,
    Segment,
    SpokenWord,
    Transcript,
    TranscriptionFailed,
)
from footnote.platform.processes import ProcessCrashed, ProcessPool, ProcessTimeout
from footnote.platform.storage.scratch import Scratch
from footnote.platform.storage.staging import translated_errors

LONGEST = 12 * 3600  # seconds of a recording; a second is 32 KB of samples


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One section's part of the transcript, in seconds of the whole recording."""

    language: str | None = None
    segments: tuple[Segment, ...] = ()
    words: tuple[SpokenWord, ...] = ()


class Listener(Protocol):
    """What differs between models."""

    async def decode(self, path: Path, media_type: str, pcm: Path) -> Recording: ...

    async def hear(self, pcm: Path, section: Section, language: str | None, last: str | None) -> Heard:
        """`language` is a hint of the caller's, `last` is what the section before was in."""
        ...


async def decode_in(
    processes: ProcessPool,
    path: Path,
    media_type: str,
    pcm: Path,
    longest: int,
    longest_section: float,
    timeout: float,  # noqa: ASYNC109
) -> Recording:
    """`decode` in a child process; all lengths are in seconds."""
    try:
        with translated_errors():
            return await processes.run(decode, path, media_type, pcm, longest, longest_section, timeout=timeout)
    except (ProcessTimeout, ProcessCrashed, MemoryError):
        raise TranscriptionFailed("It could not be decoded within the limits of time and memory.") from None


async def listen(
    listener: Listener,
    path: Path,
    *,
    media_type: str,
    language: str | None,
    on_progress: OnProgress,
    scratch: Scratch,
) -> Transcript:
    async with scratch.folder() as folder:
        pcm = folder / "samples.pcm"
        recording = await listener.decode(path, media_type, pcm)
        total = round(recording.seconds)
        heard: list[Heard] = []
        last: str | None = None
        for section in recording.sections:
            on_progress(section.start // RATE, total)
            heard.append(await listener.hear(pcm, section, language, last))
            last = heard[-1].language or last
        on_progress(total, total)
    return _joined(recording, heard)


def moved(heard: Heard, section: Section) -> Heard:
    """From seconds of the section to those of the recording; whatever a model says, none lies outside the section."""
    begin, length = section.start / RATE, (section.end - section.start) / RATE

    def at(moment: float) -> float:
        return round(begin + min(max(moment, 0.0), length), 3)

    return Heard(
        language=heard.language,
        segments=tuple(Segment(s.text, at(s.begins), at(max(s.begins, s.ends))) for s in heard.segments),
        words=tuple(SpokenWord(w.text, at(w.begins), at(max(w.begins, w.ends))) for w in heard.words),
    )


def _joined(recording: Recording, heard: Sequence[Heard]) -> Transcript:
    spoken: Counter[str] = Counter()
    for part in heard:
        if part.language is not None:
            spoken[part.language] += sum(len(segment.text) for segment in part.segments)
    return Transcript(
        language=spoken.most_common(1)[0][0] if spoken else None,
        seconds=recording.seconds,
        segments=tuple(segment for part in heard for segment in part.segments),
        words=tuple(word for part in heard for word in part.words),
        warnings=recording.warnings,
    )
