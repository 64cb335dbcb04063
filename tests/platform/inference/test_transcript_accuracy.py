"""How well recordings are heard; without weights only that this is measured rightly."""

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "measure_transcription.py"
MODEL = os.environ.get("FOOTNOTE_WHISPER_MODEL", "")
WORST = 0.25  # word error rate, of Whisper's smaller models on short sentences read aloud


@pytest.fixture(scope="module")
def measure() -> ModuleType:
    spec = spec_from_file_location("measure_transcription", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("The harvest was good.", "the harvest was good", 0),
        ("the harvest was good", "a harvest was", 2),
        ("good", "it was so good", 3),
        ("", "thank you", 2),
        ("the harvest was good", "", 4),
        ("it’s late", "It's late!", 0),
    ],
)
def test_word_errors_are_the_fewest_changes(measure: ModuleType, said: str, heard: str, errors: int) -> None:
    assert measure.word_errors(measure.words(said), measure.words(heard)) == errors


def test_without_weights_it_is_said_that_nothing_was_measured() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "FOOTNOTE_WHISPER_MODEL"}
    done = subprocess.run([sys.executable, SCRIPT], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "Accuracy of transcripts: not run. FOOTNOTE_WHISPER_MODEL names no weights.\n"


@pytest.mark.skipif(not MODEL, reason="accuracy of transcripts is not run: FOOTNOTE_WHISPER_MODEL names no weights")
async def test_sentences_read_aloud_are_heard(measure: ModuleType, shared_data: Path) -> None:
    scores = await measure.measure(MODEL, shared_data / "files" / "audio")
    assert sum(score.errors for score in scores) <= WORST * sum(score.words for score in scores)
