"""The transcriber that hands section after section of a recording to Whisper in a child process."""

from pathlib import Path

from opentelemetry import trace

from footnote.platform.inference.recordings import LONGEST, Heard, Recording, Section, decode_in, listen
from footnote.platform.inference.transcription import OnProgress, Transcript, TranscriptionFailed, ignore_progress
from footnote.platform.inference.whisper.child import Weights, hear
from footnote.platform.processes import ProcessCrashed, ProcessPool, ProcessTimeout
from footnote.platform.storage.scratch import Scratch

tracer = trace.get_tracer(__name__)

SECTION = 120.0  # seconds; bounds memory, and is how often progress is heard of


class WhisperTranscriber:
    def __init__(
        self,
        processes: ProcessPool,
        model: str,
        *,
        weights: Path,
        timeout: float,
        scratch: Scratch,
        section: float = SECTION,
        longest: int = LONGEST,
    ) -> None:
        """`model` is a file of weights or a name of Whisper's; only a name's weights are ever fetched, into `weights`.

        `timeout` is in seconds of work on one section. `processes` belongs to this model, as its child holds on to it;
        more than one worker means as many copies of the model. `section` and `longest` are in seconds of sound.
        """
        self.name = f"local:{model}"
        self._processes = processes
        self._weights = Weights(model, weights)
        self._timeout = timeout
        self._scratch = scratch
        self._section = section
        self._longest = longest

    @tracer.start_as_current_span("transcription.whisper")
    async def transcribe(
        self, path: Path, *, media_type: str, language: str | None = None, on_progress: OnProgress = ignore_progress
    ) -> Transcript:
        return await listen(
            self, path, media_type=media_type, language=language, on_progress=on_progress, scratch=self._scratch
        )

    async def decode(self, path: Path, media_type: str, pcm: Path) -> Recording:
        return await decode_in(self._processes, path, media_type, pcm, self._longest, self._section, self._timeout)

    async def hear(self, pcm: Path, section: Section, language: str | None, last: str | None) -> Heard:
        try:
            return await self._processes.run(hear, self._weights, pcm, section, language, last, timeout=self._timeout)
        except ProcessTimeout:
            raise TranscriptionFailed(
                f"Whisper worked for {self._timeout:g} seconds on {self._section:g} seconds of sound and was stopped. "
                "Choose a smaller model, or raise FOOTNOTE_TRANSCRIPTION_TIMEOUT_SECONDS."
            ) from None
        except (MemoryError, ProcessCrashed):
            raise TranscriptionFailed(
                f"Whisper's process died, most likely for want of memory: {self.name} may need more than "
                "FOOTNOTE_TRANSCRIPTION_MEMORY_BYTES allows."
            ) from None
