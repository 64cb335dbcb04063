"""How right OCR is: of the text, and of the places where it says that words stand."""

import random
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise
from pathlib import Path

import numpy as np
import pytesseract
from PIL import Image, ImageOps

from footnote.modules.ingestion.models import Extraction, Word

_CUT = re.compile(r"(?<=\w)[-‐]\s+(?=\w)")  # a word cut at the end of a line
_MARGIN = 6  # pixels around a crop, so that letters do not touch its edge
_LINE = 48  # pixels of height to which crops are brought
_LONGEST = 8  # words of a span

Rectangle = tuple[float, float, float, float]


def character_error_rate(text: str, expected: str) -> float:
    """Characters to insert, delete or replace, over those expected; white space counts as one space."""
    found, wanted = _folded(text), _folded(expected)
    return _distance(found, wanted) / len(wanted)


def healed(text: str) -> str:
    """With the words that are cut at the end of a line made whole, as extraction does; expected texts keep them cut."""
    return _CUT.sub("", text)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _distance(one: str, two: str) -> int:
    """Levenshtein's."""
    codes, places = np.array(list(map(ord, two))), np.arange(len(two) + 1)
    row = places
    for index, character in enumerate(one, 1):
        replaced = np.minimum(row[1:] + 1, row[:-1] + (codes != ord(character)))
        # Insertions run along the row: what is cheapest so far, plus one for each step.
        row = np.minimum.accumulate(np.concatenate(([index], replaced)) - places) + places
    return int(row[-1])


def random_spans(extraction: Extraction, count: int, seed: int = 7) -> Iterator[list[Word]]:
    """Runs of one to eight words of one page that follow one another in the text."""
    chance, words = random.Random(seed), extraction.layout.words
    for _ in range(count):
        start = chance.randrange(len(words))
        span = words[start : start + chance.randint(1, _LONGEST)]
        yield [word for word in span if word.page == span[0].page]


def text_of(extraction: Extraction, span: Sequence[Word]) -> str:
    return " ".join(extraction.text[word.start : word.end] for word in span)


def known_words_under(span: Sequence[Word], known: Sequence[tuple[str, Rectangle]], scale: float) -> str:
    """The words whose middles are in the boxes of the span; `known` is in pixels, `scale` of them to the point."""
    under = []
    for word in span:
        for text, (x0, y0, x1, y1) in known:
            x, y = (x0 + x1) / 2 / scale, (y0 + y1) / 2 / scale
            if word.x0 <= x <= word.x1 and word.y0 <= y <= word.y1:
                under.append(text)
    return " ".join(under)


def turns_of(words: Sequence[Word]) -> int:
    """Quarter turns clockwise in which most words follow one another."""
    steps: Counter[int] = Counter()
    for one, two in pairwise(words):
        right, down = two.x0 + two.x1 - one.x0 - one.x1, two.y0 + two.y1 - one.y0 - one.y1
        steps[(0 if right > 0 else 2) if abs(right) > abs(down) else (1 if down > 0 else 3)] += 1
    return steps.most_common(1)[0][0] if steps else 0


def read_again(
    spans: Sequence[Sequence[Word]], picture: Image.Image, scale: float, *, turns: int, languages: str
) -> list[str]:
    """What tesseract reads in the crops of the lines of each span, which run in quarter `turns` clockwise."""
    grey = picture.convert("L")
    crops = [[_crop(line, grey, scale, turns) for line in _lines(span, turns)] for span in spans]
    texts = iter(_read_lines(list(chain.from_iterable(crops)), languages))
    return [" ".join(islice(texts, len(of_span))) for of_span in crops]


def _crop(line: Sequence[Word], picture: Image.Image, scale: float, turns: int) -> Image.Image:
    box = (min(w.x0 for w in line), min(w.y0 for w in line), max(w.x1 for w in line), max(w.y1 for w in line))
    crop = picture.crop([round(side * scale) for side in box]).rotate(90 * turns, expand=True)
    size = (max(round(crop.width * _LINE / crop.height), 1), _LINE)
    return ImageOps.expand(crop.resize(size, Image.Resampling.BICUBIC), _MARGIN * 2, fill=255)


def _read_lines(crops: Sequence[Image.Image], languages: str) -> list[str]:
    """All in one go: to load the languages takes longer than to read a line."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.png") for number in range(len(crops))]
        for crop, path in zip(crops, paths, strict=True):
            crop.save(path)
        names = Path(folder, "names.txt")
        names.write_text("\n".join(map(str, paths)))
        read = pytesseract.image_to_string(str(names), lang=languages, config="--psm 7 --dpi 300")
    return read.split("\f")[: len(crops)]


def _lines(span: Sequence[Word], turns: int) -> Iterator[list[Word]]:
    """Parts of the span on one line each: words that overlap across the direction in which they read."""
    line: list[Word] = []
    for word in span:
        if line and not _are_beside(line[-1], word, turns):
            yield line
            line = []
        line.append(word)
    yield line


def _are_beside(one: Word, two: Word, turns: int) -> bool:
    if turns % 2:
        shared, size = min(one.x1, two.x1) - max(one.x0, two.x0), min(one.x1 - one.x0, two.x1 - two.x0)
        advance = (two.y0 - one.y0) * (1 if turns == 1 else -1)
    else:
        shared, size = min(one.y1, two.y1) - max(one.y0, two.y0), min(one.y1 - one.y0, two.y1 - two.y0)
        advance = (two.x0 - one.x0) * (1 if turns == 0 else -1)
    return shared > 0.5 * size and advance > 0


def is_same(text: str, expected: str) -> bool:
    """White space and marks aside, no more than one character in ten is another: rereading a crop errs, too."""
    found, wanted = _letters(text), _letters(expected)
    return _distance(found, wanted) <= len(wanted) / 10 if wanted else True


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFD", text)
    return "".join(filter(str.isalnum, plain)).casefold()
