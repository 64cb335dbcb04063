"""How fast the local model embeds, int8 beside fp32 in the same run.

    python scripts/bench_embedding.py [--texts N] [--rounds N] [--threads N] [--corpus FILE] [--models FOLDER] [--json]

Texts are made up from words and have 152 tokens on average; `--corpus` takes the first of a `corpus.jsonl` (title and
text) instead. A round is short, so that what else the machine does weighs on both alike: each precision embeds the same
few texts, then asks the same few questions, and who begins changes from round to round. Shown are medians of the
rounds; the ratio is the median of the rounds' own ratios.
"""

import argparse
import asyncio
import json
import random
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import Any, get_args

from footnote.platform.inference.local import LocalEmbedder, LocalTokenizer, Precision

WORDS = """
the of and to in is that for with as was on by be are this from at which or an not have were it has its more
than can between these such about flow pressure surface theory method results model layer number heat boundary
wing shock body case effect equation solution velocity temperature experiment measured presented obtained
constant revenue quarter company report increase customer market product share agreement system program language
computer memory process algorithm function time value structure analysis problem general large small high low
first second
"""
SENTENCE = (8, 24)  # words
TOKENS = (92, 208)  # of a text, without special tokens: 152 on average with them
QUESTION = "What was the revenue in the third quarter of the year?"
QUESTIONS = 10  # of a round
SEED = 20_240_101


def made_up(count: int) -> list[str]:
    chance = random.Random(SEED)
    return [text(chance, chance.randint(*TOKENS)) for _ in range(count)]


def text(chance: random.Random, words: int) -> str:
    """Each of WORDS is one token, and so is the full stop, which counts as a word here."""
    sentences: list[str] = []
    while words > 1:
        length = min(words, chance.randint(*SENTENCE))
        sentences.append(" ".join(chance.choices(WORDS.split(), k=length - 1)).capitalize() + ".")
        words -= length
    return " ".join(sentences)


def from_corpus(file: Path, count: int) -> list[str]:
    with file.open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in islice(lines, count)]
    return [f"{document['title']} {document['text']}" for document in documents]


async def text_ms(embedder: LocalEmbedder, texts: Sequence[str]) -> float:
    start = perf_counter()
    await embedder.embed(texts, kind="document")
    return 1000 * (perf_counter() - start) / len(texts)


async def question_ms(embedder: LocalEmbedder) -> float:
    taken = []
    for _ in range(QUESTIONS):
        start = perf_counter()
        await embedder.embed([QUESTION], kind="query")
        taken.append(perf_counter() - start)
    return 1000 * median(taken)


async def round_of(embedders: Sequence[LocalEmbedder], texts: Sequence[str]) -> dict[str, dict[str, float]]:
    return {
        embedder.name: {"text_ms": await text_ms(embedder, texts), "question_ms": await question_ms(embedder)}
        for embedder in embedders
    }


async def cosine(int8: LocalEmbedder, fp32: LocalEmbedder, texts: Sequence[str]) -> float:
    pairs = [await embedder.embed(texts, kind="document") for embedder in (int8, fp32)]
    return float((pairs[0] * pairs[1]).sum(axis=1).mean())


async def measure(texts: Sequence[str], rounds: int, threads: int | None, models: Path) -> dict[str, Any]:
    int8, fp32 = (LocalEmbedder(models, precision=precision, threads=threads) for precision in get_args(Precision))
    try:
        likeness = await cosine(int8, fp32, texts)  # and the model is built, loaded and warm
        order = [int8, fp32]
        shares = [texts[start::rounds] for start in range(rounds)]
        measured = [await round_of(order[:: (-1) ** number], share) for number, share in enumerate(shares)]
    finally:
        await asyncio.gather(int8.close(), fp32.close())
    return {
        "texts": len(texts),
        "tokens_mean": round(mean(LocalTokenizer().count(texts)) + 2, 1),
        "rounds": rounds,
        "int8": summary([each[int8.name] for each in measured]),
        "fp32": summary([each[fp32.name] for each in measured]),
        "ratio": round(median(each[fp32.name]["text_ms"] / each[int8.name]["text_ms"] for each in measured), 2),
        "cosine_mean": round(likeness, 4),
    }


def summary(measured: Sequence[dict[str, float]]) -> dict[str, float]:
    return {
        "texts_per_second": round(1000 / median(each["text_ms"] for each in measured), 1),
        "question_p50_ms": round(median(each["question_ms"] for each in measured), 2),
    }


def table(measured: dict[str, Any]) -> str:
    lines = ["| precision | texts/s | question p50 ms |", "| --- | ---: | ---: |"]
    for precision in get_args(Precision):
        shown = measured[precision]
        lines.append(f"| {precision} | {shown['texts_per_second']:.1f} | {shown['question_p50_ms']:.2f} |")
    about = f"{measured['texts']} texts of {measured['tokens_mean']} tokens on average, {measured['rounds']} rounds"
    outcome = f"int8 is {measured['ratio']} times as fast as fp32; cosine between them {measured['cosine_mean']}"
    return "\n".join([*lines, "", about, outcome])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=160)
    parser.add_argument("--rounds", type=int, default=20, help="that share the texts")
    parser.add_argument("--threads", type=int, help="one for each core unless given")
    parser.add_argument("--corpus", type=Path, help="a corpus.jsonl")
    parser.add_argument("--models", type=Path, help="keeps the built models; a temporary folder unless given")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    texts = from_corpus(options.corpus, options.texts) if options.corpus else made_up(options.texts)
    with tempfile.TemporaryDirectory() as folder:
        models = options.models or Path(folder)
        measured = asyncio.run(measure(texts, options.rounds, options.threads, models))
    print(json.dumps(measured) if options.json else table(measured))


if __name__ == "__main__":
    main()
