"""What the tools give, beside the text that an assistant reads."""

from pydantic import BaseModel, Field

from footnote.config.wording import located
from footnote.modules.generation import Answer, Citation
from footnote.modules.ingestion import Document
from footnote.modules.retrieval import Passage


class FoundPassage(BaseModel):
    document_id: str
    version: int
    passage_id: str
    title: str
    heading_path: list[str]
    pages: list[int]
    place: str = Field(description="Where it stands, in words, with the title")
    start: int = Field(description="Where the text begins in the document's text, in code points")
    end: int
    text: str
    score: float


class Found(BaseModel):
    passages: list[FoundPassage] = Field(description="Best first")


class Footnote(BaseModel):
    number: int = Field(description="As in the text: [1]")
    document_id: str
    version: int
    title: str
    heading_path: list[str]
    pages: list[int]
    place: str = Field(description="Where it stands, in words, with the title")
    start: int = Field(description="Where the quote begins in the document's text, in code points")
    end: int
    quote: str


class AnsweredSentence(BaseModel):
    text: str = Field(description="Empty if it was withheld, because the documents do not support it")
    verdict: str
    footnotes: list[int] = Field(description="Numbers of the footnotes that support it")


class Answered(BaseModel):
    answer_id: str
    text: str
    abstained: bool = Field(description="Whether the documents do not hold the answer")
    confidence: float = Field(description="Probability that the answer is right")
    sentences: list[AnsweredSentence]
    footnotes: list[Footnote]
    model: str


class Text(BaseModel):
    document_id: str
    version: int
    title: str
    media_type: str
    start: int
    end: int
    characters: int = Field(description="Of the whole document")
    next_start: int | None = Field(description="Where to go on reading, or nothing at the end")
    text: str


def found_passage(passage: Passage) -> FoundPassage:
    return FoundPassage(
        document_id=passage.document_id,
        version=passage.version,
        passage_id=passage.id,
        title=passage.title,
        heading_path=list(passage.heading_path),
        pages=list(passage.pages),
        place=located(passage),
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=passage.score,
    )


def answered(answer: Answer) -> Answered:
    return Answered(
        answer_id=answer.id,
        text=answer.text,
        abstained=answer.abstained,
        confidence=answer.confidence,
        sentences=[
            AnsweredSentence(
                text=sentence.text,
                verdict=sentence.verdict,
                footnotes=[index + 1 for index in sentence.citations],
            )
            for sentence in answer.sentences
        ],
        footnotes=[_footnote(citation) for citation in answer.citations],
        model=answer.model,
    )


def read_text(document: Document, version: int, text: str, start: int, end: int) -> Text:
    """The code points [start, end) of `text`, the whole of that version."""
    return Text(
        document_id=document.id,
        version=version,
        title=document.title,
        media_type=document.media_type,
        start=start,
        end=end,
        characters=len(text),
        next_start=end if end < len(text) else None,
        text=text[start:end],
    )


def _footnote(citation: Citation) -> Footnote:
    return Footnote(
        number=citation.index + 1,
        document_id=citation.document_id,
        version=citation.version,
        title=citation.title,
        heading_path=list(citation.heading_path),
        pages=list(citation.pages),
        place=located(citation),
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
    )
