"""The OpenAI transcriber against a server on this machine that speaks the endpoint's wire format."""

import io
import wave
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from support.sounds import write_tones
from support.transcription_server import ANSWER, Reply, TranscriptionServer, fault

from footnote.platform.inference.openai_transcription import KeyMissing, OpenAITranscriber, ServiceBusy, ServiceRefused
from footnote.platform.inference.transcription import (
    RecordingTooLong,
    Transcript,
    TranscriptionFailed,
    UnreadableRecording,
)
from footnote.platform.processes import ProcessPool
from footnote.platform.secrets import Secret
from footnote.platform.storage.scratch import Scratch

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = Secret("sk-a-key-that-no-message-may-hold")
Transcribe = Callable[..., Any]


@pytest.fixture
def server() -> Iterator[TranscriptionServer]:
    with TranscriptionServer().serving() as server:
        server.replies = [Reply(ANSWER)]
        yield server


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool() -> AsyncIterator[ProcessPool]:
    pool = ProcessPool(max_workers=1)
    yield pool
    await pool.close()


@pytest.fixture
def transcribe(tmp_path: Path, server: TranscriptionServer, pool: ProcessPool) -> Transcribe:
    async def transcribe(
        *stretches: tuple[float, float], section: float = 300, seconds: float = 30, **hints: Any
    ) -> Transcript:
        path = write_tones(tmp_path / "tone.wav", *(stretches or [(3, 0.5)]))
        adapter = OpenAITranscriber(
            pool,
            "whisper-1",
            api_key=KEY,
            base_url=server.url,
            timeout=seconds,
            section=section,
            scratch=Scratch(tmp_path / "scratch"),
        )
        try:
            return await adapter.transcribe(path, media_type="audio/wav", **hints)
        finally:
            await adapter.close()

    return transcribe


async def test_segments_words_and_language_come_back(transcribe: Transcribe) -> None:
    transcript = await transcribe()
    assert [segment.text for segment in transcript.segments] == ["The harvest was good.", "Nobody knows why."]
    assert [word.text for word in transcript.words] == ["The", "harvest", "was", "good", "Nobody", "knows", "why"]
    assert (transcript.words[3].begins, transcript.words[3].ends) == (0.9, 1.1)
    assert (transcript.language, transcript.seconds) == ("en", 3)


async def test_the_request_is_as_the_endpoint_wants_it(transcribe: Transcribe, server: TranscriptionServer) -> None:
    await transcribe(language="de")
    [request] = server.requests
    assert (request.path, request.key) == ("/v1/audio/transcriptions", f"Bearer {KEY.reveal()}")
    assert (request.filename, request.media_type) == ("recording.wav", "audio/wav")
    assert request.fields == {
        "model": ["whisper-1"],
        "language": ["de"],
        "response_format": ["verbose_json"],
        "timestamp_granularities[]": ["word", "segment"],
    }


async def test_the_sound_that_is_sent_is_that_of_the_recording(
    transcribe: Transcribe, server: TranscriptionServer
) -> None:
    await transcribe((1, 0.5), (0.5, 0))
    with wave.open(io.BytesIO(server.requests[0].file)) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getnframes()) == (1, 16_000, 24_000)
        assert max(sound.readframes(16_000)) > 0
        assert not any(sound.readframes(8_000))


async def test_sections_are_sent_one_by_one_and_joined(transcribe: Transcribe, server: TranscriptionServer) -> None:
    seen: list[tuple[int, int]] = []
    transcript = await transcribe(
        (3.8, 0.5), (0.4, 0), (3, 0.5), section=4, on_progress=lambda done, total: seen.append((done, total))
    )
    assert len(server.requests) == 2
    assert transcript.words[7].begins == pytest.approx(4, abs=0.25)
    assert seen == [(0, 7), (3, 7), (7, 7)]


async def test_silence_is_not_sent(transcribe: Transcribe, server: TranscriptionServer) -> None:
    assert (await transcribe((2, 0))).segments == ()
    assert not server.requests


async def test_times_outside_the_recording_are_brought_inside(
    transcribe: Transcribe, server: TranscriptionServer
) -> None:
    segment = {"text": "So.", "start": -1.0, "end": 900.0}
    server.replies = [Reply({**ANSWER, "segments": [segment], "words": [{"word": "So", "start": 5.0, "end": 4.0}]})]
    transcript = await transcribe()
    assert [(s.begins, s.ends) for s in transcript.segments] == [(0, 3)]
    assert [(w.begins, w.ends) for w in transcript.words] == [(3, 3)]


async def test_a_server_that_gives_only_text_gives_one_segment(
    transcribe: Transcribe, server: TranscriptionServer
) -> None:
    server.replies = [Reply({"text": "Only this."})]
    transcript = await transcribe()
    assert [(s.text, s.begins, s.ends) for s in transcript.segments] == [("Only this.", 0, 3)]
    assert (transcript.words, transcript.language) == ((), None)


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Reply(fault("Incorrect API key provided: sk-a-k***hold"), 401), ServiceRefused, "FOOTNOTE_OPENAI_API_KEY"),
        (Reply(fault("No such model", "model_not_found"), 404), ServiceRefused, "does not know the model 'whisper-1'"),
        (Reply(fault("Maximum content size limit exceeded"), 413), RecordingTooLong, "larger than"),
        (Reply(fault("Slow down"), 429, {"Retry-After": "20"}), ServiceBusy, "no more recordings at the moment"),
        (Reply(fault("Pay", "insufficient_quota"), 429), ServiceRefused, "Nothing is left"),
        (Reply(fault("Audio file might be corrupted"), 400), UnreadableRecording, "might be corrupted"),
        (Reply(fault("not compatible", param="response_format"), 400), ServiceRefused, "openai:whisper-1"),
        (Reply(b"<html>oops</html>", 500), TranscriptionFailed, r"failed \(status 500\)"),
        (Reply(b"{'no': json"), TranscriptionFailed, "no transcript"),
        (Reply({"text": 5}), TranscriptionFailed, "no transcript"),
        (Reply(b"\xff\xfe"), TranscriptionFailed, "no transcript"),
    ],
    ids=lambda case: str(case.status) if isinstance(case, Reply) else "",
)
async def test_a_fault_is_told_in_plain_words_and_not_repeated(
    transcribe: Transcribe, server: TranscriptionServer, reply: Reply, error: type[Exception], words: str
) -> None:
    server.replies = [reply]
    with pytest.raises(error, match=words) as caught:
        await transcribe()
    assert len(server.requests) == 1
    assert "sk-a" not in str(caught.value)


async def test_a_busy_service_says_when_to_come_again(transcribe: Transcribe, server: TranscriptionServer) -> None:
    server.replies = [Reply(fault("Slow down"), 429, {"Retry-After": "20"})]
    with pytest.raises(ServiceBusy) as caught:
        await transcribe()
    assert caught.value.extensions == {"retry_after": 20}


async def test_a_service_that_hangs_is_given_up(transcribe: Transcribe, server: TranscriptionServer) -> None:
    await transcribe()  # so that decoding has its process, and the time is all the service's
    server.replies = [Reply(ANSWER, hangs=True)]
    with pytest.raises(TranscriptionFailed, match=r"did not answer within 2 seconds"):
        await transcribe(seconds=2)


async def test_a_service_that_is_away_is_told(tmp_path: Path) -> None:
    pool = ProcessPool(max_workers=1)
    adapter = OpenAITranscriber(
        pool, "whisper-1", api_key=KEY, base_url="http://127.0.0.1:9/v1", timeout=30, scratch=Scratch(tmp_path)
    )
    try:
        with pytest.raises(TranscriptionFailed, match="cannot be reached"):
            await adapter.transcribe(write_tones(tmp_path / "tone.wav", (1, 0.5)), media_type="audio/wav")
    finally:
        await adapter.close()
        await pool.close()


async def test_openai_itself_needs_a_key(tmp_path: Path) -> None:
    adapter = OpenAITranscriber(ProcessPool(), "whisper-1", api_key=Secret(""), timeout=30, scratch=Scratch(tmp_path))
    with pytest.raises(KeyMissing, match="FOOTNOTE_OPENAI_API_KEY"):
        await adapter.transcribe(tmp_path / "any.wav", media_type="audio/wav")
    await adapter.close()


async def test_other_servers_may_do_without_a_key(tmp_path: Path, server: TranscriptionServer) -> None:
    pool = ProcessPool(max_workers=1)
    adapter = OpenAITranscriber(
        pool, "any", api_key=Secret(""), base_url=server.url, timeout=30, scratch=Scratch(tmp_path)
    )
    try:
        path = write_tones(tmp_path / "tone.wav", (1, 0.5))
        assert (await adapter.transcribe(path, media_type="audio/wav")).words
    finally:
        await adapter.close()
        await pool.close()
