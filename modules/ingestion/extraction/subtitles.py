"""Subtitles in WebVTT and SubRip: what is said, by whom and when."""

import html
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from footnote.modules.ingestion.extraction.composer import Composer, on_one_line
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.decoding import encoding_of, read_text
from footnote.modules.ingestion.extraction.kinds import SRT, VTT
from footnote.modules.ingestion.models import Extraction, Moment

_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_ARROW = "-->"
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?\s{1,10}([^<>]{1,200})>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^<>\n]{0,200}>|\{\\[^{}\n]{0,100}\}")
_ASIDE = re.compile(r"\s*(?:NOTE|STYLE|REGION)(?:\s|$)")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’)\]»]*$|[—–]$")
_MAX_PAUSE = 2.0  # seconds between two cues of one sentence
_MAX_SENTENCE = 600  # characters
_MAX_WARNINGS = 20


@dataclass(slots=True)
class _Cue:
    begins: float
    ends: float
    words: str
    speaker: str | None
    moments: tuple[Moment, ...]  # within the words


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    encoding = encoding_of(path)
    media_type = VTT if next(_blocks(read_text(path, encoding)), [""])[0].startswith("WEBVTT") else SRT
    composer, broken = Composer(), _Broken()
    cues: list[_Cue] = []
    total, done, speaker = path.stat().st_size, 0, None
    for cue in _joined(_cues(_blocks(read_text(path, encoding)), broken)):
        cues.append(_named(cue) if cue.speaker and cue.speaker != speaker else cue)
        speaker = cue.speaker
        composer.spoken(cues[-1].words, cue.begins, cue.ends)
        done += len(cue.words)
        if composer.is_full:
            context.report(min(done, total), total)
            yield _timed(composer.build(media_type), cues)
            cues = []
    last = composer.build(media_type, warnings=(*encoding.warnings, *broken.warnings()))
    yield _timed(last, cues)


def _named(cue: _Cue) -> _Cue:
    prefix = f"{cue.speaker}: "
    first, *others = _shifted(cue.moments, len(prefix))
    moments = (msgspec.structs.replace(first, start=0), *others)
    return replace(cue, words=prefix + cue.words, moments=moments)


def _timed(part: Extraction, cues: list[_Cue]) -> Extraction:
    """With a moment for each cue as it stood in the file, not only for each sentence."""
    blocks = part.layout.blocks
    moments = (_shifted(cue.moments, block.start) for block, cue in zip(blocks, cues, strict=True))
    layout = msgspec.structs.replace(part.layout, moments=tuple(itertools.chain.from_iterable(moments)))
    return msgspec.structs.replace(part, layout=layout)


def _shifted(moments: Iterable[Moment], by: int) -> tuple[Moment, ...]:
    return tuple(Moment(one.start + by, one.end + by, one.begins, one.ends) for one in moments)


class _Broken:
    """Cues that could not be read, by the line they begin at."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._count = 0

    def add(self, line: str) -> None:
        self._count += 1
        if len(self._lines) < _MAX_WARNINGS:
            self._lines.append(line.strip()[:80])

    def warnings(self) -> tuple[str, ...]:
        if not self._count:
            return ()
        which = "; ".join(self._lines)
        return (f"Cues without a time that can be read were left out ({self._count}): {which}",)


def _blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    """Runs of lines that are not blank."""
    lines: list[str] = []
    rest = ""
    for text in texts:
        *complete, rest = (rest + text).split("\n")
        for line in complete:
            if line.strip():
                lines.append(line)
            elif lines:
                yield lines
                lines = []
    if rest.strip():
        lines.append(rest)
    if lines:
        yield lines


def _cues(blocks: Iterable[list[str]], broken: _Broken) -> Iterator[_Cue]:
    for lines in blocks:
        timings = [number for number, line in enumerate(lines) if _ARROW in line]
        if not timings:
            continue  # a header, a note or a style
        if _ASIDE.match(lines[0]) and timings[0] > 1:
            continue
        # Some programs leave no blank line between cues; the number of the next one is then the last line of this.
        for number, end in zip(timings, [*timings[1:], len(lines)], strict=True):
            is_next = end < len(lines) and lines[end - 1].strip().isdigit() and end - 1 > number
            timing = _TIMING.fullmatch(lines[number])
            if timing is None:
                broken.add(lines[number])
                continue
            yield from _spoken(timing, lines[number + 1 : end - is_next])


def _spoken(timing: re.Match[str], lines: list[str]) -> Iterator[_Cue]:
    """One cue for each voice in it."""
    numbers = timing.groups()
    begins, ends = _seconds(numbers[:4]), _seconds(numbers[4:])
    speaker: str | None = None
    for index, piece in enumerate(_VOICE.split("\n".join(lines))):
        if index % 2:
            speaker = on_one_line(html.unescape(piece))
        elif words := on_one_line(html.unescape(_TAG.sub("", piece))):
            ends = max(begins, ends)
            yield _Cue(begins, ends, words, speaker, (Moment(0, len(words), begins, ends),))


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction}")


def _joined(cues: Iterable[_Cue]) -> Iterator[_Cue]:
    """Cues that carry on a sentence of the same speaker are one."""
    last: _Cue | None = None
    for cue in cues:
        if last is not None and _carries_on(last, cue):
            last = replace(
                last,
                ends=max(last.ends, cue.ends),
                words=f"{last.words} {cue.words}",
                moments=last.moments + _shifted(cue.moments, len(last.words) + 1),
            )
            continue
        if last is not None:
            yield last
        last = cue
    if last is not None:
        yield last


def _carries_on(last: _Cue, cue: _Cue) -> bool:
    return (
        cue.speaker == last.speaker
        and not _SENTENCE_END.search(last.words)
        and not cue.words.startswith(("-", "–", "—", "[", "♪"))
        and -_MAX_PAUSE < cue.begins - last.ends <= _MAX_PAUSE
        and len(last.words) + len(cue.words) <= _MAX_SENTENCE
    )
