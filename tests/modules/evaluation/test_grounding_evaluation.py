"""Measuring the check of sentences."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from footnote.modules.evaluation import InvalidDataset
from footnote.modules.evaluation.grounding import GroundingEvaluation, Judged, measured
from footnote.modules.generation import Claim, Support


class Verifier:
    """As sure as the last word of a claim says."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []

    def forget(self) -> None:
        pass

    async def judge(self, claims: Sequence[Claim]) -> list[Support]:
        self.claims += claims
        chances = [float(claim.text.rstrip(".").split()[-1]) / 100 for claim in claims]
        return [Support(probability=chance, is_supported=chance >= 0.5) for chance in chances]


def written(path: Path, *answers: tuple[str, bool]) -> Path:
    lines = [
        json.dumps(
            {"id": str(place), "context": "A text.", "answer": answer, "hallucinated": hallucinated, "spans": []}
        )
        for place, (answer, hallucinated) in enumerate(answers)
    ]
    path.write_text("\n".join(lines))
    return path


async def test_an_answer_is_as_sure_as_its_weakest_sentence(tmp_path: Path) -> None:
    path = written(tmp_path / "examples.jsonl", ("It is 90. It is 20.", True), ("It is 80.", False))
    report = await GroundingEvaluation(Verifier(), threshold=0.5).run(path, progress=lambda *_: None)
    assert report.metrics.auroc == report.metrics.f1 == report.metrics.balanced_accuracy == 1
    assert report.metrics.ece == pytest.approx(0.2)
    assert (report.examples, report.sentences) == (2, 3)


async def test_an_answer_that_repeats_its_question_is_one_claim(tmp_path: Path) -> None:
    line = {
        "id": "1",
        "question": "Is it? Is it red?",
        "context": "c",
        "answer": "Is it? Is it red? 90",
        "hallucinated": True,
    }
    (tmp_path / "examples.jsonl").write_text(json.dumps(line))
    verifier = Verifier()
    await GroundingEvaluation(verifier, threshold=0.5).run(tmp_path / "examples.jsonl", progress=lambda *_: None)
    assert [claim.text for claim in verifier.claims] == ["Is it? Is it red? 90"]


async def test_a_file_without_examples_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataset):
        await GroundingEvaluation(Verifier(), threshold=0.5).run(
            written(tmp_path / "none.jsonl"), progress=lambda *_: None
        )


def test_what_is_not_released_counts_as_found_to_be_hallucinated() -> None:
    judged = [Judged(0.1, False, 1), Judged(0.8, True, 1), Judged(0.4, False, 1), Judged(0.9, True, 1)]
    metrics = measured([True, True, False, False], judged)
    assert metrics.precision == metrics.recall == metrics.f1 == metrics.balanced_accuracy == 0.5
    assert metrics.auroc == 0.75
