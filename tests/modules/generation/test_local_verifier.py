"""What counts as supported without a model."""

import pytest

from footnote.modules.generation.grounding import Claim, Evidence
from footnote.modules.generation.grounding.local import LocalVerifier

SOURCE = "In 2021 the company did not pay\ndividends, and revenue rose by 5.93% to $1,204 million."


async def is_supported(sentence: str, *texts: str, title: str = "") -> bool:
    evidence = tuple(Evidence(text=text, title=title) for text in texts)
    [support] = await LocalVerifier().judge([Claim(text=sentence, evidence=evidence)])
    return support.is_supported


@pytest.mark.parametrize(
    "sentence",
    [
        "the company did not pay dividends",
        "In 2021 the Company did not pay dividends, and revenue rose by 5.93% to $1,204 million.",
        "In 2021 the firm did not pay dividends, and revenue rose by 5.93% to 1,204 million.",
    ],
)
async def test_what_stands_there_is_supported(sentence: str) -> None:
    assert await is_supported(sentence, SOURCE)


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2021 the company did pay dividends, and revenue rose by 5.93% to $1,204 million.",
        "In 2022 the company did not pay dividends, and revenue rose by 5.93% to $1,204 million.",
        "In 2021 the company did not pay dividends, and revenue rose by 593% to $1,204 million.",
        "In 2021 the company did not pay dividends, and revenue rose by 5.93 to $1,204 million.",
        "In 2021 the company did not pay dividends, and revenue rose by -5.93% to $1,204 million.",
        "In 2021 the company did not pay its workers.",
        "…",
    ],
)
async def test_what_differs_in_a_fact_is_not_supported(sentence: str) -> None:
    assert not await is_supported(sentence, SOURCE)


async def test_two_texts_may_support_a_sentence_together() -> None:
    sentence = "Mars has two moons and Venus has none at all."
    assert await is_supported(sentence, "Mars has two moons and", "Venus has none at all")
    assert not await is_supported(sentence)
