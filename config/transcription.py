"""Composes what hears recordings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from footnote.config.ingestion import extraction_limits
from footnote.config.settings import Settings
from footnote.platform.inference.transcription import Transcriber, UntranscribedRecordings
from footnote.platform.inference.whisper import WhisperTranscriber
from footnote.platform.process_child import ProcessLimits
from footnote.platform.processes import ProcessPool
from footnote.platform.storage.scratch import Scratch


@asynccontextmanager
async def open_transcriber(settings: Settings, home: Path) -> AsyncIterator[Transcriber]:
    """The one that the settings choose; its child processes end with the block.

    Nothing is loaded or checked before the first recording; what is missing then is said then.
    """
    provider, _, model = settings.transcription_model.partition(":")
    memory = settings.transcription_memory_bytes if provider == "local" else extraction_limits(settings).memory
    pool = ProcessPool(max_workers=1, limits=ProcessLimits(memory=memory))  # one, as each holds a copy of the model
    scratch = Scratch(home / "scratch")  # for samples: 115 MB for each hour of a recording under way
    timeout = settings.transcription_timeout_seconds
    try:
        match provider:
            case "local":
                yield WhisperTranscriber(
                    pool, model, weights=home / "models" / "whisper", timeout=timeout, scratch=scratch
                )
            case "openai":
                async with _openai(settings, pool, model, scratch) as transcriber:
                    yield transcriber
            case _:
                yield UntranscribedRecordings()
    finally:
        await pool.close()


@asynccontextmanager
async def _openai(settings: Settings, pool: ProcessPool, model: str, scratch: Scratch) -> AsyncIterator[Transcriber]:
    # Its client takes most of a second to import; those who do not use it need not wait.
    from footnote.platform.inference.openai_transcription import OpenAITranscriber

    transcriber = OpenAITranscriber(
        pool,
        model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url.reveal(),
        timeout=settings.transcription_timeout_seconds,
        scratch=scratch,
    )
    try:
        yield transcriber
    finally:
        await transcriber.close()
