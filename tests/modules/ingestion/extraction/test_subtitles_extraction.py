"""Subtitles: what is said, by whom and when."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract, sniff
from footnote.modules.ingestion.extraction.errors import NoText
from footnote.modules.ingestion.extraction.kinds import SRT, VTT
from footnote.modules.ingestion.models import Extraction

Write = Callable[[str, str | bytes], Path]

SPOKEN = """WEBVTT - A talk

NOTE made by hand

STYLE
::cue { color: red }

first
00:01.000 --> 00:03.000 align:left
<v.loud Ann Lee>We are in <i>New York</i>

00:03.000 --> 00:04.500
<v Ann Lee>City &amp; harbour.</v>

01:00:05.250 --> 01:00:06.000
<v Bob>Indeed.
"""


def moments(extraction: Extraction) -> list[tuple[str, float, float]]:
    return [(extraction.text[m.start : m.end], m.begins, m.ends) for m in extraction.layout.moments]


def test_sentences_are_joined_and_every_cue_keeps_its_time(write: Write) -> None:
    extraction = read_file(write("a.vtt", SPOKEN), VTT)
    assert extraction.text == "Ann Lee: We are in New York City & harbour.\n\nBob: Indeed."
    assert moments(extraction) == [
        ("Ann Lee: We are in New York", 1.0, 3.0),
        ("City & harbour.", 3.0, 4.5),
        ("Bob: Indeed.", 3605.25, 3606.0),
    ]


def test_subrip_is_read_in_its_own_encoding(write: Write) -> None:
    text = (
        "1\r\n00:00:01,500 --> 00:00:02,750\r\n<font color=red>Grüße</font> {\\an8}aus Köln.\r\n\r\n"
        "2\r\n00:00:09,000 --> 00:00:10,000\r\n- Danke schön!\r\n"
    )
    path = write("a.srt", text.encode("cp1252"))
    extraction = read_file(path, SRT)
    assert sniff(path, "a") == extraction.media_type == SRT
    assert moments(extraction) == [("Grüße aus Köln.", 1.5, 2.75), ("- Danke schön!", 9.0, 10.0)]


def test_a_pause_or_another_speaker_ends_a_sentence(write: Write) -> None:
    cues = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>Well,\n\n00:02.000 --> 00:03.000\n<v B>so\n\n"
        "00:09.000 --> 00:10.000\n<v B>what"
    )
    assert read_file(write("a.vtt", cues), VTT).text == "A: Well,\n\nB: so\n\nwhat"


def test_cues_without_blank_lines_between_are_told_apart(write: Write) -> None:
    cues = "1\n00:00:01,000 --> 00:00:02,000\nOne.\n2\n00:00:03,000 --> 00:00:04,000\nTwo.\n"
    assert read_file(write("a.srt", cues), SRT).text == "One.\n\nTwo."


def test_broken_cues_are_left_out_and_said(write: Write) -> None:
    cues = "WEBVTT\n\n00:xx --> 00:02.000\nLost.\n\n00:03.000 --> 00:04.000\nKept."
    extraction = read_file(write("a.vtt", cues), VTT)
    assert extraction.text == "Kept."
    assert extraction.warnings == ("Cues without a time that can be read were left out (1): 00:xx --> 00:02.000",)


def test_a_long_transcript_comes_in_parts(write: Write, tmp_path: Path) -> None:
    cues = "".join(f"{n % 60:02}:00.000 --> {n % 60:02}:01.000\nSentence {n} {'word ' * 20}.\n\n" for n in range(4000))
    parts = list(extract(write("a.vtt", "WEBVTT\n\n" + cues), VTT, Context(tmp_path)))
    assert len(parts) == 3
    assert sum(len(part.layout.moments) for part in parts) == 4000


@pytest.mark.parametrize("noise", ["-->", "00:00 --> \n\n-->\n", "1\n\n2\n\n3", "<v >x --> y"])
def test_noise_has_no_text(write: Write, noise: str) -> None:
    with pytest.raises(NoText):
        read_file(write("a.vtt", "WEBVTT\n\n" + noise), VTT)
