"""Names of people by the real Presidio, with a pipeline that knows two of them."""

import os
from pathlib import Path

import pytest
from loguru import logger
from support.logs import json_line
from support.logs import restored_logging as restored_logging

from footnote.config.doctor.chosen import examine_names
from footnote.platform.log import configure_logging
from footnote.platform.safety.personal import PATTERNS, find_personal_data
from footnote.platform.safety.personal.names import NamesMissing, PresidioNames
from footnote.platform.safety.redaction import redact_names
from footnote.platform.safety.safety import Safety

KNOWN = [
    {"label": "PERSON", "pattern": "Jane Roe"},
    {"label": "PERSON", "pattern": "Ng"},
    {"label": "ORG", "pattern": "Acme"},
]


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Skipped where the extra is not installed, but for CI."""
    if not os.environ.get("CI"):
        pytest.importorskip("presidio_analyzer")
    import spacy

    folder: Path = tmp_path_factory.mktemp("pipeline") / "names"
    language = spacy.blank("en")
    language.add_pipe("entity_ruler").add_patterns(KNOWN)
    language.to_disk(folder)
    return str(folder)


@pytest.fixture(scope="module")
def names(pipeline: str) -> PresidioNames:
    return PresidioNames(pipeline)


def test_people_are_found_and_nothing_else_that_has_a_name(names: PresidioNames) -> None:
    text = "🌋 Jane Roe left Acme for Ng."
    assert [text[found.start : found.end] for found in names(text)] == ["Jane Roe", "Ng"]


def test_a_name_within_an_address_is_part_of_the_address(names: PresidioNames) -> None:
    found = find_personal_data("Jane Roe, jane@example.org", (*PATTERNS, names))
    assert [each.kind for each in found] == ["name", "email"]


async def test_names_go_by_the_policy_for_personal_data(names: PresidioNames) -> None:
    sentence = "Jane Roe left Acme."
    kept, masked, withheld = [
        (await Safety(None, personal_data=policy, names=names).sentence(sentence, tenant="t", system="")).text
        for policy in ("keep", "mask", "withhold")
    ]
    assert (kept, masked, withheld) == (sentence, "[name] left Acme.", "")
    assert await Safety(None, personal_data="mask", names=names).quote(sentence) == "[name] left Acme."


@pytest.mark.usefixtures("restored_logging")
def test_names_are_in_no_log(names: PresidioNames, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    redact_names(names)
    try:
        logger.bind(owner="Jane Roe, Acme").info("{} was not ready", "Ng")
    finally:
        redact_names(None)
    line = json_line(capsys)
    assert (line["owner"], line["message"]) == ("[name], Acme", "[name] was not ready")


def test_a_folder_without_a_pipeline_is_refused(pipeline: str, tmp_path: Path) -> None:
    with pytest.raises(NamesMissing, match="cannot load"):
        PresidioNames(str(tmp_path))


def test_a_pipeline_that_is_not_there_is_not_fetched(pipeline: str) -> None:
    with pytest.raises(NamesMissing, match="no pipeline 'en_core_nowhere'"):
        PresidioNames("en_core_nowhere")


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("footnote.platform.safety.personal.names.find_spec", lambda _name: None)
    with pytest.raises(NamesMissing, match="make presidio"):
        PresidioNames(str(tmp_path))


def test_doctor_tells_what_finds_them(pipeline: str) -> None:
    (found,) = examine_names(pipeline)
    assert (found.state, found.name) == ("ok", "names of people")
    assert examine_names("en_core_nowhere")[0].state == "broken"
    assert examine_names("") == ()
