"""Neighbouring sentences that rest on the same."""

import pytest

from footnote.modules.generation import Run, Sentence, runs


def sentences(*cited: tuple[int, ...] | None) -> list[Sentence]:
    """Of two characters each, with these citations; none is a sentence withheld."""
    told, at = [], 0
    for citations in cited:
        text = "" if citations is None else "A."
        at += len(text)
        told.append(Sentence(text=text, start=at - len(text), end=at, verdict="supported", citations=citations or ()))
    return told


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([(0,), (0,), (1,)], [Run((0,), 0, 4), Run((1,), 4, 6)], id="those with the same go together"),
        pytest.param([(0,), (0, 1)], [Run((0,), 0, 2), Run((0, 1), 2, 4)], id="part of it is not the same"),
        pytest.param([(0,), None, (0,)], [Run((0,), 0, 2), Run((), 2, 2), Run((0,), 2, 4)], id="withheld between"),
    ],
)
def test_neighbours_with_the_same_citations_are_one_run(
    cited: list[tuple[int, ...] | None], expected: list[Run]
) -> None:
    assert list(runs(sentences(*cited))) == expected
