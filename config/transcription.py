"""Composes what hears recordings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from footnote.config.ingestion import extraction_limits
from footnote.config.settings import Settings
from footnote.platform.inference.openai_transcription import OpenAITranscriber
from footnote.platform.inference.transcription import (
    OnProgress,
    Transcriber,
    Transcript,
    TranscriptionOff,
    ignore_progress,
)
from footnote.platform.inference.whisper import WhisperTranscriber
from footnote.platform.process_child import ProcessLimits
from footnote.platform.processes import ProcessPool


class NoTranscriber:
    """Hears nothing, and says what to set."""

    name = ""

    async def transcribe(
        self, path: Path, *, media_type: str, language: str | None = None, on_progress: OnProgress = ignore_progress
    ) -> Transcript:
        raise TranscriptionOff


@asynccontextmanager
async def open_transcriber(settings: Settings, home: Path) -> AsyncIterator[Transcriber]:
    """The one that the settings choose; its child processes end with the block."""
    provider, _, model = settings.transcription_model.partition(":")
    memory = settings.transcription_memory_bytes if provider == "local" else extraction_limits(settings).memory
    pool = ProcessPool(max_workers=1, limits=ProcessLimits(memory=memory))
    try:
        match provider:
            case "local":
                yield WhisperTranscriber(
                    pool, model, weights=home / "models", timeout=settings.transcription_timeout_seconds
                )
            case "openai":
                yield OpenAITranscriber(
                    pool,
                    model,
                    api_key=settings.openai_api_key,
                    base_url=settings.openai_base_url,
                    timeout=settings.transcription_timeout_seconds,
                )
            case _:
                yield NoTranscriber()
    finally:
        await pool.close()
