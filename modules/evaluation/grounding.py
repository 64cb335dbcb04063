"""How well the check of sentences tells supported answers from others, on labelled examples."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from opentelemetry import trace

from footnote.modules.evaluation import ProgressListener
from footnote.modules.evaluation.calibration import auroc, expected_calibration_error
from footnote.modules.evaluation.datasets import read_examples
from footnote.modules.evaluation.models import Example, GroundingMetrics, GroundingReport
from footnote.modules.generation import Claim, Evidence, Support, Verifier
from footnote.platform.text import sentence_spans

BATCH = 64  # examples that are judged together

tracer = trace.get_tracer(__name__)


class Judged(NamedTuple):
    """An answer."""

    probability: float  # of its weakest sentence
    is_supported: bool  # all of them
    sentences: int


class GroundingEvaluation:
    def __init__(self, verifier: Verifier, *, threshold: float) -> None:
        """`threshold`: the probability from which on the verifier calls a claim supported."""
        self._verifier = verifier
        self._threshold = threshold

    @tracer.start_as_current_span("evaluation.grounding")
    async def run(self, path: Path, *, progress: ProgressListener) -> GroundingReport:
        """Judge every sentence of every answer against its context; an answer is as sure as its weakest sentence.

        Raises:
            InvalidDataset: The file is not of the form, or has no examples.
            Unavailable: A model that the verifier needs cannot be reached.
        """
        examples = await asyncio.to_thread(read_examples, path)
        begun = perf_counter()
        judged: list[Judged] = []
        for start in range(0, len(examples), BATCH):
            judged += await self.judged(examples[start : start + BATCH])
            progress(len(judged), len(examples), "judging")
        return self.report(examples, judged, perf_counter() - begun)

    async def judged(self, examples: Sequence[Example]) -> list[Judged]:
        claims = [_claims(example) for example in examples]
        supports = iter(await self._verifier.judge([claim for group in claims for claim in group]))
        return [_weakest([next(supports) for _ in group]) for group in claims]

    def report(self, examples: Sequence[Example], judged: Sequence[Judged], seconds: float) -> GroundingReport:
        sentences = sum(each.sentences for each in judged)
        return GroundingReport(
            metrics=measured([example.hallucinated for example in examples], judged),
            threshold=self._threshold,
            examples=len(examples),
            sentences=sentences,
            examples_per_second=round(len(examples) / seconds, 1),
            sentences_per_second=round(sentences / seconds, 1),
        )


def _claims(example: Example) -> list[Claim]:
    evidence = (Evidence(text=example.context, title=example.title),)
    return [Claim(text=sentence, evidence=evidence, question=example.question) for sentence in sentences_of(example)]


def _weakest(found: Sequence[Support]) -> Judged:
    return Judged(
        probability=min((support.probability for support in found), default=0.0),
        is_supported=bool(found) and all(support.is_supported for support in found),
        sentences=len(found),
    )


def sentences_of(example: Example) -> list[str]:
    """Of the answer; one that repeats its question in front of it is read whole."""
    if example.question and example.question.strip() in example.answer:
        return [example.answer]
    return [example.answer[start:end] for start, end in sentence_spans(example.answer)]


def measured(hallucinated: Sequence[bool], judged: Sequence[Judged]) -> GroundingMetrics:
    """Hallucinated is the positive class; what is not released counts as found to be that."""
    chances, released = [each.probability for each in judged], [each.is_supported for each in judged]
    pairs = list(zip(hallucinated, released, strict=True))
    caught = sum(false and not shown for false, shown in pairs)
    positives, found = sum(hallucinated), sum(not shown for shown in released)
    negatives = len(pairs) - positives
    passed = sum(not false and shown for false, shown in pairs)
    recall = caught / positives if positives else None
    precision = caught / found if found else None
    return GroundingMetrics(
        auroc=auroc(
            [1 - chance for chance, false in zip(chances, hallucinated, strict=True) if false],
            [1 - chance for chance, false in zip(chances, hallucinated, strict=True) if not false],
        ),
        f1=2 * caught / (positives + found) if positives + found else None,
        precision=precision,
        recall=recall,
        balanced_accuracy=(caught / positives + passed / negatives) / 2 if positives and negatives else None,
        ece=expected_calibration_error(
            [(chance, not false) for chance, false in zip(chances, hallucinated, strict=True)]
        ),
    )
