"""The real openai-whisper in its own process, on a checkpoint of random weights that always says the same."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from support.sounds import MEDIA_TYPES, encode, write_tones
from support.tiny_whisper import PACE, SAYS, checkpoint

from footnote.platform.inference.transcription import TranscriptionFailed
from footnote.platform.inference.whisper import ModelNotLoaded, UnknownModel, WhisperTranscriber
from footnote.platform.inference.whisper.child import hear
from footnote.platform.process_child import ProcessLimits
from footnote.platform.processes import ProcessPool, ProcessTimeout
from footnote.platform.storage.scratch import Scratch

pytestmark = pytest.mark.asyncio(loop_scope="module")

SENTENCES = [text.strip() for _, text, _ in SAYS]
WORDS = " ".join(SENTENCES).split()
TOKENS = (0, 1, 2, 3, 5, 6, 7)  # before each word; a full stop is one
Make = Callable[..., WhisperTranscriber]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoint(tmp_path_factory.mktemp("weights"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def processes() -> AsyncIterator[ProcessPool]:
    pool = ProcessPool(max_workers=1)
    yield pool
    await pool.close()


@pytest.fixture
def make(tmp_path: Path, weights: Path, processes: ProcessPool) -> Make:
    def make(
        model: object = weights, pool: ProcessPool = processes, timeout: float = 120, **others: Any
    ) -> WhisperTranscriber:
        folders = {"weights": tmp_path / "fetched", "scratch": Scratch(tmp_path / "scratch")}
        return WhisperTranscriber(pool, str(model), timeout=timeout, **folders, **others)

    return make


async def test_a_recording_gives_segments_and_words_with_their_times(tmp_path: Path, make: Make) -> None:
    path = write_tones(tmp_path / "tone.wav", (3, 0.5))
    transcript = await make().transcribe(path, media_type="audio/wav")
    assert [segment.text for segment in transcript.segments] == SENTENCES
    assert [word.text for word in transcript.words] == WORDS
    assert (transcript.language, transcript.seconds) == ("en", 3)
    assert [word.begins for word in transcript.words] == pytest.approx([PACE * n for n in TOKENS], abs=PACE / 2)


@pytest.mark.parametrize("suffix", MEDIA_TYPES)
async def test_every_format_is_heard(tmp_path: Path, make: Make, suffix: str) -> None:
    path = encode(write_tones(tmp_path / "tone.wav", (3, 0.5)), suffix)
    transcript = await make().transcribe(path, media_type=MEDIA_TYPES[suffix])
    assert [segment.text for segment in transcript.segments] == SENTENCES


async def test_words_of_later_sections_are_timed_from_the_start_of_the_recording(tmp_path: Path, make: Make) -> None:
    path = write_tones(tmp_path / "tone.wav", (3.8, 0.5), (0.4, 0), (3, 0.5))
    seen: list[tuple[int, int]] = []
    transcript = await make(section=4).transcribe(
        path, media_type="audio/wav", on_progress=lambda done, total: seen.append((done, total))
    )
    assert [segment.text for segment in transcript.segments] == SENTENCES * 2
    assert transcript.words[len(WORDS)].begins == pytest.approx(4, abs=PACE)
    assert seen == [(0, 7), (3, 7), (7, 7)]


async def test_the_same_recording_is_heard_the_same_again(tmp_path: Path, make: Make) -> None:
    path = write_tones(tmp_path / "tone.wav", (3, 0.5))
    first = await make().transcribe(path, media_type="audio/wav")
    assert await make().transcribe(path, media_type="audio/wav") == first


async def test_the_model_is_kept_from_call_to_call(tmp_path: Path, make: Make, weights: Path) -> None:
    path = write_tones(tmp_path / "tone.wav", (3, 0.5))
    copy = shutil.copy(weights, tmp_path / "copy.pt")
    await make(copy).transcribe(path, media_type="audio/wav")
    copy.unlink()
    assert (await make(copy).transcribe(path, media_type="audio/wav")).words


async def test_silence_has_no_words_and_needs_no_model(tmp_path: Path, make: Make) -> None:
    path = write_tones(tmp_path / "silence.wav", (3, 0))
    transcript = await make("no such model").transcribe(path, media_type="audio/wav")
    assert (transcript.segments, transcript.words, transcript.language, transcript.seconds) == ((), (), None, 3)


async def test_a_model_that_does_not_exist_is_named(tmp_path: Path, make: Make) -> None:
    path = write_tones(tmp_path / "tone.wav", (3, 0.5))
    with pytest.raises(UnknownModel, match=r"'biggest', which is neither a file nor one of tiny.en, tiny"):
        await make("biggest").transcribe(path, media_type="audio/wav")


async def test_a_file_that_is_no_model_is_named(tmp_path: Path, make: Make) -> None:
    path = write_tones(tmp_path / "tone.wav", (3, 0.5))
    (tmp_path / "broken.pt").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ModelNotLoaded, match=r"broken\.pt' could not be loaded: "):
        await make(tmp_path / "broken.pt").transcribe(path, media_type="audio/wav")


async def test_a_model_that_bears_a_published_name_but_is_another_is_used_as_it_is(
    tmp_path: Path, make: Make, weights: Path
) -> None:
    path = write_tones(tmp_path / "tone.wav", (3, 0.5))
    (tmp_path / "base.pt").symlink_to(weights)
    assert (await make(tmp_path / "base.pt").transcribe(path, media_type="audio/wav")).words


class StuckPool(ProcessPool):
    """Decodes, and then never hears anything."""

    async def run(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if function is hear:
            raise ProcessTimeout("It was stopped.")
        return await super().run(function, *args, **options)


async def test_work_that_takes_too_long_is_told_with_what_to_do(tmp_path: Path, make: Make) -> None:
    path = write_tones(tmp_path / "tone.wav", (3, 0.5))
    pool = StuckPool(max_workers=1)
    try:
        with pytest.raises(TranscriptionFailed, match=r"worked for 7 seconds on 120 seconds of sound.*smaller model"):
            await make(pool=pool, timeout=7).transcribe(path, media_type="audio/wav")
    finally:
        await pool.close()


async def test_too_little_memory_is_told_from_other_failures(tmp_path: Path, make: Make) -> None:
    path = write_tones(tmp_path / "tone.wav", (3, 0.5))
    pool = ProcessPool(max_workers=1, limits=ProcessLimits(memory=600 << 20))
    try:
        with pytest.raises(TranscriptionFailed, match="want of memory"):
            await make(pool=pool).transcribe(path, media_type="audio/wav")
    finally:
        await pool.close()


async def test_samples_are_gone_afterwards_even_after_a_failure(tmp_path: Path, make: Make) -> None:
    path = write_tones(tmp_path / "tone.wav", (3, 0.5))
    with pytest.raises(UnknownModel):
        await make("biggest").transcribe(path, media_type="audio/wav")
    assert not list((tmp_path / "scratch").iterdir())
