"""What holds of every chunker, for any text."""

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.chunked import LetterSentences, Piece, assert_sound, chunkers, composed, found, sentences, table

NAMES = ["structure", "fixed", "sentence", "semantic", "parent", "table"]
KINDS = ["paragraph", "list_item", "table_row", "table_header", "code", "furniture"]
WORDS = st.text(alphabet="ab cdé. 語각1,\n", min_size=1, max_size=80).filter(lambda text: not text.isspace())
LONG = st.integers(1, 60).map(sentences)
# Cut inside by force, these fall into more tokens than they were part of.
GIANTS = st.integers(1, 12).map(lambda count: " ".join(["counterrevolutionaries" * 4] * count))
HEADINGS = st.tuples(st.just("heading"), st.tuples(st.integers(1, 3), WORDS).map(lambda each: "#" * each[0] + each[1]))
PIECES = st.lists(
    st.one_of(HEADINGS, st.tuples(st.sampled_from(KINDS), st.one_of(WORDS, LONG, GIANTS))),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None)
@given(PIECES, st.sampled_from([24, 40, 256]), st.sampled_from([0.0, 0.15, 0.5]), st.sampled_from([1, 3]))
def test_any_text_is_covered_within_the_limit(
    name: str, pieces: list[Piece], limit: int, overlap: float, times: int
) -> None:
    extraction = composed(pieces)
    chunks = chunkers(limit, overlap, times * limit)[name].chunk(extraction, "T")
    assert_sound(extraction, chunks, "T", min(limit, 128) if name == "parent" else limit, times * limit)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=20, deadline=None)
@given(PIECES)
def test_the_same_text_gives_the_same_chunks(name: str, pieces: list[Piece]) -> None:
    extraction = composed(pieces)
    assert chunkers()[name].chunk(extraction, "T") == chunkers()[name].chunk(extraction, "T")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["word " * 2000, "語" * 2000, "a " + "語" * 2000, "x" * 5000, "." * 3000, "각" * 900])
def test_text_without_sentences_is_bounded(name: str, text: str) -> None:
    extraction = composed([("paragraph", text)])
    chunks = chunkers()[name].chunk(extraction, "T")
    assert_sound(extraction, chunks, "T", 256, 768)
    assert len(found(chunks)) < 60


@pytest.mark.parametrize("name", NAMES)
def test_words_cut_by_force_stay_within_the_limit(name: str) -> None:
    extraction = composed([("paragraph", " ".join(["counterrevolutionaries" * 4] * 9))])
    assert_sound(extraction, chunkers(24)[name].chunk(extraction, "T"), "T", 24, 72)
    assert_sound(extraction, chunkers(24, parents=24)[name].chunk(extraction, "T"), "T", 24, 24)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("words", ["..1.1각 각111.1각1a.1각", "각11b1a..1 11a1111a각"])
def test_a_heading_whose_middle_is_within_a_character_of_several_tokens_is_cut(name: str, words: str) -> None:
    extraction = composed([("heading", "#1."), ("heading", f"##{words}"), ("heading", "##1")])
    assert_sound(extraction, chunkers(24, 0.0, 24)[name].chunk(extraction, "T"), "T", 24, 24)


@pytest.mark.parametrize("name", NAMES)
def test_halves_that_two_windows_share_are_there_once(name: str) -> None:
    extraction = composed([("table_header", "counterrevolutionaries" * 4)] + [("heading", "#1")] * 8)
    assert_sound(extraction, chunkers(24, 0.5, 24)[name].chunk(extraction, "T"), "T", 24, 24)


@pytest.mark.parametrize("name", NAMES)
def test_rows_below_the_top_of_their_table_say_what_heads_it(name: str) -> None:
    chunks = found(chunkers(64)[name].chunk(composed(table(60)), "T"))
    assert len(chunks) > 5
    assert {chunk.context for chunk in chunks[1:]} == {"Region | Revenue | Profit"}
    assert chunks[0].text.startswith("| Region | Revenue")
    assert chunks[0].context == ""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("title", ["A title of many words " * 40, "題" * 400])
def test_a_long_title_leaves_room_for_the_text(name: str, title: str) -> None:
    header = ("table_header", f"| {sentences(8)} |")
    extraction = composed([("heading", f"#{sentences(5)}"), ("paragraph", sentences(40)), header, *table(60)[1:]])
    assert_sound(extraction, chunkers()[name].chunk(extraction, title), title, 200 if name == "parent" else 256, 768)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pieces", [[], [("furniture", "Page 1")]])
def test_nothing_to_say_gives_no_chunk(name: str, pieces: list[Piece]) -> None:
    assert chunkers()[name].chunk(composed(pieces), "T") == []


@pytest.mark.parametrize("name", NAMES)
def test_a_chunker_works_in_another_process(name: str) -> None:
    extraction = composed([("paragraph", sentences(40)), *table(30)])
    chunker = chunkers()[name]
    expected = chunker.chunk(extraction, "T")
    assert pickle.loads(pickle.dumps(chunker)).chunk(extraction, "T") == expected


def test_signatures_tell_the_ways_and_the_settings_apart() -> None:
    signatures = [chunkers(limit, 0.2)[name].signature for name in NAMES for limit in (128, 256)]
    assert len(set(signatures)) == len(signatures)
    assert any(LetterSentences.name in signature for signature in signatures)
