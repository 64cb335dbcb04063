"""Recordings become samples, cut where nobody speaks."""

from contextlib import suppress
from pathlib import Path
from random import Random

import numpy as np
import pytest
from support.sounds import MEDIA_TYPES, encode, write_tones

from footnote.platform.inference.recordings import RATE, Section, decode, is_silent, read_samples, sections
from footnote.platform.inference.transcription import FfmpegMissing, RecordingTooLong, UnreadableRecording


@pytest.fixture
def pcm(tmp_path: Path) -> Path:
    return tmp_path / "samples.pcm"


@pytest.mark.parametrize("suffix", MEDIA_TYPES)
def test_every_format_is_decoded_to_its_length(tmp_path: Path, pcm: Path, suffix: str) -> None:
    path = encode(write_tones(tmp_path / "tone.wav", (2, 0.5), channels=2, rate=44_100), suffix)
    recording = decode(path, MEDIA_TYPES[suffix], pcm, 60, 60)
    samples = read_samples(pcm, recording.sections[0])
    assert recording.seconds == pytest.approx(2, abs=0.1)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.1)


def test_a_file_is_not_taken_for_another_kind_than_it_was_sniffed_as(tmp_path: Path, pcm: Path) -> None:
    write_tones(tmp_path / "secret.wav", (1, 0.5))
    playlist = tmp_path / "list.wav"
    playlist.write_text("ffconcat version 1.0\nfile secret.wav\n")
    with pytest.raises(UnreadableRecording):
        decode(playlist, "audio/wav", pcm, 60, 60)


@pytest.mark.parametrize("content", [b"RIFF\x10\0\0\0WAVE", b"", b"no sound at all" * 100])
def test_a_file_without_sound_is_unreadable(tmp_path: Path, pcm: Path, content: bytes) -> None:
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    with pytest.raises(UnreadableRecording, match="no sound"):
        decode(path, "audio/wav", pcm, 60, 60)


def test_a_recording_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path, pcm: Path) -> None:
    whole = encode(write_tones(tmp_path / "tone.wav", (4, 0.5)), "flac")
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert 0.5 < decode(whole, "audio/flac", pcm, 60, 60).seconds < 3.5


def test_a_name_that_looks_like_an_option_or_an_address_is_a_name(tmp_path: Path, pcm: Path) -> None:
    path = write_tones(tmp_path / "tone.wav", (1, 0.5)).rename(tmp_path / "-i http:example.wav")
    assert decode(path, "audio/wav", pcm, 60, 60).seconds == 1


def test_a_recording_beyond_the_limit_is_refused(tmp_path: Path, pcm: Path) -> None:
    path = write_tones(tmp_path / "tone.wav", (4, 0.5))
    with pytest.raises(RecordingTooLong):
        decode(path, "audio/wav", pcm, 2, 60)


def test_without_ffmpeg_the_error_says_how_to_get_it(
    tmp_path: Path, pcm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FfmpegMissing, match="make system"):
        decode(tmp_path / "any.wav", "audio/wav", pcm, 60, 60)


def test_a_full_disk_is_not_the_fault_of_the_recording(tmp_path: Path) -> None:
    path = write_tones(tmp_path / "tone.wav", (1, 0.5))
    with pytest.raises(OSError, match="No space left"):
        decode(path, "audio/wav", Path("/dev/full"), 60, 60)


def test_a_long_recording_is_cut_in_its_pauses(tmp_path: Path, pcm: Path) -> None:
    path = write_tones(tmp_path / "tone.wav", (7.4, 0.5), (0.4, 0), (7.5, 0.5), (0.4, 0), (2, 0.5))
    cuts = [section.end / RATE for section in decode(path, "audio/wav", pcm, 60, 8).sections]
    assert 7.4 <= cuts[0] <= 7.8
    assert 15.3 <= cuts[1] <= 15.7


def test_sections_cover_every_sample_once(pcm: Path) -> None:
    np.random.default_rng(5).integers(-3000, 3000, 10 * RATE + 17, dtype="<i2").tofile(pcm)
    cut = sections(pcm, 1.5)
    assert [section.start for section in cut] == [0, *(section.end for section in cut[:-1])]
    assert cut[-1].end == 10 * RATE + 17
    assert all(0 < section.end - section.start <= 1.5 * RATE for section in cut)


def test_a_quiet_voice_is_not_silence_and_the_noise_of_a_device_is(pcm: Path) -> None:
    noise = np.random.default_rng(6).normal(0, 1, RATE)
    np.concatenate([noise * 8, noise * 120]).astype("<i2").tofile(pcm)
    assert is_silent(read_samples(pcm, Section(0, RATE)))
    assert not is_silent(read_samples(pcm, Section(0, 2 * RATE)))


@pytest.mark.parametrize("suffix", MEDIA_TYPES)
def test_a_damaged_recording_is_read_in_part_or_refused(tmp_path: Path, pcm: Path, suffix: str) -> None:
    whole = encode(write_tones(tmp_path / "tone.wav", (2, 0.5)), suffix).read_bytes()
    random = Random(suffix)
    for _ in range(6):
        broken = bytearray(whole)
        for _ in range(random.randrange(1, 60)):
            broken[random.randrange(len(broken))] = random.randrange(256)
        (tmp_path / "broken").write_bytes(broken[: random.randrange(1, len(broken))])
        with suppress(UnreadableRecording, RecordingTooLong):
            decode(tmp_path / "broken", MEDIA_TYPES[suffix], pcm, 60, 60)


def test_the_real_recordings_are_decoded_and_only_silence_is_silent(shared_data: Path, pcm: Path) -> None:
    silent = []
    folder = shared_data / "files" / "audio"
    for path in sorted(path for path in folder.iterdir() if path.suffix[1:] in MEDIA_TYPES):
        recording = decode(path, MEDIA_TYPES[path.suffix[1:]], pcm, 600, 120)
        assert recording.warnings == ()
        silent += [path.name for section in recording.sections if is_silent(read_samples(pcm, section))]
    assert silent == ["silent_1s.wav"]
