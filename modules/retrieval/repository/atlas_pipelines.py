"""The stages that only MongoDB with search knows, as documented; pure functions that give pipelines.

Each list of hits is a pipeline by itself, so that two can run side by side or be fused by the server.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from footnote.modules.retrieval.repository.mongo_filters import Row

Pipeline: TypeAlias = list[Row]

HIT: Mapping[str, int] = {"_id": 1, "parent": 1, "document_id": 1, "build": 1, "start": 1}
MOST_CANDIDATES = 10_000  # of `numCandidates`, and so of `limit`
CANDIDATES_PER_HIT = 20  # as documented for good recall
MOST_CLAUSES = 1024  # of one question; Lucene refuses more
CLAUSES_OF_FILTERS = 256  # what access and filters may take of them
DECIMALS = 6

# Lucene's analysers by language, where it has one: they take words to their stems and leave out the commonest.
ANALYZERS: Mapping[str, str] = {
    "ar": "arabic", "bg": "bulgarian", "bn": "bengali", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "es": "spanish", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french",
    "ga": "irish", "gl": "galician", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "ja": "japanese", "ko": "korean", "lt": "lithuanian", "lv": "latvian", "nl": "dutch",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "th": "thai", "tr": "turkish", "uk": "ukrainian", "zh": "chinese",
}  # fmt: skip
HEADER_BOOST = 1.5  # title and headings weigh more than the text, as in the embedded store

DENSE = "dense"
LEXICAL = "lexical"


class Placed(NamedTuple):
    """Where one input of a fusion had a chunk."""

    rank: int | None  # from 1; not told by `$scoreFusion`
    score: float | None


def dense(
    index: str,
    vector: Any,
    where: Row,
    *,
    path: str,
    depth: int,
    exact: bool = False,
    candidates: int | None = None,
) -> Pipeline:
    """The `depth` chunks nearest to `vector` that `where` admits, best first, as `HIT` and `score`.

    `vector` is of the same kind as those stored. Scores are (1 + cosine) / 2.
    """
    limit = min(depth, MOST_CANDIDATES)
    wanted = max(limit, min(candidates or limit * CANDIDATES_PER_HIT, MOST_CANDIDATES))
    stage: Row = {"index": index, "path": path, "queryVector": vector, "limit": limit, "filter": where}
    stage |= {"exact": True} if exact else {"numCandidates": wanted}
    return [{"$vectorSearch": stage}, projected("vectorSearchScore")]


def cosine(score: float) -> float:
    """What a score of `dense` says, in [-1, 1]."""
    return round(2 * score - 1, DECIMALS)


def lexical(index: str, text: str, clauses: Sequence[Row], *, languages: Sequence[str], depth: int) -> Pipeline:
    """The `depth` chunks that match any word of `text` best by BM25, as `HIT` and `score`.

    A chunk in one of `languages` is compared by stems of its own language, any other by its words as they are; so a
    chunk is scored once, whatever the language of the question.
    """
    others: Row = {
        "filter": [{"exists": {"path": "tenant"}}],
        "mustNot": [{"in": {"path": "language", "value": [*languages]}}],
    }
    branches: Pipeline = [
        *({"compound": {"filter": [_in_language(code)], "must": [_words(text, code)]}} for code in languages),
        {"compound": {**(others if languages else {}), "must": [_words(text, None)]}},
    ]
    searched = {"filter": [*clauses, CHILDREN], "should": branches, "minimumShouldMatch": 1}
    return [{"$search": {"index": index, "compound": searched}}, {"$limit": depth}, projected("searchScore")]


def most_words(languages: int) -> int:
    """How many words `lexical` may be given: each is looked for in two fields and in each form of them."""
    return (MOST_CLAUSES - CLAUSES_OF_FILTERS) // (2 * (languages + 1))


def rank_fusion(dense_list: Pipeline, lexical_list: Pipeline, *, depth: int) -> Pipeline:
    """Both lists in one by reciprocal ranks (constant 60), as `HIT`, `score` and `details`. MongoDB 8.0 and later."""
    fused = {"input": {"pipelines": _inputs(dense_list, lexical_list)}, "scoreDetails": True}
    return [{"$rankFusion": fused}, {"$limit": depth}, _with_details()]


def score_fusion(dense_list: Pipeline, lexical_list: Pipeline, *, dense_weight: float, depth: int) -> Pipeline:
    """Both lists in one by a weighted sum of scores, the least of each list counting 0. MongoDB 8.2 and later."""
    fused = {
        "input": {"pipelines": _inputs(dense_list, lexical_list), "normalization": "minMaxScaler"},
        "combination": {"weights": {DENSE: dense_weight, LEXICAL: 1 - dense_weight}, "method": "avg"},
        "scoreDetails": True,
    }
    return [{"$scoreFusion": fused}, {"$limit": depth}, _with_details()]


def placed(details: Mapping[str, Any]) -> dict[str, Placed]:
    """By input, what the `details` of a fused hit say. The form of them is documented as not guaranteed."""
    found = {}
    for part in details.get("details", ()):
        score = part.get("inputPipelineRawScore", part.get("value"))
        found[str(part.get("inputPipelineName"))] = Placed(part.get("rank"), score)
    return found


def reranked(text: str, *, depth: int, model: str, path: str = "text") -> Pipeline:
    """To be put after a list that still has `path`: its first `depth` in the order of a reranking model.

    Atlas with MongoDB 8.3 and later, if the project allows it; the texts go to the model's provider and are billed.
    """
    stage = {"query": {"text": text}, "path": path, "numDocsToRerank": depth, "model": model}
    return [{"$rerank": stage}, {"$addFields": {"rerank": {"$meta": "score"}}}]


def projected(score: str, **fields: int) -> Row:
    return {"$project": {**HIT, **fields, "score": {"$meta": score}}}


def multi(language: str) -> str:
    """Name of the form of a text field that is analysed for `language`."""
    return f"in_{language}"


CHILDREN: Row = {"in": {"path": "kind", "value": ["child", "table"]}}  # parents are read, not found


def _words(text: str, language: str | None) -> Row:
    fields = [_field("text", text, language), _field("header", text, language)]
    fields[1]["text"]["score"] = {"boost": {"value": HEADER_BOOST}}
    return {"compound": {"should": fields, "minimumShouldMatch": 1}}


def _field(name: str, text: str, language: str | None) -> Row:
    path: Any = {"value": name, "multi": multi(language)} if language else name
    return {"text": {"query": text, "path": path, "matchCriteria": "any"}}


def _in_language(code: str) -> Row:
    return {"equals": {"path": "language", "value": code}}


def _inputs(dense_list: Pipeline, lexical_list: Pipeline) -> Row:
    """Inputs of a fusion must give documents as they are."""
    lists = {DENSE: dense_list, LEXICAL: lexical_list}
    return {name: [stage for stage in stages if "$project" not in stage] for name, stages in lists.items()}


def _with_details() -> Row:
    return {"$project": {**HIT, "score": {"$meta": "score"}, "details": {"$meta": "scoreDetails"}}}
