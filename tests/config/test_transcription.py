"""The settings choose the transcriber; nothing is loaded before the first recording."""

import sys
from pathlib import Path

import pytest

from footnote.config.settings import load_settings
from footnote.config.transcription import open_transcriber
from footnote.platform.inference.transcription import TranscriptionOff
from footnote.platform.settings import InvalidSettings


@pytest.mark.parametrize("model", ["local:base", "local:/weights/base.pt", "openai:whisper-1"])
async def test_the_model_is_the_chosen_one(tmp_path: Path, model: str) -> None:
    settings = load_settings({"FOOTNOTE_TRANSCRIPTION_MODEL": model}, folder=tmp_path).settings
    async with open_transcriber(settings, tmp_path) as transcriber:
        assert transcriber.name == model
    assert "whisper" not in sys.modules


async def test_without_a_model_the_first_recording_is_told_how_to_choose_one(tmp_path: Path) -> None:
    async with open_transcriber(load_settings({}, folder=tmp_path).settings, tmp_path) as transcriber:
        with pytest.raises(TranscriptionOff, match="Set FOOTNOTE_TRANSCRIPTION_MODEL"):
            await transcriber.transcribe(tmp_path / "any.wav", media_type="audio/wav")


@pytest.mark.parametrize("model", ["base", "local:", "azure:whisper"])
def test_a_model_of_nobody_is_refused_at_once(tmp_path: Path, model: str) -> None:
    with pytest.raises(InvalidSettings, match="local:NAME or local:FILE of Whisper's, openai:NAME, or empty"):
        load_settings({"FOOTNOTE_TRANSCRIPTION_MODEL": model}, folder=tmp_path)


def test_the_key_of_a_service_is_not_shown(tmp_path: Path) -> None:
    settings = load_settings({"FOOTNOTE_OPENAI_API_KEY": "sk-hidden"}, folder=tmp_path).settings
    assert "sk-hidden" not in repr(settings)
    assert settings.openai_api_key.reveal() == "sk-hidden"
    with pytest.raises(InvalidSettings) as caught:
        load_settings({"FOOTNOTE_OPENAI_API_KEY": "sk-\nhidden"}, folder=tmp_path)
    assert "hidden" not in str(caught.value)


def test_the_weights_to_measure_with_are_no_setting(tmp_path: Path) -> None:
    load_settings({"FOOTNOTE_WHISPER_MODEL": "base"}, folder=tmp_path)
