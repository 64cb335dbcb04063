"""A transcript as an extraction: paragraphs of what was said, and for every word when."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from footnote.modules.ingestion.extraction.decoding import clean
from footnote.modules.ingestion.extraction.errors import NoText
from footnote.modules.ingestion.models import Block, Extraction, Layout, Moment
from footnote.modules.ingestion.parts import BETWEEN
from footnote.modules.ingestion.spoken_words import moments
from footnote.platform.inference.transcription import Segment, SpokenWord, Transcript

PAUSE = 1.5  # seconds between sentences that begin a new paragraph
LONG_PAUSE = 4.0  # seconds anywhere that do
SHORT, LONG = 600, 2000  # characters from which a paragraph ends with its sentence, and with any segment
PART = 64_000  # characters
ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟")
CLOSING = "\"'”’»)]」』"

Paragraph = tuple[Segment, ...]


def extractions(transcript: Transcript, media_type: str) -> Iterator[Extraction]:
    """The parts of the transcript in order, each of at most `PART` characters unless one paragraph has more.

    Raises:
        NoText: Nothing is said in the recording.
    """
    segments = list(_tidied(transcript.segments))
    if not segments:
        raise NoText("No speech was found in this recording.")
    words = iter(_heard_in(segments, transcript.words))
    for number, paragraphs in enumerate(_parts(_paragraphs(segments))):
        warnings = transcript.warnings if number == 0 else ()
        said = [next(words) for _ in chain.from_iterable(paragraphs)]
        yield _extraction(paragraphs, said, media_type, transcript.language, warnings)


def _tidied(segments: Iterable[Segment]) -> Iterator[Segment]:
    for segment in segments:
        if text := " ".join(clean(segment.text).split()):
            yield Segment(text, segment.begins, segment.ends)


def _heard_in(segments: Sequence[Segment], words: Sequence[SpokenWord]) -> Iterator[list[SpokenWord]]:
    """The words of each segment: those whose middle lies before the next one begins."""
    at = 0
    for following in [*(segment.begins for segment in segments[1:]), float("inf")]:
        first = at
        while at < len(words) and (words[at].begins + words[at].ends) / 2 < following:
            at += 1
        yield list(words[first:at])


def _paragraphs(segments: Sequence[Segment]) -> Iterator[Paragraph]:
    paragraph = [segments[0]]
    length = len(segments[0].text)
    for last, segment in pairwise(segments):
        if _is_break(last, segment.begins - last.ends, length):
            yield tuple(paragraph)
            paragraph, length = [], 0
        paragraph.append(segment)
        length += len(segment.text) + 1
    yield tuple(paragraph)


def _is_break(last: Segment, pause: float, length: int) -> bool:
    if last.text.rstrip(CLOSING).endswith(ENDS):
        return pause >= PAUSE or length >= SHORT
    return pause >= LONG_PAUSE or length >= LONG


def _parts(paragraphs: Iterable[Paragraph]) -> Iterator[list[Paragraph]]:
    part: list[Paragraph] = []
    length = 0
    for paragraph in paragraphs:
        size = sum(len(segment.text) + 1 for segment in paragraph) + len(BETWEEN)
        if part and length + size > PART:
            yield part
            part, length = [], 0
        part.append(paragraph)
        length += size
    yield part


def _extraction(
    paragraphs: Sequence[Paragraph],
    words: Iterable[Sequence[SpokenWord]],
    media_type: str,
    language: str | None,
    warnings: tuple[str, ...],
) -> Extraction:
    text, blocks, spoken = "", list[Block](), list[Moment]()
    heard = iter(words)
    for paragraph in paragraphs:
        text += BETWEEN if text else ""
        start = len(text)
        for segment in paragraph:
            text += " " if len(text) > start else ""
            spoken += moments(segment, next(heard), len(text))
            text += segment.text
        blocks.append(Block(start, len(text), "paragraph"))
    layout = Layout(blocks=tuple(blocks), moments=tuple(spoken))
    return Extraction(text=text, layout=layout, media_type=media_type, language=language, warnings=warnings)
