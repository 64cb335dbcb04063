"""Fits platform/safety/instructions/weights.txt: which orders and questions are for a model, not for a reader.

    python scripts/fit_instructions.py DATA [--write]

DATA holds the folders safety/, retrieval/ and answers/. Orders are planted among the sentences of documents; what the
documents say themselves, questions above their answers, and `instruction_examples/to_people.txt` are the other side.
Fitted on every second kind of attack, prompt, document and question; what is printed is of the others.
"""

import argparse
import asyncio
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference.local import LocalEmbedder
from footnote.platform.safety.instructions import detector
from footnote.platform.safety.instructions.detector import LIKELY
from footnote.platform.safety.instructions.reading import around, read_words
from footnote.platform.safety.instructions.segments import LONGEST, Segment, segments
from footnote.platform.safety.instructions.wording import Hint, hint

EXAMPLES = Path(__file__).with_name("instruction_examples")
WEIGHTS = Path(detector.__file__).with_name("weights.txt")
CORPORA = (
    "retrieval/cranfield", "retrieval/cacm", "retrieval/scifact-train", "retrieval/sec10q", "answers/squad2-a",
    "answers/qed",
)  # fmt: skip
IMPORTANCE = {"own": 300.0, "attack": 150.0, "prompt": 300.0, "question": 200.0, "above-answer": 250.0}
OTHER = 100.0
SCALE = 6.0  # of an embedding's numbers, against the penalty
LIKENESS = 4.0
RIDGE = 5.0
STEPS = 25
TIMES = 3  # each sentence of our own, and twice that each attack, in other documents

Array = NDArray[np.float64]
Hosts: TypeAlias = Sequence[tuple[str, Sequence[Segment]]]


class Example(NamedTuple):
    said: str
    around: str
    group: str
    is_planted: bool
    is_held_out: bool = False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"))
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    random.seed(7)
    texts = {name: [row["text"] for row in rows(given.data / name / "corpus.jsonl")] for name in CORPORA}
    texts["bipia"] = [row["text"] for row in bipia(given.data, "examples") if not row["label"]]
    hosts = hosts_of(texts)
    examples = [*planted(given.data, hosts), *natural(given.data, texts, hosts)]
    said, around = asyncio.run(embedded(examples, given.models))
    signs = features(examples, said, around)
    labels = np.array([example.is_planted for example in examples])
    held_out = np.array([example.is_held_out for example in examples])
    weights = fitted(signs[~held_out], labels[~held_out], importance(examples)[~held_out])
    report(examples, signs @ weights)
    if given.write:
        np.savetxt(WEIGHTS, unscaled(weights), fmt="%.9g")


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def bipia(data: Path, name: str) -> list[dict[str, Any]]:
    return rows(data / "safety/injection-bipia-train" / f"{name}.jsonl")


def hosts_of(texts: dict[str, list[str]]) -> Hosts:
    chosen = [text for listed in texts.values() for text in random.sample(listed[::2], min(80, len(listed) // 2))]
    return [(text, list(segments(text[:5000]))) for text in chosen]


def planted(data: Path, hosts: Hosts) -> Iterator[Example]:
    attacks = bipia(data, "attacks")
    fitted_kinds = set(sorted({attack["category"] for attack in attacks})[::2])
    for attack in attacks:
        for _ in range(2 * TIMES):
            yield among(attack["text"], hosts, "attack", is_held_out=attack["category"] not in fitted_kinds)
    for number, prompt in enumerate(rows(data / "safety/benign-wildguard/examples.jsonl")):
        if hint(prompt["text"]):
            yield among(prompt["text"], hosts, "prompt", is_held_out=number % 2 == 1)
    for sentence in lines("to_models.txt"):
        for _ in range(TIMES):
            yield among(sentence, hosts, "own")
    questions = [row["text"] for row in rows(data / "answers/squad2-a/queries.jsonl")]
    for number, question in enumerate(random.sample(questions, 600)):
        yield among(question, hosts, "question", is_held_out=number % 2 == 1)


def among(said: str, hosts: Hosts, group: str, *, is_planted: bool = True, is_held_out: bool = False) -> Example:
    """The sentence at some place of some document."""
    text, pieces = random.choice(hosts)
    at = random.randrange(len(pieces) + 1)
    return Example(said[:LONGEST], around(text, pieces, at, at), group, is_planted, is_held_out)


def natural(data: Path, texts: dict[str, list[str]], hosts: Hosts) -> Iterator[Example]:
    for name, listed in texts.items():
        for number, text in enumerate(listed):
            for _, said, near in read_words(text).doubts:
                yield Example(said, near, name.rpartition("/")[2], False, number % 2 == 1)
    own = lines("to_people.txt")
    for at, sentence in enumerate(own):
        for _ in range(TIMES):
            yield Example(sentence, f"{own[at - 1]} {own[(at + 1) % len(own)]}", "own", False)
        if not sentence.endswith("?"):
            # Mail and leaflets turn from one thing to the next: being out of place alone makes no order a planted one.
            yield among(sentence, hosts, "own", is_planted=False)
    passages = {row["doc_id"]: row["text"] for row in rows(data / "answers/squad2-a/corpus.jsonl")}
    qrels = (data / "answers/squad2-a/qrels.tsv").read_text(encoding="utf-8").splitlines()
    answering = dict(reversed([tuple(line.split("\t")[:2]) for line in qrels]))
    for number, query in enumerate(rows(data / "answers/squad2-a/queries.jsonl")):
        if number % 6 == 0 and (passage := passages.get(answering.get(query["query_id"], ""))):
            yield Example(query["text"], passage[:LONGEST], "above-answer", False, number % 12 == 6)


def lines(name: str) -> list[str]:
    return [line for line in (EXAMPLES / name).read_text(encoding="utf-8").splitlines() if line]


async def embedded(examples: Sequence[Example], models: Path) -> tuple[Array, Array]:
    texts = list({text for example in examples for text in (example.said, example.around)})
    at = {text: row for row, text in enumerate(texts)}
    embedder = LocalEmbedder(models)
    found = (await embedder.embed(texts, kind="document")).astype(np.float64)
    await embedder.close()
    return found[[at[each.said] for each in examples]], found[[at[each.around] for each in examples]]


def features(examples: Sequence[Example], said: Array, around: Array) -> Array:
    likeness = LIKENESS * (said * around).sum(axis=1)
    asks = np.array([example.said.rstrip().endswith("?") for example in examples], dtype=float)
    length = np.array([min(len(example.said.split()), 40) / 20 for example in examples])
    return np.column_stack([said * SCALE, likeness, asks, asks * likeness, length, np.ones(len(examples))])


def unscaled(weights: Array) -> NDArray[np.float32]:
    scale = np.ones(len(weights))
    scale[:-5], scale[-5], scale[-3] = SCALE, LIKENESS, LIKENESS
    return (weights * scale).astype(np.float32)


def importance(examples: Sequence[Example]) -> Array:
    """Each group counts as much as it should, however large it is."""
    sizes = Counter((each.group, each.is_planted) for each in examples if not each.is_held_out)
    return np.array(
        [IMPORTANCE.get(each.group, OTHER) / max(sizes[each.group, each.is_planted], 1) for each in examples]
    )


def fitted(signs: Array, labels: NDArray[np.bool_], counts: Array) -> Array:
    """Newton's method; the numbers of the embedding are held back more than the others, the constant not at all."""
    ridge = np.full(signs.shape[1], RIDGE)
    ridge[-5:-1] *= 0.05
    ridge[-1] = 1e-9
    weights = np.zeros(signs.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-signs @ weights))
        curve = (signs.T * (counts * likely * (1 - likely))) @ signs + np.diag(ridge)
        weights -= np.linalg.solve(curve, signs.T @ (counts * (likely - labels)) + ridge * weights)
    return weights


def report(examples: Sequence[Example], odds: Array) -> None:
    found: dict[tuple[bool, str, bool], list[bool]] = defaultdict(list)
    for example, each in zip(examples, odds, strict=True):
        is_found = each > LIKELY or (example.is_planted and hint(example.said) is Hint.PLANTED)
        found[example.is_planted, example.group, example.is_held_out].append(bool(is_found))
    for (is_planted, group, is_held_out), flags in sorted(found.items(), reverse=True):
        kind, half = ("planted" if is_planted else "own words"), ("other half" if is_held_out else "fitted half")
        print(f"{kind:10} {group:14} {half:11} {len(flags):5}  taken for planted {sum(flags) / len(flags):.3f}")


if __name__ == "__main__":
    main()
