"""The pictures of an image file as they are displayed, each of them a page."""

import contextlib
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps

from footnote.modules.ingestion.extraction.errors import DamagedFile, PageOutOfRange, TooExpensive
from footnote.modules.ingestion.extraction.kinds import BMP, GIF, JPEG, PNG, TIFF, UNKNOWN, WEBP

_POINTS = 72.0  # to the inch
_MAX_PIXELS = 178_956_970  # of one picture; where Pillow, too, sees a bomb
_SCREEN = 96.0  # pixels to the inch of a picture that does not say
_LONG_SIDE = 11.7  # inches of A4; a large picture that does not say is a page of that size
_SENSIBLE = (30.0, 4800.0)  # pixels to the inch; what lies outside is no statement
_MAX_STRETCH = 4.0  # of one direction's resolution over the other's
_FEW = 10  # frames of an animation that may be pages, such as those of a fax
_SIDEWAYS = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height
_REDUCED = 1  # bit of a TIFF's kind of frame: a smaller copy of another one
_CENTIMETRES = 3  # EXIF's unit of resolution
_MEDIA_TYPES = {"PNG": PNG, "JPEG": JPEG, "MPO": JPEG, "TIFF": TIFF, "WEBP": WEBP, "BMP": BMP, "GIF": GIF}
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF")  # of Pillow's many
_DAMAGE = (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, struct.error)


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture in gray or in RGB, and its resolution across and down in pixels to the inch."""

    picture: Image.Image
    dpi: tuple[float, float]

    @property
    def size(self) -> tuple[float, float]:
        """In points."""
        return self.picture.width * _POINTS / self.dpi[0], self.picture.height * _POINTS / self.dpi[1]


class ImageFile:
    """An image that is open; `pages` are the frames worth reading, and `warnings` tells of those that are not."""

    def __init__(self, image: Image.Image, max_pages: int) -> None:
        self._image = image
        self.media_type = _MEDIA_TYPES.get(image.format or "", UNKNOWN)
        self.warnings: list[str] = []
        self.pages = self._of_animation() if image.format in ("GIF", "WEBP", "PNG") else self._of_file(max_pages)

    def frame(self, number: int) -> Frame:
        """
        Raises:
            PageOutOfRange: There is no page `number`, from 1.
            DamagedFile: It cannot be decoded.
            TooExpensive: It has too many pixels.
        """
        if not 1 <= number <= len(self.pages):
            raise PageOutOfRange(f"There is no page {number}; the image has {len(self.pages)}.", pages=len(self.pages))
        with _reading():
            self._image.seek(self.pages[number - 1])
            _check_size(self._image)
            is_sideways = self._image.getexif().get(ExifTags.Base.Orientation) in _SIDEWAYS
            dpi = _resolution(self._image)
            picture = _flat(ImageOps.exif_transpose(self._image))
        return Frame(picture, (dpi[1], dpi[0]) if is_sideways else dpi)

    def _of_animation(self) -> list[int]:
        frames = getattr(self._image, "n_frames", 1)
        if frames <= _FEW:
            return list(range(frames))
        self.warnings.append(f"Only the first of {frames} pictures of the animation was read.")
        return [0]

    def _of_file(self, max_pages: int) -> list[int]:
        """All frames of a TIFF that are no small copies of others. Cameras hide copies after the photo in a JPEG."""
        if self._image.format != "TIFF":
            return [0]
        kinds = list(self._kinds(max_pages))
        return [index for index, is_copy in enumerate(kinds) if not is_copy] or list(range(len(kinds)))

    def _kinds(self, max_pages: int) -> Iterator[bool]:
        """Whether each frame is a smaller copy."""
        for index in range(max_pages + 1):
            try:
                self._image.seek(index)
            except EOFError:
                return
            except _DAMAGE:
                self.warnings.append(f"The image is damaged after page {index}; further pages may be missing.")
                return
            if index == max_pages:
                raise TooExpensive(f"The image has more than {max_pages:,} pages.")
            tags = getattr(self._image, "tag_v2", {})
            yield bool(int(tags.get(ExifTags.Base.NewSubfileType, 0)) & _REDUCED)


@contextlib.contextmanager
def open_image(path: Path, max_pages: int) -> Iterator[ImageFile]:
    """
    Raises:
        DamagedFile: It is no image that can be decoded.
        TooExpensive: It has too many pixels or pages.
    """
    Image.init()
    with _reading():
        image = Image.open(path, formats=_FORMATS)
    with image:
        with _reading():
            opened = ImageFile(image, max_pages)
        yield opened


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Image.DecompressionBombError:
        raise TooExpensive(f"The image has more than {_MAX_PIXELS // 10**6} million pixels.") from None
    except _DAMAGE as error:
        raise DamagedFile("The image is damaged or cut short, and cannot be read.") from error


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > _MAX_PIXELS:
        raise Image.DecompressionBombError


def _resolution(image: Image.Image) -> tuple[float, float]:
    """As stated; else that of a screen, or finer if the picture would be larger than a page of A4."""
    stated = _stated(image)
    if stated is not None:
        return stated
    assumed = max(_SCREEN, max(image.size) / _LONG_SIDE)
    return assumed, assumed


def _stated(image: Image.Image) -> tuple[float, float] | None:
    exif = image.getexif()
    unit = 2.54 if exif.get(ExifTags.Base.ResolutionUnit) == _CENTIMETRES else 1.0
    stated = image.info.get("dpi") or (
        exif.get(ExifTags.Base.XResolution, 0) * unit,
        exif.get(ExifTags.Base.YResolution, 0) * unit,
    )
    across, down = float(stated[0]), float(stated[1])
    is_sensible = all(_SENSIBLE[0] <= side <= _SENSIBLE[1] for side in (across, down))
    return (across, down) if is_sensible and max(across, down) <= _MAX_STRETCH * min(across, down) else None


def _flat(image: Image.Image) -> Image.Image:
    """In gray or RGB, on white where it is transparent."""
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(image)
    if image.has_transparency_data:
        colours = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(colours, mask=colours.getchannel("A"))
        return white
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    """More than 8 bits of gray, which Pillow itself would clip, from the darkest to the lightest value."""
    values = np.asarray(image, dtype=np.float32)
    darkest, lightest = float(np.nanmin(values)), float(np.nanmax(values))
    scaled = (values - darkest) * (255.0 / max(lightest - darkest, 1e-6))
    return Image.fromarray(np.nan_to_num(scaled).astype(np.uint8))
