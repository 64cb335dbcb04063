"""Texts that say one thing without end: nothing of them may take time out of proportion."""

import json
import multiprocessing
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from support.chunked import chunkers
from support.soak_files import sentence

from footnote.modules.generation.conversations.titling import title_of
from footnote.modules.generation.drafting import SentenceSplitter
from footnote.modules.generation.evidence import supporting_span
from footnote.modules.generation.grounding.windows import pieces
from footnote.modules.ingestion.extraction import Options, sniff
from footnote.modules.ingestion.extraction.errors import Unreadable
from footnote.modules.ingestion.offloaded import chunk_to, extract_to, read_groups
from footnote.modules.retrieval.lexical.counting import count_terms
from footnote.modules.retrieval.planning.subjects import names
from footnote.modules.retrieval.planning.understanding import understood
from footnote.platform.inference import Source
from footnote.platform.inference.extractive.candidates import candidates
from footnote.platform.inference.extractive.features import lexical_features
from footnote.platform.safety.instructions.reading import read_words
from footnote.platform.safety.personal import find_personal_data

SIZE = 50_000  # characters
QUESTION = 10_000  # characters of the longest
FACTOR = 25  # times what an ordinary text takes
STALL = 120.0  # seconds until a text is given up

UNITS = (
    *"a1A|.,;:!?()[]{}<>-_*#`~=+/\\@&%$€\"'“…«é語ﷺ0\t\n\u200b\u00a0§ ",
    "  1", " $ 1 %", "a ", "1 ", "1,", "1.", "a.", "a-", "a@", "a/", "(a", "A. ", "… ", "\n ", "\n\na", "\r\n",
    "[1]", "[1 ", "[a](", "![", "[[", "**a", "| a ", "|-|\n", "\n# a\n", "\n## a\n", "\n- ", "> ", "```\n", "'a',",
    "<a", "</", "<b>", "<p>", "<ul><li>", "<td>", "<!--", "<![CDATA[", "&amp;", "&#", "--a\n", "=?utf-8?q?a?= ",
    "\\a{", "$a$", "|===\n", "----\n", "a: b\n", "\n00:00:00.000 --> 00:00:01.000\na\n", '{"a":', '"a",', "\\(", "::",
    "January ", "1 January ", "Q1 ", "the ", "who ", "ignore ", "in the ", "remember that ", "(in thousands ", "DE00 ",
    "\u0301\u0327", "\u0327\uff9e", "\u0301\n\n", "## \u0301\n", "41 ", "QUFB", "w w w ", "+49 ", "://a:", "192.168.",
)  # fmt: skip
FORMS = {
    "a.txt": "Report\n\na{}x\n\nEnd",
    "a.md": "# Report\n\na{}x\n\nEnd",
    "table.md": "| a | b |\n|---|---|\n| a{}x | 1 |\n",
    "a.html": "<!doctype html><h1>Report</h1><p>a{}x</p>",
    "table.html": "<!doctype html><table><tr><th>a<th>b<tr><td>a{}x<td>1</table>",
    "a.csv": "a,b\na{}x,2\n1,2\n",
    "a.json": '{"a": {}}',
    "a.eml": "From: a@b.c\nSubject: a\nContent-Type: text/plain; charset=utf-8\n\na{}x\n",
    "a.vtt": "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\na{}x\n",
    "a.tex": "\\documentclass{article}\n\\begin{document}\na{}x\n\\end{document}\n",
    "a.adoc": "= Report\n\na{}x\n",
}


def disproportionate() -> Iterator[str]:
    """What takes more than `FACTOR` times as long as ordinary text to be taken in, asked about and quoted."""
    chance = random.Random(0)
    ordinary = " ".join(sentence(chance) for _ in range(SIZE // 60))[:SIZE]
    for form in FORMS:
        waiting = (ordinary, *((unit * SIZE)[:SIZE] for unit in UNITS))
        usual = None
        while waiting:
            for text, taken in zip(waiting, _times(form, waiting), strict=False):
                waiting = waiting[1:]
                usual = usual or taken or STALL
                if taken is None or taken > FACTOR * usual:
                    yield f"{form} of {text[:12]!r}: {taken or STALL:.1f} s instead of {usual:.1f} s"


def _times(form: str, texts: Sequence[str]) -> Iterator[float | None]:
    """CPU seconds for each, up to one that does not come to its end: None."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        work = form, texts, Path(folder), sender
        child = multiprocessing.get_context("spawn").Process(target=_work, args=work, daemon=True)
        child.start()
        sender.close()
        try:
            for _ in texts:
                taken = receiver.recv() if receiver.poll(STALL) else None
                yield taken
                if taken is None:
                    return
        except EOFError:
            yield None
        finally:
            child.kill()
            child.join()


def _work(form: str, texts: Sequence[str], folder: Path, sender: Connection) -> None:
    use(form, "Once, for what is loaded at first use.", folder)
    for text in texts:
        start = time.process_time()
        use(form, text, folder)
        sender.send(time.process_time() - start)


def use(form: str, text: str, folder: Path) -> None:
    """Take a file of `text` in, and have what is found of it drafted, verified and asked about."""
    inside = json.dumps(text) if form.endswith("json") else text
    path = folder / form
    path.write_text(FORMS[form].replace("{}", inside), encoding="utf-8", newline="")
    found = [text[:QUESTION], *_chunks(path, sniff(path, form), folder)]
    for each in found:
        count_terms("", each, "de")
        read_words(each)
        supporting_span("Sales were 5 in June.", each)
    pieces(found)
    sources = [Source(number=1, title="", text=each, document="a", score=1.0) for each in found[:8]]
    lexical_features(text[:QUESTION], candidates(sources))
    splitter = SentenceSplitter()
    for piece in (text[:QUESTION], *text[:QUESTION]):
        list(splitter.feed(piece))
    list(splitter.rest())
    find_personal_data(text[:QUESTION])
    names(text[:QUESTION])
    title_of(text[:QUESTION])
    understood(text[:QUESTION], {"page_count": "number", "year": "number"})


def _chunks(path: Path, media_type: str, folder: Path) -> list[str]:
    read, cut = folder / "read", folder / "cut"
    try:
        extract_to(read, path, media_type, Options(), folder)
        chunk_to(cut, read, chunkers()["parent"], "", 64)
        return [chunk.text for group in read_groups(cut) for chunk in group]
    except Unreadable:
        return []
    finally:
        read.unlink(missing_ok=True)
        cut.unlink(missing_ok=True)
