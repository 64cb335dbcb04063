"""How a picture is changed so that it can be read, and where what was read stands in the picture as it was."""

import math
from dataclasses import dataclass, replace

from PIL import Image

from footnote.modules.ingestion.extraction.pdf_words import Rectangle

_TURNS = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
_WANTED = 300.0  # pixels to the inch
_MAX_SCALE = 3.0
_ENOUGH = 12_000_000  # pixels; more than that are kept only of what is coarse
_MOST = 40_000_000


@dataclass(frozen=True, slots=True)
class Pose:
    """Scaled, then straightened, then turned."""

    width: int  # of the picture as it was
    height: int
    across: float  # scales
    down: float
    lean: float = 0.0  # degrees clockwise that are taken back
    turns: int = 0  # quarters clockwise that are taken back

    def scaled(self, picture: Image.Image) -> Image.Image:
        size = round(self.width * self.across), round(self.height * self.down)
        if size == picture.size:
            return picture
        shrinks = size[0] < picture.width or size[1] < picture.height
        return picture.resize(size, Image.Resampling.BOX if shrinks else Image.Resampling.BICUBIC)

    def applied(self, picture: Image.Image) -> Image.Image:
        changed = self.scaled(picture)
        if self.lean:
            changed = changed.rotate(self.lean, Image.Resampling.BICUBIC, expand=True, fillcolor=_usual_shade(changed))
        return changed.transpose(_TURNS[self.turns]) if self.turns else changed

    def original(self, box: Rectangle, size: tuple[int, int]) -> Rectangle:
        """The box in the picture as it was of one in the picture as changed, which has that size."""
        corners = [(box[x], box[y]) for x in (0, 2) for y in (1, 3)]
        points = [self._original(*corner, size) for corner in corners]
        lefts, tops = zip(*points, strict=True)
        return (
            max(min(lefts), 0.0),
            max(min(tops), 0.0),
            min(max(lefts), float(self.width)),
            min(max(tops), float(self.height)),
        )

    def level(self, box: Rectangle, size: tuple[int, int]) -> Rectangle:
        """As `original`, but on a page that leans no more."""
        x0, y0, width, height = _unturned(box[0], box[1], *size, self.turns)
        x1, y1, _, _ = _unturned(box[2], box[3], *size, self.turns)
        right, down = (self.width * self.across - width) / 2, (self.height * self.down - height) / 2
        return (
            (min(x0, x1) + right) / self.across,
            (min(y0, y1) + down) / self.down,
            (max(x0, x1) + right) / self.across,
            (max(y0, y1) + down) / self.down,
        )

    def turned(self, turns: int) -> "Pose":
        return replace(self, turns=(self.turns + turns) % 4)

    def enlarged(self, scale: float) -> "Pose":
        return replace(self, across=self.across * scale, down=self.down * scale)

    def _original(self, x: float, y: float, size: tuple[int, int]) -> tuple[float, float]:
        x, y, width, height = _unturned(x, y, *size, self.turns)
        if self.lean:
            angle = math.radians(self.lean)
            dx, dy = x - width / 2, y - height / 2
            x = dx * math.cos(angle) - dy * math.sin(angle) + self.width * self.across / 2
            y = dx * math.sin(angle) + dy * math.cos(angle) + self.height * self.down / 2
        return x / self.across, y / self.down


def fitting_pose(picture: Image.Image, dpi: tuple[float, float]) -> Pose:
    """At about 300 dpi, and as fine in one direction as in the other, as far as that stays within bounds."""
    finest = max(dpi)
    across, down = finest / dpi[0], finest / dpi[1]
    pixels = picture.width * across * picture.height * down
    scale = _WANTED / finest
    enough = math.sqrt(_ENOUGH / pixels)
    scale = max(1.0, min(scale, _MAX_SCALE, enough)) if scale > 1 else min(1.0, max(scale, enough))
    scale = min(scale, math.sqrt(_MOST / pixels))
    return Pose(picture.width, picture.height, across * scale, down * scale)


def _unturned(x: float, y: float, width: float, height: float, turns: int) -> tuple[float, float, float, float]:
    """The point, and the size of the picture, before it was turned by so many quarters counterclockwise."""
    match turns:
        case 0:
            return x, y, width, height
        case 1:
            return height - y, x, height, width
        case 2:
            return width - x, height - y, width, height
        case _:
            return y, width - x, height, width


def _usual_shade(picture: Image.Image) -> int:
    shades = picture.histogram()
    return shades.index(max(shades))
