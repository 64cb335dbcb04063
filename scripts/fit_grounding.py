"""Fits the constants of modules/generation/grounding/weights.py and says what they are worth elsewhere.

    python scripts/fit_grounding.py SQUAD QED HALUEVAL

Fitted on half 0 of the sentences of scripts/make_swaps.py and on every other question of HaluEval, whose answers are
made sentences in several ways; measured on the other halves.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from grounding_sets.asked import FORMS, halueval
from make_swaps import made
from numpy.typing import NDArray

from footnote.config.settings import load_settings
from footnote.modules.evaluation.calibration import auroc, expected_calibration_error
from footnote.modules.generation.grounding import Claim, Evidence
from footnote.modules.generation.grounding.features import Features
from footnote.modules.generation.grounding.likeness import WordLikeness
from footnote.modules.generation.grounding.local import LocalVerifier
from footnote.platform.inference.local import LocalEmbedder, LocalTokenizer

RIDGE = 2.0
STEPS = 4000
SEEDS = (1, 2, 3)
HELPS = {"coverage", "novel", "anywhere", "rest", "run", "soft", "weakest", "aligned", "order", "relevance", "literal"}
HARMS = {"names", "numbers", "echoed", "slots", "polarity", "opposites", "pieces"}

NAMES = Features.__struct_fields__

Array = NDArray[np.float64]


class Judged(NamedTuple):
    features: Array  # [claims, features]
    is_true: Array
    is_clear: Array  # of conflicts


async def judged(verifier: LocalVerifier, records: Sequence[dict[str, Any]]) -> Judged:
    claims = [
        Claim(
            text=record["answer"],
            evidence=(Evidence(text=record["context"], title=record.get("title", "")),),
            question=record.get("question", ""),
        )
        for record in records
    ]
    readings = await verifier.readings(claims)
    nothing = [0.0] * len(Features.__struct_fields__)
    features = [[float(getattr(r.features, n)) for n in Features.__struct_fields__] if r else nothing for r in readings]
    return Judged(
        np.array(features),
        np.array([not record["hallucinated"] for record in records], float),
        np.array([r is not None and not r.conflicts.any for r in readings]),
    )


def fit(sets: Sequence[Judged]) -> Array:
    """Ridge logistic regression with the signs that the features must have, the last coefficient the bias."""
    inputs = np.column_stack([np.concatenate([s.features for s in sets]), np.ones(sum(len(s.is_true) for s in sets))])
    is_true = np.concatenate([s.is_true for s in sets])
    weights = np.concatenate([np.full(len(s.is_true), 1 / len(s.is_true)) for s in sets]) / len(sets)
    low = np.array([0.0 if name in HELPS else -np.inf for name in (*Features.__struct_fields__, "bias")])
    high = np.array([0.0 if name in HARMS else np.inf for name in (*Features.__struct_fields__, "bias")])
    ridge = np.array([RIDGE / len(is_true)] * (inputs.shape[1] - 1) + [0.0])
    found, ahead, momentum = np.zeros(inputs.shape[1]), np.zeros(inputs.shape[1]), 1.0
    step = 1 / (0.25 * np.linalg.norm(inputs * np.sqrt(weights)[:, None], 2) ** 2 + ridge.max())
    for _ in range(STEPS):
        predicted = 1 / (1 + np.exp(-inputs @ ahead))
        gradient = inputs.T @ (weights * (predicted - is_true)) + ridge * ahead
        new = np.clip(ahead - step * gradient, low, high)
        grown = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        found, ahead, momentum = new, new + (momentum - 1) / grown * (new - found), grown
    return found


def chances(held: Judged, found: tuple[Array, Array]) -> Array:
    """By the first coefficients, or by the second where the question is repeated."""
    stated, repeating = (1 / (1 + np.exp(-held.features @ each[:-1] - each[-1])) for each in found)
    return np.where(held.features[:, NAMES.index("repeats")] > 0, repeating, stated)


def part(held: Judged, repeats: bool) -> Judged:
    rows = (held.features[:, NAMES.index("repeats")] > 0) == repeats
    return Judged(*(column[rows] for column in held))


def describe(name: str, held: Judged, found: tuple[Array, Array]) -> None:
    chance = chances(held, found)
    true, false = chance[held.is_true == 1], chance[held.is_true == 0]
    ece = expected_calibration_error(list(zip(chance.tolist(), (held.is_true == 1).tolist(), strict=True)))
    print(f"{name}: {len(true)} true, {len(false)} false, auroc {auroc(list(true), list(false)):.3f}, ece {ece:.3f}")
    for threshold in (0.3, 0.5, 0.6, 0.7, 0.8):
        released = held.is_clear & (chance >= threshold)
        kept, leaked = released[held.is_true == 1].mean(), released[held.is_true == 0].sum()
        print(f"  from {threshold} on: {kept:.3f} of the true ones, {leaked} false ones")


async def run(squad: Path, qed: Path, examples: Path) -> None:
    embedder = LocalEmbedder(Path(load_settings(os.environ).settings.home) / "models")
    verifier = LocalVerifier(WordLikeness(embedder, LocalTokenizer()))
    try:
        swaps = [await judged(verifier, made([squad, qed], 0, seed, 1200, with_words=True)) for seed in SEEDS]
        asked = [await judged(verifier, list(halueval(examples, 0, form))) for form in FORMS]
        # Sentences of answers are rarely a bare name or number: the swaps count three times as much.
        stated = [part(each, False) for each in (*swaps, *swaps, *asked[2:])]
        found = (fit(stated), fit([part(each, True) for each in asked[:2]]))
        for weights in found:
            print(", ".join(f"{name}={weight:.3f}" for name, weight in zip((*NAMES, "bias"), weights, strict=True)))
        describe("swaps, fitted half", swaps[0], found)
        describe("swaps, other half", await judged(verifier, made([squad, qed], 1, SEEDS[0], 600)), found)
        for form, fitted in zip(FORMS, asked, strict=True):
            describe(f"halueval, fitted half, {form}", fitted, found)
            describe(f"halueval, other half, {form}", await judged(verifier, list(halueval(examples, 1, form))), found)
    finally:
        await embedder.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the local verifier.")
    parser.add_argument("squad", type=Path)
    parser.add_argument("qed", type=Path)
    parser.add_argument("halueval", type=Path, help="examples.jsonl")
    chosen = parser.parse_args()
    print(json.dumps({key: str(value) for key, value in vars(chosen).items()}))
    asyncio.run(run(chosen.squad, chosen.qed, chosen.halueval))


if __name__ == "__main__":
    main()
