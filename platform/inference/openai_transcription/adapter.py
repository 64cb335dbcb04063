"""The transcriber that sends section after section of a recording to OpenAI's transcription endpoint."""

import asyncio
import io
import wave
from pathlib import Path

import msgspec
from openai import APIError, AsyncOpenAI, omit
from opentelemetry import trace

from footnote.platform.inference.openai_transcription.answer import Answer
from footnote.platform.inference.openai_transcription.errors import KeyMissing, from_openai, no_transcript, timed_out
from footnote.platform.inference.recordings import (
    LONGEST,
    RATE,
    Heard,
    Recording,
    Section,
    decode_in,
    is_silent,
    listen,
    moved,
    read_samples,
)
from footnote.platform.inference.transcription import OnProgress, Transcript, ignore_progress
from footnote.platform.processes import ProcessPool
from footnote.platform.secrets import Secret
from footnote.platform.storage.scratch import Scratch

tracer = trace.get_tracer(__name__)

OFFICIAL = "https://api.openai.com/v1"
SECTION = 300.0  # seconds, 9.6 MB; the endpoint takes 25 MB


class OpenAITranscriber:
    """Sends sound and nothing else: what a file says of its maker or place stays here."""

    def __init__(
        self,
        processes: ProcessPool,
        model: str,
        *,
        api_key: Secret,
        base_url: str = OFFICIAL,
        timeout: float,
        scratch: Scratch,
        section: float = SECTION,
        longest: int = LONGEST,
    ) -> None:
        """`processes` runs ffmpeg. `timeout` is in seconds for one section, `section` and `longest` in those of sound.

        Servers elsewhere than at `OFFICIAL` may do without a key.
        """
        self._lacks_key = not api_key and base_url.rstrip("/") == OFFICIAL
        self.name = f"openai:{model}"
        self._processes = processes
        self._model = model
        # Jobs are tried again as a whole, with pauses of their own.
        self._client = AsyncOpenAI(
            api_key=api_key.reveal() or "none", base_url=base_url, max_retries=0, timeout=timeout
        )
        self._timeout = timeout
        self._scratch = scratch
        self._section = section
        self._longest = longest

    async def close(self) -> None:
        await self._client.close()

    @tracer.start_as_current_span("transcription.openai")
    async def transcribe(
        self, path: Path, *, media_type: str, language: str | None = None, on_progress: OnProgress = ignore_progress
    ) -> Transcript:
        if self._lacks_key:
            raise KeyMissing
        return await listen(
            self, path, media_type=media_type, language=language, on_progress=on_progress, scratch=self._scratch
        )

    async def decode(self, path: Path, media_type: str, pcm: Path) -> Recording:
        return await decode_in(self._processes, path, media_type, pcm, self._longest, self._section, self._timeout)

    async def hear(self, pcm: Path, section: Section, language: str | None, last: str | None) -> Heard:
        sound = await asyncio.to_thread(as_wave, pcm, section)
        if sound is None:
            return Heard()
        content = await self._ask(sound, language)
        try:
            answer = msgspec.json.decode(content, type=Answer)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise no_transcript() from None
        return moved(answer.heard((section.end - section.start) / RATE), section)

    async def _ask(self, sound: bytes, language: str | None) -> bytes:
        try:
            # The client's own limit is one on silence; this one is on all of it.
            async with asyncio.timeout(self._timeout):
                response = await self._client.audio.transcriptions.with_raw_response.create(
                    model=self._model,
                    file=("recording.wav", sound, "audio/wav"),
                    language=language or omit,
                    response_format="verbose_json",
                    timestamp_granularities=["word", "segment"],
                )
                return response.content
        except TimeoutError:
            raise timed_out(self._timeout) from None
        except APIError as error:
            raise from_openai(error, self._model, self._timeout) from None


def as_wave(pcm: Path, section: Section) -> bytes | None:
    """The section as a WAV file, unless nothing is to be heard in it."""
    samples = read_samples(pcm, section)
    if is_silent(samples):
        return None
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes((samples * 32_768).astype("<i2").tobytes())
    return file.getvalue()
