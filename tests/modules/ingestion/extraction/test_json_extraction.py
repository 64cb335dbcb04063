"""JSON: lines that can be cited, and tables of records that are alike."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract
from footnote.modules.ingestion.extraction.errors import DamagedFile, NoText, Unreadable
from footnote.modules.ingestion.extraction.json_stream import WINDOW, Stream
from footnote.modules.ingestion.extraction.kinds import JSON, JSON_LINES
from footnote.modules.ingestion.models import Extraction

Write = Callable[[str, str | bytes], Path]
Read = Callable[[str], Extraction]


@pytest.fixture
def read(write: Write) -> Read:
    return lambda source: read_file(write("a", source), JSON)


def test_every_value_is_a_line_under_its_path(read: Read) -> None:
    extraction = read('{"name": "Tea", "price": 1.50, "of": {"land": ["CN", "IN"], "organic": true, "note": null}}')
    assert extraction.text == "name: Tea\nprice: 1.50\nof.land: CN, IN\nof.organic: true\nof.note: null"
    assert len(extraction.layout.blocks) == 5


def test_records_that_are_alike_are_a_table(read: Read) -> None:
    extraction = read('{"teas": [{"name": "A", "price": 1e3}, {"name": "B", "price": null}], "end": {}}')
    assert extraction.text == "teas:\n\n| name | price |\n| A | 1e3 |\n| B | null |\n\nend: {}"
    assert [cell.row for cell in extraction.layout.tables[0].cells] == [0, 0, 1, 1, 2, 2]


def test_records_that_differ_or_hold_long_texts_are_lines(read: Read) -> None:
    assert read('[{"a": 1, "b": 2}, {"a": 1, "c": 3}]').text == "[0].a: 1\n[0].b: 2\n[1].a: 1\n[1].c: 3"
    assert read(json.dumps([{"a": 1, "b": "x " * 200}] * 2)).text.startswith("[0].a: 1\n[0].b: x x")


def test_paragraphs_of_a_value_stay_apart(read: Read) -> None:
    assert read('{"text": "One.\\n\\nTwo."}').text == "text: One.\nTwo."


def test_numbers_stay_as_they_are_written(read: Read) -> None:
    digits = "9" * 9000  # more than Python counts
    assert read(f'{{"a": {digits}, "b": [1.10, -0, NaN]}}').text == f"a: {digits}\nb: 1.10, -0, NaN"


def test_lines_of_records_are_read_one_by_one(read: Read) -> None:
    extraction = read('{"a": 1, "b": 2}\n\n{"a": 3, "b": 4}\n{"a": \nnot json\n{"a": 5, "b": 6}\n')
    assert extraction.text == "| a | b |\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |"
    assert extraction.media_type == JSON_LINES
    assert extraction.warnings == ("2 lines are not valid JSON and were left out: 4, 5.",)


@pytest.mark.parametrize(
    "source", ['{"a": }', '{"a": 1} more', "[1, 2", '{"a" 1}', '["x]', "[" * 100_000, '{"a":' * 99_999]
)
def test_what_is_not_json_says_where(read: Read, source: str) -> None:
    with pytest.raises(DamagedFile, match=r"not valid JSON: .*at character \d"):
        read(source)


def test_what_came_before_a_fault_is_there(write: Write, tmp_path: Path) -> None:
    good = ", ".join(json.dumps({"id": number, "text": "word " * 99}) for number in range(4000))
    parts = extract(write("a", f"[{good}, oops]"), JSON, Context(tmp_path))
    assert "word word" in next(parts).text
    with pytest.raises(DamagedFile):
        list(parts)


@pytest.mark.parametrize("wrap", [lambda inner: inner, lambda inner: {"data": {"items": inner}, "end": 1}])
def test_large_files_come_in_parts_with_the_same_lines(
    write: Write, tmp_path: Path, wrap: Callable[[Any], Any]
) -> None:
    records = [{"id": n, "text": f"record {n} " + "word " * 10, "more": [{"x": n}]} for n in range(12_000)]
    content = wrap(records)
    parts = list(extract(write("a", json.dumps(content)), JSON, Context(tmp_path)))
    assert len(parts) > 3
    assert max(len(part.text) for part in parts) < 250_000
    lines = [line for part in parts for line in part.text.split("\n")]
    prefix = "" if content is records else "data.items"
    assert f"{prefix}[11999].more[0].x: 11999" in lines
    assert sum(".text: record" in line for line in lines) == 12_000


def test_one_long_string_comes_in_parts(write: Write, tmp_path: Path) -> None:
    parts = list(extract(write("a", json.dumps(["word " * 500_000, 2])), JSON, Context(tmp_path)))
    assert max(len(part.text) for part in parts) < 450_000
    assert sum(part.text.count("word") for part in parts) == 500_000


@settings(max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5) | st.integers(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    )
)
def test_the_stream_gives_what_was_written(content: Any) -> None:
    (value,) = Stream(iter(json.dumps(content))).values()
    assert json.loads(json.dumps(value.content)) == json.loads(json.dumps(content), parse_int=str)


def test_values_larger_than_the_window_are_read_member_by_member() -> None:
    content = {"a": {"b": ["x" * 1000] * (WINDOW // 400)}, "c": 1}
    source = json.dumps(content)
    pieces = (source[at : at + 100_000] for at in range(0, len(source), 100_000))
    values = list(Stream(pieces).values())
    assert len(values) == len(content["a"]["b"]) + 1  # type: ignore[index]
    assert (values[0].path, values[-1].path) == (("a", "b", 0), ("c",))


@pytest.mark.parametrize("source", ['""', '[""]'])
def test_an_empty_value_has_no_text(read: Read, source: str) -> None:
    with pytest.raises(NoText):
        read(source)


@given(st.text(alphabet='{}[]",:1ea\\ \n', max_size=60))
def test_any_marks_are_text_or_an_error(tmp_path_factory: pytest.TempPathFactory, noise: str) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.json"
    path.write_text(noise + " ")
    try:
        read_file(path, JSON)
    except Unreadable as error:
        assert error.to_problem()  # noqa: PT017
