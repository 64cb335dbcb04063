"""Prompts: made, checked, chosen and compared."""

from typing import Any

import pytest
from support.prompts import ABSTENTIONS, BUILTIN, new_prompt, text

from footnote.modules.generation.prompting import Example, PromptText
from footnote.modules.generation.prompting.errors import (
    InvalidPrompt,
    PromptNotFound,
    PromptsAreForAdmins,
    UnknownPrompt,
)
from footnote.modules.generation.prompting.service import PromptService
from footnote.modules.generation.prompting.validating import check_prompt
from footnote.modules.generation.repository.schema import MIGRATIONS
from footnote.modules.generation.repository.sqlite_prompts import SqlitePromptRepository
from footnote.platform.principal import Principal
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

ADMIN = Principal(tenant="acme", subject="root", roles=frozenset({"admin"}))
ANN = Principal(tenant="acme", subject="ann")


@pytest.fixture
async def prompts(database: SqliteDatabase) -> PromptService:
    await migrate(database, {"generation": MIGRATIONS})
    return PromptService(BUILTIN, SqlitePromptRepository(database), database, ABSTENTIONS)


def wrong(**changes: Any) -> dict[str, str]:
    """What is wrong with a prompt of that kind, by field."""
    with pytest.raises(InvalidPrompt) as raised:
        check_prompt(new_prompt(**changes))
    return {error["field"]: error["message"] for error in raised.value.extensions["errors"]}


def example(answer: str, *passages: str) -> PromptText:
    return text(
        "Answer.", "{{mark}} {{passages}} {{question}}", Example(question="?", passages=passages, answer=answer)
    )


@pytest.mark.parametrize("builtin", BUILTIN, ids=lambda prompt: f"{prompt.name}@{prompt.version}")
def test_what_comes_with_the_program_is_valid(builtin: Any) -> None:
    check_prompt(builtin)


async def test_a_question_that_names_no_prompt_gets_the_default(prompts: PromptService) -> None:
    assert (await prompts.chosen(ANN, None)).name == "answer"
    assert await prompts.chosen(ANN, "answer@1") == BUILTIN[0]


@pytest.mark.parametrize("wanted", ["none", "answer@9", "answer@", "answer@x", ""])
async def test_an_unknown_prompt_is_named_beside_the_known_ones(prompts: PromptService, wanted: str) -> None:
    if wanted in ("", "answer@"):
        assert await prompts.chosen(ANN, wanted) == BUILTIN[-1]
        return
    with pytest.raises(UnknownPrompt, match="answer"):
        await prompts.chosen(ANN, wanted)


async def test_a_version_of_ones_own_is_the_next_and_is_used(prompts: PromptService) -> None:
    added = await prompts.add(ADMIN, new_prompt("answer"))
    assert added.version == len(BUILTIN) + 1
    assert (await prompts.chosen(ANN, None)).version == added.version
    assert (await prompts.chosen(ANN, "answer@1")) == BUILTIN[0]
    assert (await prompts.chosen(Principal(tenant="other", subject="bob"), None)) == BUILTIN[-1]


async def test_only_an_admin_adds_a_prompt(prompts: PromptService) -> None:
    with pytest.raises(PromptsAreForAdmins):
        await prompts.add(ANN, new_prompt())


async def test_a_prompt_tells_its_versions_and_its_tokens(prompts: PromptService) -> None:
    await prompts.add(ADMIN, new_prompt())
    await prompts.add(ADMIN, new_prompt(texts={"en": text("Answer at length, in {{language}}.")}))
    seen = await prompts.read(ANN, "short", 1)
    assert (seen.version, seen.versions, seen.created_by) == (1, (1, 2), "root")
    assert seen.tokens["en"].system > 0
    with pytest.raises(PromptNotFound):
        await prompts.read(ANN, "short", 3)


async def test_prompts_are_listed_by_name_page_after_page(prompts: PromptService) -> None:
    for name in ("zulu", "brief"):
        await prompts.add(ADMIN, new_prompt(name))
    first = await prompts.page(ANN, limit=2)
    second = await prompts.page(ANN, cursor=first.next_cursor, limit=2)
    assert [each.name for each in (*first.items, *second.items)] == ["answer", "brief", "zulu"]
    assert second.next_cursor is None


async def test_two_versions_are_compared_field_by_field(prompts: PromptService) -> None:
    await prompts.add(ADMIN, new_prompt())
    await prompts.add(ADMIN, new_prompt(texts={"en": text("Answer in {{language}}.\nBe brief.")}))
    found = await prompts.compare(ANN, "short", 1, 2)
    assert [change.field for change in found.changes] == ["texts.en.system"]
    assert "+Be brief." in found.changes[0].diff.splitlines()


def test_an_unknown_variable_is_named_beside_the_known_ones() -> None:
    found = wrong(texts={"en": text("Answer in {{tongue}}.")})
    assert "{{tongue}}" in found["texts.en.system"]
    assert "{{language}}" in found["texts.en.system"]


def test_passages_stand_in_the_message_and_not_in_the_rules() -> None:
    assert wrong(texts={"en": text("{{passages}}")}).keys() == {"texts.en.system"}
    assert "{{passages}}" in wrong(texts={"en": text(user="{{mark}} {{question}}")})["texts.en.user"]


@pytest.mark.parametrize("template", ["Answer {{", "Answer }}", "{{ }}", "{{a b}}", "  "])
def test_stray_braces_and_empty_texts_are_refused(template: str) -> None:
    assert wrong(texts={"en": text(template)}).keys() == {"texts.en.system"}


def test_an_example_cites_passages_that_are_there() -> None:
    assert "2" in wrong(texts={"en": example("Red. [2]", "It is red.")})["texts.en.examples.0.answer"]
    assert wrong(texts={"en": example("Red.", "It is red.")}).keys() == {"texts.en.examples.0.answer"}
    check_prompt(new_prompt(texts={"en": example("Red. [1]", "It is red.")}))
    check_prompt(new_prompt(texts={"en": example("{{abstention}}", "It is red.")}))


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = wrong(name="Short!", language="de", texts={"english": text("")})
    assert found.keys() == {"name", "language", "texts.english", "texts.english.system"}
