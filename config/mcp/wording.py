"""The same in words, for assistants that read text alone."""

from footnote.config.mcp.shapes import Found, FoundPassage, Text
from footnote.config.wording import located, withheld
from footnote.modules.generation import Answer, Citation, runs


def found_text(found: Found) -> str:
    if not found.passages:
        return "Nothing was found."
    return "\n\n".join(_passage(number, passage) for number, passage in enumerate(found.passages, start=1))


def answer_text(answer: Answer) -> str:
    """The text with the numbers of its footnotes, once behind neighbours that share them, and the footnotes."""
    pieces, told = [], 0
    for run in runs(answer.sentences):
        pieces += [answer.text[told : run.end], *(f" [{index + 1}]" for index in run.citations)]
        told = run.end
    count = sum(sentence.verdict == "withheld" for sentence in answer.sentences)
    notes = [f"({withheld(count)})"] if count else []
    return "\n\n".join(["".join([*pieces, answer.text[told:]]), *notes, *map(_note, answer.citations)])


def page_text(page: Text) -> str:
    rest = f" Go on with start={page.next_start}." if page.next_start is not None else ""
    head = f"{page.title} (document {page.document_id}), characters {page.start} to {page.end} of {page.characters}."
    return f"{head}{rest}\n\n{page.text}"


def _passage(number: int, passage: FoundPassage) -> str:
    return (
        f"{number}. {passage.place} (document {passage.document_id}, {passage.start} to {passage.end})\n{passage.text}"
    )


def _note(citation: Citation) -> str:
    span = f"document {citation.document_id}, {citation.start} to {citation.end}"
    return f"[{citation.index + 1}] {located(citation)} ({span}): “{' '.join(citation.quote.split())}”"
