"""Recordings go in as sound and are cited to the second."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.sounds import encode, write_tones
from support.tiny_whisper import checkpoint
from support.transcription_server import ANSWER, Reply, TranscriptionServer

Ingest = Callable[..., dict[str, Any]]


@pytest.fixture
def recording(tmp_path: Path) -> bytes:
    return encode(write_tones(tmp_path / "meeting.wav", (3, 0.5)), "mp3").read_bytes()


def test_a_recording_is_heard_by_whisper_and_cited_to_the_second(
    tmp_path: Path, start_server: Callable[..., Any], ingest: Ingest, recording: bytes
) -> None:
    server = start_server(transcription_model=f"local:{checkpoint(tmp_path)}")
    document = ingest(server, "meeting.mp3", recording)
    assert (document["status"], document["media_type"], document["language"]) == ("ready", "audio/mpeg", "en")
    found = server.client.post("/api/v1/search", json={"query": "harvest"}).json()
    [passage] = found["results"]
    assert passage["text"] == "The harvest was good. Nobody knows why."
    assert passage["seconds"] == [0.0, pytest.approx(2.1, abs=0.3)]


def test_a_recording_is_heard_by_a_service(start_server: Callable[..., Any], ingest: Ingest, recording: bytes) -> None:
    with TranscriptionServer().serving() as service:
        service.replies = [Reply(ANSWER)]
        server = start_server(transcription_model="openai:whisper-1", openai_base_url=service.url)
        assert ingest(server, "meeting.mp3", recording)["status"] == "ready"
        found = server.client.post("/api/v1/search", json={"query": "nobody"}).json()
    assert found["results"][0]["seconds"] == [0.0, 2.0]


def test_without_a_model_a_recording_fails_with_what_to_set(server: Any, ingest: Ingest, recording: bytes) -> None:
    document = ingest(server, "meeting.mp3", recording)
    assert document["status"] == "failed"
    assert "FOOTNOTE_TRANSCRIPTION_MODEL" in document["error"]["detail"]


def test_silence_fails_in_plain_words(tmp_path: Path, start_server: Callable[..., Any], ingest: Ingest) -> None:
    server = start_server(transcription_model="local:base")
    silence = write_tones(tmp_path / "silence.wav", (2, 0)).read_bytes()
    document = ingest(server, "silence.wav", silence)
    assert (document["status"], document["error"]["detail"]) == ("failed", "No speech was found in this recording.")
