"""The port for what turns a recording into words with their times, and why that may fail."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Protocol, TypeAlias

import msgspec

from footnote.platform.errors import Invalid, TooLarge, Unavailable

OnProgress: TypeAlias = Callable[[int, int], None]  # seconds done, of all


def ignore_progress(done: int, total: int) -> None: ...


class SpokenWord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A word as the model heard it; its segment's text may spell it otherwise, or with signs around it."""

    text: str
    begins: float  # seconds from the start of the recording
    ends: float


class Segment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was said without a long pause: a sentence or a few, or a part of one."""

    text: str
    begins: float
    ends: float


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """Segments and words in the order they were said; silence has neither. A model that hears no words gives none."""

    language: str | None  # ISO 639-1 where it has such a code; of most of the recording
    seconds: float
    segments: tuple[Segment, ...]
    words: tuple[SpokenWord, ...]
    warnings: tuple[str, ...] = ()


class Transcriber(Protocol):
    @property
    def name(self) -> str:
        """`provider:model`."""
        ...

    async def transcribe(
        self, path: Path, *, media_type: str, language: str | None = None, on_progress: OnProgress = ignore_progress
    ) -> Transcript:
        """What is said in the recording at `path`, in the language it is said in.

        `language` (ISO 639-1) is a hint; without it the model finds out. The same recording gives the same transcript
        again as long as the model runs on the same machine.

        Raises:
            NotSetUp: A person has to install or set something first; trying again is of no use.
            Unavailable: The model cannot be reached or failed; trying again may help.
            UnreadableRecording, RecordingTooLong: It is the recording's fault.
        """
        ...


class NotSetUp(Unavailable):
    """Base of what the operator has to put right."""

    type: ClassVar[str] = "/problems/transcription-not-set-up"
    title: ClassVar[str] = "Recordings cannot be transcribed here yet"


class TranscriptionOff(NotSetUp):
    def __init__(self) -> None:
        super().__init__(
            "No model is chosen. Set FOOTNOTE_TRANSCRIPTION_MODEL to `local:` and a Whisper model's name or file, "
            "or to `openai:` and a model's name."
        )


class FfmpegMissing(NotSetUp):
    def __init__(self) -> None:
        super().__init__("The program ffmpeg, which reads recordings, is not installed. Get it with `make system`.")


class TranscriptionFailed(Unavailable):
    type: ClassVar[str] = "/problems/transcription-failed"
    title: ClassVar[str] = "The recording could not be transcribed"


class UnreadableRecording(Invalid):
    type: ClassVar[str] = "/problems/unreadable-recording"
    title: ClassVar[str] = "Unreadable recording"


class RecordingTooLong(TooLarge):
    type: ClassVar[str] = "/problems/recording-too-long"
    title: ClassVar[str] = "Recording too long"


class UntranscribedRecordings:
    """A `Transcriber` for where none is chosen."""

    name = "off"

    async def transcribe(
        self, path: Path, *, media_type: str, language: str | None = None, on_progress: OnProgress = ignore_progress
    ) -> Transcript:
        raise TranscriptionOff
