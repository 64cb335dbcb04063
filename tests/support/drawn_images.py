"""Pictures of text with words at known places, drawn with Pillow's own font."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

LETTER = """
The tenant shall pay the rent on the first working day of each month.
Repairs of the roof and of the outer walls are due to the landlord.
Notice must be given in writing, at the latest three months ahead.
The deposit of 2,400 euros is returned within six weeks of the end.
Either side may have the meters read on the day of the handover.
""".strip().splitlines()

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class Drawing:
    image: Image.Image
    words: list[tuple[str, Rectangle]]  # in pixels

    @property
    def text(self) -> str:
        return " ".join(word for word, _ in self.words)


@cache
def font(size: float) -> ImageFont.FreeTypeFont:
    loaded = ImageFont.load_default(size)
    assert isinstance(loaded, ImageFont.FreeTypeFont), "Pillow lacks FreeType"
    return loaded


def drawing(
    lines: Sequence[str] = LETTER,
    *,
    size: float = 34,
    spacing: float = 1.6,
    at: tuple[float, float] = (120, 120),
    canvas: tuple[int, int] = (1400, 800),
    ink: int = 0,
    paper: int = 255,
) -> Drawing:
    """A gray picture of `lines`, of letters of that many pixels, from `at` on."""
    image = Image.new("L", canvas, paper)
    return Drawing(image, write(image, lines, size=size, spacing=spacing, at=at, ink=ink))


def write(
    image: Image.Image,
    lines: Sequence[str],
    *,
    size: float = 34,
    spacing: float = 1.6,
    at: tuple[float, float] = (120, 120),
    ink: int = 0,
) -> list[tuple[str, Rectangle]]:
    draw, letters, words = ImageDraw.Draw(image), font(size), []
    for row, line in enumerate(lines):
        x, y = at[0], at[1] + row * size * spacing
        for word in line.split():
            draw.text((x, y), word, font=letters, fill=ink)
            words.append((word, draw.textbbox((x, y), word, font=letters)))
            x += letters.getlength(word + " ")
    return words


def saved(image: Image.Image, path: Path, *, dpi: int | None = 200, **options: object) -> Path:
    """At a path whose ending names the format."""
    image.save(path, **({"dpi": (dpi, dpi)} if dpi else {}), **options)
    return path
