"""The same in words, for assistants that read text alone."""

from footnote.config.mcp.shapes import Answered, Footnote, Found, FoundPassage, Text
from footnote.config.wording import withheld


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
    count = sum(not sentence.text for sentence in answer.sentences)
    notes = [f"({withheld(count)})"] if count else []
    body = " ".join(sentences) or answer.text
    return "\n\n".join([body, *notes, *map(_note, answer.footnotes)])


def page_text(page: Text) -> str:
    rest = f" Go on with start={page.next_start}." if page.next_start is not None else ""
    head = f"{page.title} (document {page.document_id}), characters {page.start} to {page.end} of {page.characters}."
    return f"{head}{rest}\n\n{page.text}"


def _passage(number: int, passage: FoundPassage) -> str:
    return (
        f"{number}. {passage.place} (document {passage.document_id}, {passage.start} to {passage.end})\n{passage.text}"
    )


def _note(footnote: Footnote) -> str:
    span = f"document {footnote.document_id}, {footnote.start} to {footnote.end}"
    return f"[{footnote.number}] {footnote.place} ({span}): “{' '.join(footnote.quote.split())}”"
