"""The terms of chunks as `$text` indexes them, where there is no `$search`: words in whatever language they are.

The server would stem in its own way, and finds no words in scripts that put no spaces between them. So it is given
codes, each of which it takes for one word, and stems none.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pymongo import UpdateOne

from footnote.modules.retrieval.lexical.analysis import ANALYSIS, QueryTerm, analyse
from footnote.modules.retrieval.lexical.hashing import hash_of
from footnote.modules.retrieval.lexical.languages import analysis_language
from footnote.modules.retrieval.repository.mongo_filters import Row
from footnote.platform.storage.mongo import MongoDatabase, translated_errors

BATCH = 256  # chunks
LENGTH = 10  # letters of four bits each: of a million terms two are alike; the ranking does not take one for the other
_LETTERS = str.maketrans("0123456789", "ghijklmnop")  # digits might be taken for numbers


def code(term: str, language: str) -> str:
    """Letters only. Each language has codes of its own. `language` is one of `analysis_language`."""
    return f"{hash_of(f'{language} {term}'):016x}"[:LENGTH].translate(_LETTERS)


def codes(text: str, language: str) -> str:
    """Of the terms of a text: words as often as they stand, pieces of words once."""
    terms = analyse(text, language)
    pieces = dict.fromkeys(term for term in terms if term.startswith("#"))
    words = (term for term in terms if not term.startswith("#"))
    return " ".join(code(term, language) for term in (*words, *pieces))


def length_of(codes: str) -> int:
    """How many terms they are of."""
    return (len(codes) + 1) // (LENGTH + 1)


def question_codes(terms: Sequence[QueryTerm], language: str) -> dict[str, float]:
    """What a question asks of the chunks in `language`, and how many times each counts; a term twice counts twice."""
    asked: dict[str, float] = defaultdict(float)
    for term in terms:
        asked[code(term.text, language)] += term.weight
    return dict(asked)


def chunk_codes(under: str, text: str, language: str) -> Row:
    """What a chunk is found by beside its document's title."""
    return {
        "analysis": ANALYSIS,
        "analysed_in": language,
        "under_codes": codes(under, language),
        "text_codes": codes(text, language),
    }


async def fill_codes(database: MongoDatabase) -> int:
    """Give codes to all chunks that have none, or those of another version of the analysis; how many there were.

    It may be cut off anywhere, and goes on where it was: chunks that have codes are left as they are.
    """
    total = 0
    builds = database.collection("build")
    async for build in builds.each({}):
        total += await _fill(database, build, await _language(database, build))
    return total


async def _language(database: MongoDatabase, build: Row) -> str:
    """That of the build's words, which it and its publication say from now on."""
    if "analysed_in" in build:
        return str(build["analysed_in"])
    of_build = {"tenant": build["tenant"], "document_id": build["document_id"], "build": build["_id"]}
    publication = await database.collection("publication").find_one(of_build)
    language = analysis_language(build.get("language") or (publication or {}).get("language"))
    said = {"$set": {"analysed_in": language}}
    await database.collection("publication").update_one(of_build, said)
    await database.collection("build").update_one({"_id": build["_id"], "tenant": build["tenant"]}, said)
    return language


async def _fill(database: MongoDatabase, build: Row, language: str) -> int:
    chunks = database.collection("chunk")
    where = {
        "tenant": build["tenant"],
        "build": build["_id"],
        "text": {"$exists": True},  # parents have none
        "analysis": {"$ne": ANALYSIS},
    }
    shown = {"tenant": 1, "header": 1, "under": 1, "text": 1}
    total = 0
    while rows := await chunks.find(where, projection=shown, limit=BATCH):
        with translated_errors():
            await chunks.raw.bulk_write([_filled(row, language) for row in rows], ordered=False)
        total += len(rows)
    return total


def _filled(row: Row, language: str) -> UpdateOne:
    """Nothing is said of a title that was changed meanwhile: who changed it has said its codes."""
    title = row["header"].removesuffix(row["under"])
    where = {"_id": row["_id"], "tenant": row["tenant"], "header": row["header"]}
    fields: dict[str, Any] = {
        **chunk_codes(row["under"], row["text"], language),
        "title_codes": codes(title, language),
    }
    return UpdateOne(where, {"$set": fields})
