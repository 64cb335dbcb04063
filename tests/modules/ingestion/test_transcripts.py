"""Transcripts become text that can be cited to the second."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.modules.ingestion.extraction.errors import NoText
from footnote.modules.ingestion.models import Extraction
from footnote.modules.ingestion.places import place
from footnote.modules.ingestion.transcripts import PART, extractions
from footnote.platform.inference.transcription import Segment, SpokenWord, Transcript


def transcript(*segments: Segment, words: tuple[SpokenWord, ...] = (), language: str | None = "en") -> Transcript:
    return Transcript(language=language, seconds=600, segments=segments, words=words)


def only(said: Transcript) -> Extraction:
    [extraction] = extractions(said, "audio/mpeg")
    return extraction


def spoken(extraction: Extraction) -> list[tuple[str, float, float]]:
    return [(extraction.text[m.start : m.end], m.begins, m.ends) for m in extraction.layout.moments]


def blocks(extraction: Extraction) -> list[str]:
    return [extraction.text[block.start : block.end] for block in extraction.layout.blocks]


HARVEST = Segment("The harvest was good.", 1.0, 3.0)
HARVEST_WORDS = (
    SpokenWord("The", 1.0, 1.2),
    SpokenWord("harvest", 1.2, 1.9),
    SpokenWord("was", 2.0, 2.2),
    SpokenWord("good", 2.3, 3.0),
)


def test_every_word_has_its_moment_with_the_signs_around_it() -> None:
    extraction = only(transcript(HARVEST, words=HARVEST_WORDS))
    assert spoken(extraction) == [("The", 1, 1.2), ("harvest", 1.2, 1.9), ("was", 2, 2.2), ("good.", 2.3, 3)]


def test_a_citation_starts_at_the_second_of_its_first_word() -> None:
    extraction = only(transcript(HARVEST, words=HARVEST_WORDS))
    assert place(extraction, 12, 21).seconds == (2.0, 3.0)


def test_what_was_not_heard_as_a_word_is_said_between_its_neighbours() -> None:
    words = (HARVEST_WORDS[0], SpokenWord("it's", 1.3, 1.4), HARVEST_WORDS[3])
    said = spoken(only(transcript(HARVEST, words=words)))
    assert said == [("The", 1, 1.2), ("harvest", 1.2, 2.3), ("was", 1.2, 2.3), ("good.", 2.3, 3)]


def test_without_words_the_segment_tells_the_time() -> None:
    assert {(begins, ends) for _, begins, ends in spoken(only(transcript(HARVEST)))} == {(1.0, 3.0)}


def test_words_without_spaces_between_them_are_told_apart() -> None:
    words = (SpokenWord("今年", 0, 1), SpokenWord("は", 1, 1.2), SpokenWord("豊作", 1.2, 2), SpokenWord("です", 2, 2.4))
    extraction = only(transcript(Segment("今年は豊作です。", 0, 2.5), words=words, language="ja"))
    assert spoken(extraction) == [("今年", 0, 1), ("は", 1, 1.2), ("豊作", 1.2, 2), ("です。", 2, 2.4)]
    assert extraction.language == "ja"


def test_case_does_not_keep_a_word_from_its_place() -> None:
    words = (SpokenWord("İstanbul", 0, 1), SpokenWord("NATO", 1, 2))
    assert spoken(only(transcript(Segment("istanbul, İstanbul and Nato", 0, 2), words=words)))[1:] == [
        ("İstanbul", 0, 1),
        ("and", 1, 1),
        ("Nato", 1, 2),
    ]


def test_a_pause_after_a_sentence_begins_a_paragraph() -> None:
    said = transcript(HARVEST, Segment("Nobody knows", 5.0, 6.0), Segment("why.", 8.0, 9.0), Segment("So.", 9.2, 10))
    assert blocks(only(said)) == ["The harvest was good.", "Nobody knows why. So."]


def test_a_long_silence_ends_even_a_sentence() -> None:
    said = transcript(Segment("And then", 0, 1), Segment("the lights went out", 6, 8))
    assert blocks(only(said)) == ["And then", "the lights went out"]


def test_speech_without_a_pause_ends_its_paragraphs_with_sentences() -> None:
    said = transcript(*(Segment("Twenty letters here.", n, n + 1) for n in range(100)))
    paragraphs = blocks(only(said))
    assert [len(paragraph.split(". ")) for paragraph in paragraphs] == [29, 29, 29, 13]


def test_speech_without_sentences_is_cut_all_the_same() -> None:
    said = transcript(*(Segment("and on and on and on", n, n + 1) for n in range(300)))
    assert max(map(len, blocks(only(said)))) <= 2100


def test_a_long_recording_comes_in_parts_with_the_times_of_all_of_it() -> None:
    segments = [Segment(f"Sentence number {n} is here.", n, n + 1) for n in range(10_000)]
    words = [SpokenWord(str(n), n + 0.4, n + 0.6) for n in range(10_000)]
    parts = list(extractions(transcript(*segments, words=tuple(words)), "audio/ogg"))
    assert len(parts) == 5
    assert all(len(part.text) <= PART for part in parts)
    assert ("9999", 9999.4, 9999.6) in spoken(parts[-1])


def test_a_warning_of_the_recording_is_told_once() -> None:
    segments = tuple(Segment(f"Sentence number {n} is here.", n, n + 1) for n in range(5000))
    said = Transcript(language=None, seconds=1, segments=segments, words=(), warnings=("Damaged.",))
    assert [part.warnings for part in extractions(said, "audio/ogg")] == [("Damaged.",), (), ()]


def test_silence_is_no_document() -> None:
    with pytest.raises(NoText, match="No speech"):
        list(extractions(transcript(Segment(" \x00 ", 0, 1)), "audio/wav"))


texts = st.text(alphabet="ab ,.İß中\n\x00", max_size=12)
times = st.floats(0, 100)


@given(
    st.lists(st.builds(Segment, texts, times, times), max_size=8),
    st.lists(st.builds(SpokenWord, texts, times, times), max_size=12),
)
def test_whatever_a_model_answers_every_sign_has_a_moment_in_order(
    segments: list[Segment], words: list[SpokenWord]
) -> None:
    said = transcript(*segments, words=tuple(words))
    for part in extractions(said, "audio/wav") if any(map(visible, segments)) else ():
        for spans in (part.layout.moments, part.layout.blocks):
            covered = [offset for span in spans for offset in range(span.start, span.end)]
            assert covered == sorted(set(covered))
            assert all(part.text[offset].isspace() for offset in set(range(len(part.text))) - set(covered))
        assert all(moment.begins <= moment.ends for moment in part.layout.moments)


def visible(segment: Segment) -> bool:
    return bool(segment.text.replace("\x00", "").strip())
