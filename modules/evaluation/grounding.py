"""How well the check of sentences tells supported answers from others, on labelled examples."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from opentelemetry import trace

from footnote.modules.evaluation import ProgressListener
from footnote.modules.evaluation.calibration import auroc, expected_calibration_error
from footnote.modules.evaluation.datasets import read_examples
from footnote.modules.evaluation.models import Example, GroundingMetrics, GroundingReport
from footnote.modules.generation import Claim, Evidence, Support, Verifier
from footnote.platform.text import sentence_spans

BATCH = 64  # examples that are judged together

tracer = trace.get_tracer(__name__)


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
        chances, released, sentences = [], [], 0
        for start in range(0, len(examples), BATCH):
            for found in await self._judged(examples[start : start + BATCH]):
                chances.append(min((support.probability for support in found), default=0.0))
                released.append(bool(found) and all(support.is_supported for support in found))
                sentences += len(found)
            progress(min(start + BATCH, len(examples)), len(examples), "judging")
        seconds = perf_counter() - begun
        return GroundingReport(
            metrics=measured([example.hallucinated for example in examples], chances, released),
            threshold=self._threshold,
            examples=len(examples),
            sentences=sentences,
            examples_per_second=round(len(examples) / seconds, 1),
            sentences_per_second=round(sentences / seconds, 1),
        )

    async def _judged(self, examples: Sequence[Example]) -> list[list[Support]]:
        claims = [
            [
                Claim(
                    text=sentence,
                    evidence=(Evidence(text=example.context, title=example.title),),
                    question=example.question,
                )
                for sentence in sentences_of(example)
            ]
            for example in examples
        ]
        supports = iter(await self._verifier.judge([claim for group in claims for claim in group]))
        return [[next(supports) for _ in group] for group in claims]


def sentences_of(example: Example) -> list[str]:
    """Of the answer; one that repeats its question in front of it is read whole."""
    if example.question and example.question.strip() in example.answer:
        return [example.answer]
    return [example.answer[start:end] for start, end in sentence_spans(example.answer)]


def measured(hallucinated: Sequence[bool], chances: Sequence[float], released: Sequence[bool]) -> GroundingMetrics:
    """Hallucinated is the positive class; what is not released counts as found to be that."""
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
