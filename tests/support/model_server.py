"""What providers of models answer, each in its wire format, over embeddings and scores made of a text's words."""

import base64
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from support.chat_formats import Said, compatible_stream
from support.wire import Reply, Request, Streamed, WireServer

DIMENSION = 256  # unless a request asks for another
VOYAGES_OWN = 1024


def embedding_of(text: str, dimension: int) -> np.ndarray:
    """A direction for each word; texts that share words are near each other. Not of unit length."""
    words = re.findall(r"\w+", text.lower()) or [text]
    rows = [np.random.default_rng(zlib.crc32(word.encode())).standard_normal(dimension) for word in words]
    return np.sum(rows, axis=0).astype("<f4")


def relevance_of(query: str, text: str) -> float:
    asked = set(re.findall(r"\w+", query.lower()))
    return len(asked & set(re.findall(r"\w+", text.lower()))) / max(1, len(asked))


def tokens_of(texts: list[str]) -> int:
    return sum(len(text.split()) for text in texts)


def voyage_embeddings(asked: Mapping[str, Any]) -> Reply:
    texts, dimension = asked["input"], asked.get("output_dimension") or VOYAGES_OWN
    if len(texts) > 1000 or not all(text.strip() for text in texts):
        return Reply({"detail": "The input has empty texts, or more than 1000."}, 400)
    rows = [embedding_of(text, dimension) for text in texts]
    if asked["output_dtype"] == "int8":
        coded = [np.round(row / np.abs(row).max() * 127).astype(np.int8).tobytes() for row in rows]
    else:
        coded = [row.tobytes() for row in rows]
    entries = [{"embedding": base64.b64encode(row).decode(), "index": at} for at, row in enumerate(coded)]
    return Reply({"object": "list", "data": entries, "usage": {"total_tokens": tokens_of(texts)}})


def openai_embeddings(asked: Mapping[str, Any]) -> Reply:
    texts, dimension = asked["input"], asked.get("dimensions") or DIMENSION
    if len(texts) > 2048 or not all(texts):
        return Reply({"error": {"message": "'$.input' is invalid.", "type": "invalid_request_error"}}, 400)
    rows = [embedding_of(text, dimension) for text in texts]
    if asked.get("encoding_format") == "base64":
        coded: list[Any] = [base64.b64encode(row.tobytes()).decode() for row in rows]
    else:
        coded = [row.tolist() for row in rows]
    entries = [{"object": "embedding", "embedding": row, "index": at} for at, row in enumerate(coded)]
    tokens = tokens_of(texts)
    return Reply(
        {
            "object": "list",
            "data": entries,
            "model": asked["model"],
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        }
    )


def google_embeddings(asked: Mapping[str, Any]) -> Reply:
    entries = asked["requests"]
    if len(entries) > 100:
        return Reply({"error": {"code": 400, "message": "at most 100", "status": "INVALID_ARGUMENT"}}, 400)
    texts = ["".join(part["text"] for part in entry["content"]["parts"]) for entry in entries]
    dimensions = [entry.get("outputDimensionality", DIMENSION) for entry in entries]
    rows = [{"values": embedding_of(text, size).tolist()} for text, size in zip(texts, dimensions, strict=True)]
    return Reply({"embeddings": rows, "usageMetadata": {"promptTokenCount": tokens_of(texts)}})


def voyage_rerank(asked: Mapping[str, Any]) -> Reply:
    query, texts = asked["query"], asked["documents"]
    scores = {at: relevance_of(query, text) for at, text in enumerate(texts)}
    best_first = sorted(scores, key=lambda at: -scores[at])
    entries = [{"index": at, "relevance_score": scores[at]} for at in best_first]
    tokens = tokens_of([query]) * len(texts) + tokens_of(texts)
    return Reply({"object": "list", "data": entries, "usage": {"total_tokens": tokens}})


def cohere_rerank(asked: Mapping[str, Any]) -> Reply:
    query, texts = asked["query"], asked["documents"]
    scores = {at: relevance_of(query, text) for at, text in enumerate(texts)}
    best_first = sorted(scores, key=lambda at: -scores[at])
    entries = [{"index": at, "relevance_score": scores[at]} for at in best_first]
    searches = -(-len(texts) // 100)
    return Reply({"id": "1", "results": entries, "meta": {"billed_units": {"search_units": searches}}})


def openai_chat(asked: Mapping[str, Any]) -> Reply:
    """Orders the passages of a prompt that asks for that; else says how long the prompt was."""
    prompt = asked["messages"][0]["content"]
    question = re.search(r"<question (\w+)>\n(.*?)\n</question \1>", prompt, re.DOTALL)
    if question is None:
        return chat(f"{len(prompt.split())} words")
    passages = re.findall(rf"<passage (\d+) {question[1]}>\n(.*?)\n</passage \1 {question[1]}>", prompt, re.DOTALL)
    best_first = sorted(passages, key=lambda passage: -relevance_of(question[2], passage[1]))
    return chat(f"[{', '.join(number for number, _ in best_first)}]")


def chat(text: str) -> Reply:
    return Streamed(compatible_stream(Said(texts=(text,))))


PATHS: Mapping[str, Callable[[Mapping[str, Any]], Reply]] = {
    "/voyage/embeddings": voyage_embeddings,
    "/voyage/rerank": voyage_rerank,
    "/openai/embeddings": openai_embeddings,
    "/openai/chat/completions": openai_chat,
    "/v2/rerank": cohere_rerank,
}


class ModelServer(WireServer):
    """`url` and below: `/voyage`, `/openai`; Google's and Cohere's interfaces have their paths themselves."""

    def answer(self, request: Request) -> Reply:
        if request.path.endswith(":batchEmbedContents"):
            return google_embeddings(request.content)
        if request.path not in PATHS:
            return Reply({"detail": "Not found"}, 404)
        return PATHS[request.path](request.content)
