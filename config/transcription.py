"""The transcriber that the settings choose."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from footnote.config.settings import Settings
from footnote.platform.inference.transcription import Transcriber, UntranscribedRecordings
from footnote.platform.inference.whisper import WhisperTranscriber
from footnote.platform.process_child import ProcessLimits
from footnote.platform.processes import ProcessPool


@asynccontextmanager
async def open_transcriber(
    settings: Settings, home: Path, *, scratch: Path | None = None
) -> AsyncIterator[Transcriber]:
    """Nothing is loaded or checked before the first recording; what is missing then is said then.

    The samples of a recording under way are kept in `scratch`, 115 MB for each hour.
    """
    provider, _, model = settings.transcription_model.partition(":")
    if not provider:
        yield UntranscribedRecordings()
        return
    # One process, as each holds a copy of the model.
    processes = ProcessPool(max_workers=1, limits=ProcessLimits(memory=settings.transcription_memory_bytes))
    try:
        if provider == "local":
            yield WhisperTranscriber(
                processes,
                model,
                weights=home / "models" / "whisper",
                timeout=settings.transcription_timeout_seconds,
                scratch=scratch,
            )
        else:
            async with _openai(settings, processes, model, scratch) as transcriber:
                yield transcriber
    finally:
        await processes.close()


@asynccontextmanager
async def _openai(
    settings: Settings, processes: ProcessPool, model: str, scratch: Path | None
) -> AsyncIterator[Transcriber]:
    # Its client takes most of a second to import; those who do not use it need not wait.
    from footnote.platform.inference.openai_transcription import OpenAITranscriber

    transcriber = OpenAITranscriber(
        processes,
        model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        timeout=settings.transcription_timeout_seconds,
        scratch=scratch,
    )
    try:
        yield transcriber
    finally:
        await transcriber.close()
