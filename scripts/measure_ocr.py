"""How right OCR is on real scans and on drawn ones.

    python scripts/measure_ocr.py [--folder FOLDER] [--spans N] [--languages LANGUAGES]

For each file of the folder's `manifest.json` with an expected text, and for copies of its small upright images that
are turned and that lean: the share of characters that are wrong, white space folded. Expected texts keep words cut at
the end of a line, extraction makes them whole; the second number has them whole in both.

Then, for random spans of one to eight words, the share for which what is under the boxes of the words is the span: in
scans as tesseract reads the crop of each line of it again, marks aside and up to one character in ten, since a second
reading errs, too; in drawn pictures by the words that were drawn there, exactly.
"""

import argparse
import io
import json
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.drawn_images import LETTER, drawing, saved  # noqa: E402
from support.ocr_measure import (  # noqa: E402
    character_error_rate,
    healed,
    is_same,
    known_words_under,
    random_spans,
    read_again,
    text_of,
    turns_of,
)
from support.reading import read_file  # noqa: E402

from footnote.modules.ingestion.extraction import sniff  # noqa: E402
from footnote.modules.ingestion.models import Extraction  # noqa: E402
from footnote.modules.ingestion.rendering import render_page  # noqa: E402

TURNS = (90, 180, 270)  # degrees
LEANS = (-3, 1.5, 7)
SMALL = 1_000_000  # pixels
SCALE = 300 / 72  # pixels to the point of pages that are read again


def main() -> None:
    arguments = parsed()
    manifest = json.loads((arguments.folder / "manifest.json").read_text())
    with tempfile.TemporaryDirectory() as scratch:
        for entry in manifest:
            path, expected = arguments.folder / entry["file"], entry["expected"].get("text")
            if expected:
                for case in (path, *variants(path, Path(scratch))):
                    measure(case, expected, arguments.languages, arguments.spans)
        for size in (11, 14, 20, 34, 60):
            measure_drawn(size, Path(scratch), arguments.spans)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=ROOT.parent / "shared" / "data" / "files" / "ocr")
    parser.add_argument("--spans", type=int, default=100, help="of each file")
    parser.add_argument("--languages", default="eng")
    return parser.parse_args()


def variants(path: Path, scratch: Path) -> list[Path]:
    """Copies of an image that are turned, and that lean; none of a whole page, which takes a minute."""
    if path.suffix == ".pdf" or "rot" in path.stem:
        return []
    with Image.open(path) as image:
        if image.width * image.height > SMALL:
            return []
        dpi, gray = image.info.get("dpi"), image.convert("L")
    copies = []
    for angle in (*TURNS, *LEANS):
        copy = gray.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        copies.append(scratch / f"{path.stem} {angle:+g}°.png")
        copy.save(copies[-1], dpi=dpi)
    return copies


def measure(path: Path, expected: str, languages: str, spans: int) -> None:
    extraction = read_file(path, sniff(path, path.name), ocr_languages=languages)
    raw = character_error_rate(extraction.text, expected)
    whole = character_error_rate(healed(extraction.text), healed(expected))
    print(
        f"{path.name:32} {raw:6.2%} wrong, {whole:6.2%} with words whole; {boxes(path, extraction, languages, spans)}"
    )


def boxes(path: Path, extraction: Extraction, languages: str, count: int) -> str:
    page = Image.open(io.BytesIO(render_page(path, 1, (), SCALE)))
    scale = page.width / extraction.layout.pages[0].width
    turns = turns_of(extraction.layout.words)
    spans = list(random_spans(extraction, count))
    again = read_again(spans, page, scale, turns=turns, languages=languages)
    right = sum(is_same(read, text_of(extraction, span)) for read, span in zip(again, spans, strict=True))
    return f"{right} of {count} spans under their boxes"


def measure_drawn(size: int, scratch: Path, count: int) -> None:
    drawn = drawing(LETTER, size=size, canvas=(round(size * 42), round(size * 16)), at=(size * 3, size * 3))
    path = saved(drawn.image, scratch / f"drawn {size}.png", dpi=None)
    extraction = read_file(path, "image/png")
    scale = drawn.image.width / extraction.layout.pages[0].width
    right = sum(
        known_words_under(span, drawn.words, scale) == text_of(extraction, span)
        for span in random_spans(extraction, count)
    )
    wrong = character_error_rate(extraction.text, drawn.text)
    print(f"drawn, {size:2} pixels{'':11} {wrong:6.2%} wrong; {right} of {count} spans under their boxes")


if __name__ == "__main__":
    main()
