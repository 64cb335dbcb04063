"""The same in words, for assistants that read text alone."""

from collections.abc import Iterable

from footnote.config.mcp.shapes import Answered, Footnote, Found, FoundPassage, Text


def found_text(found: Found) -> str:
    if not found.passages:
        return "Nothing was found."
    return "\n\n".join(_passage(number, passage) for number, passage in enumerate(found.passages, start=1))


def answer_text(answer: Answered) -> str:
    """The sentences with the numbers of their footnotes, and the footnotes."""
    sentences = [
        sentence.text + "".join(f" [{number}]" for number in sentence.footnotes)
        for sentence in answer.sentences
        if sentence.text
    ]
    withheld = sum(not sentence.text for sentence in answer.sentences)
    notes = [f"({withheld} sentences were withheld: the documents do not support them.)"] if withheld else []
    body = " ".join(sentences) or answer.text
    return "\n\n".join([body, *notes, *map(_note, answer.footnotes)])


def page_text(page: Text) -> str:
    rest = f" Go on with start={page.next_start}." if page.next_start is not None else ""
    head = f"{page.title} (document {page.document_id}), characters {page.start} to {page.end} of {page.characters}."
    return f"{head}{rest}\n\n{page.text}"


def _passage(number: int, passage: FoundPassage) -> str:
    where = _where(passage.title, passage.pages, passage.heading_path)
    return f"{number}. {where} (document {passage.document_id}, {passage.start} to {passage.end})\n{passage.text}"


def _note(footnote: Footnote) -> str:
    where = _where(footnote.title, footnote.pages, footnote.heading_path)
    span = f"document {footnote.document_id}, {footnote.start} to {footnote.end}"
    return f"[{footnote.number}] {where} ({span}): “{' '.join(footnote.quote.split())}”"


def _where(title: str, pages: list[int], heading_path: Iterable[str]) -> str:
    on = f", page {', '.join(map(str, pages))}" if pages else ""
    return f"{title}{on}{''.join(f' › {part}' for part in heading_path)}"
