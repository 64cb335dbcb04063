"""What plain search of whole documents ranks: the references that retrieval is held against.

    python scripts/measure_references.py DATASET... [--sample FILE]

BM25 (k1 0.9, b 0.4, Porter's stems) and the local model (its first 256 tokens), of title, text and keywords as one;
the sum of their reciprocal ranks (constant 60), and the sum of their scores, each from 0 to 1, by the weight of the
model's. nDCG@10 over the judged queries.

Source: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; Cormack, Clarke and Büttcher, Reciprocal
Rank Fusion, 2009; Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval, 2023.
"""

import argparse
import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import Stemmer
from loguru import logger
from numpy.typing import NDArray

from footnote.config.settings import load_settings
from footnote.modules.evaluation.datasets import FILES, read_corpus
from footnote.modules.evaluation.metrics import score_rankings
from footnote.modules.evaluation.models import CorpusDocument
from footnote.modules.evaluation.retrieval_evaluation import judged_queries
from footnote.platform.inference.local.embedder import LocalEmbedder

Scores = NDArray[np.float64]  # [queries, documents]

WEIGHTS = (0.4, 0.5, 0.6, 0.7)
K1, B = 0.9, 0.4
RANK_CONSTANT = 60


def terms(text: str) -> list[str]:
    found: list[str] = Stemmer.Stemmer("porter").stemWords(re.findall(r"\w+", text.lower()))
    return found


def bm25(texts: Sequence[str], queries: Sequence[str]) -> Scores:
    """[queries, documents]"""
    counts = [Counter(terms(text)) for text in texts]
    lengths = np.array([sum(count.values()) for count in counts])
    norms = K1 * (1 - B + B * lengths / lengths.mean())
    postings: dict[str, list[tuple[int, int]]] = {}
    for document, count in enumerate(counts):
        for term, frequency in count.items():
            postings.setdefault(term, []).append((document, frequency))
    scores = np.zeros((len(queries), len(texts)))
    for row, query in zip(scores, queries, strict=True):
        for term in filter(postings.__contains__, terms(query)):
            documents, frequencies = np.array(postings[term]).T
            rarity = np.log1p((len(texts) - len(documents) + 0.5) / (len(documents) + 0.5))
            row[documents] += rarity * frequencies * (K1 + 1) / (frequencies + norms[documents])
    return scores


async def cosines(embedder: LocalEmbedder, texts: Sequence[str], queries: Sequence[str]) -> Scores:
    """[queries, documents]"""
    documents = await embedder.embed(texts, kind="document")
    asked = await embedder.embed(queries, kind="query")
    found: Scores = asked.astype(np.float64) @ documents.T
    return found


def reciprocal_ranks(scores: Scores) -> Scores:
    places = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)  # from 0
    return 1.0 / (RANK_CONSTANT + 1 + places)


def shares(scores: Scores) -> Scores:
    """From 0 for the least to 1 for the greatest of each query."""
    least = scores.min(axis=1, keepdims=True)
    share: Scores = (scores - least) / np.maximum(scores.max(axis=1, keepdims=True) - least, 1e-9)
    return share


def whole(document: CorpusDocument) -> str:
    """Title and text as one; where there is no text, the title stands for it already."""
    title, text = document.title or "", str(document.content)
    return text if text.startswith(title) else f"{title} {text}"


async def measured(dataset: Path, sample: str | None, embedder: LocalEmbedder) -> dict[str, float]:
    documents = list(read_corpus(dataset))
    path = dataset / sample if sample else None
    queries, qrels = judged_queries(dataset, path if path and path.exists() else None)
    texts = [whole(document) for document in documents]
    asked = [query.text for query in queries]
    words, meaning = bm25(texts, asked), await cosines(embedder, texts, asked)
    rankings = {"BM25": words, "dense": meaning, "RRF": reciprocal_ranks(words) + reciprocal_ranks(meaning)}
    rankings |= {f"sum {weight}": weight * shares(meaning) + (1 - weight) * shares(words) for weight in WEIGHTS}
    names = np.array([document.doc_id for document in documents])
    found = {}
    for name, scores in rankings.items():
        orders = np.argsort(-scores, axis=1, kind="stable")[:, :10]
        ranked = {query.query_id: names[order].tolist() for query, order in zip(queries, orders, strict=True)}
        found[name] = score_rankings(ranked, qrels)["ndcg@10"]
    return found


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--sample", metavar="FILE", help="take the queries from this file of the datasets that have it")
    options = parser.parse_args()
    if files := [dataset.name for dataset in options.datasets if (dataset / FILES).is_dir()]:
        parser.error(f"only the texts of a corpus.jsonl are read, not files: {', '.join(files)}")
    logger.remove()
    embedder = LocalEmbedder(Path(load_settings({}).settings.home) / "models")
    for dataset in options.datasets:
        found = await measured(dataset, options.sample, embedder)
        print(dataset.name, " ".join(f"{name} {value:.3f}" for name, value in found.items()), flush=True)
    await embedder.close()


if __name__ == "__main__":
    asyncio.run(main())
