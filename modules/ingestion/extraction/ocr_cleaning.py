"""Takes specks away, and evens out shadows of pictures that cannot be read as they are."""

import numpy as np
from PIL import Image, ImageChops, ImageFilter

_PATCH = 16  # pixels of a side of what is taken for evenly lit
_SPREAD = 2  # patches around, whose lightest is the paper
_LEAST = 3.0  # standard deviation of the shades of a page that has something on it

_DARK = 128
_ALONE = 255 // 9 + 1  # the average of nine pixels of which one is white
_FEW_SPECKS = 0.0005  # of the pixels; the dots of small letters are fewer
_MANY_SPECKS = 0.005  # so many stand side by side, too


def is_blank(picture: Image.Image) -> bool:
    """Of one shade all over."""
    return float(np.asarray(picture.reduce(2) if min(picture.size) > 2 else picture).std()) < _LEAST


def cleaned(picture: Image.Image) -> Image.Image:
    """The gray `picture` as if the paper were equally bright everywhere."""
    smooth = picture.filter(ImageFilter.MedianFilter(3))
    coarse = smooth.resize((max(smooth.width // _PATCH, 1), max(smooth.height // _PATCH, 1)), Image.Resampling.BOX)
    coarse = coarse.filter(ImageFilter.MaxFilter(2 * _SPREAD + 1)).filter(ImageFilter.GaussianBlur(_SPREAD))
    paper = np.asarray(coarse.resize(smooth.size, Image.Resampling.BICUBIC), dtype=np.float32)
    even = np.asarray(smooth, dtype=np.float32) * 255 / np.maximum(paper, 1)
    return Image.fromarray(np.clip(even, 0, 255).astype(np.uint8))


def despeckled(picture: Image.Image) -> Image.Image:
    """The gray `picture` without dark pixels that stand alone, if they are many: tesseract reads them as letters."""
    dark = picture.point(lambda shade: 255 if shade < _DARK else 0)
    alone = dark.filter(ImageFilter.BoxBlur(1)).point(lambda share: 255 if share <= _ALONE else 0)
    specks = ImageChops.darker(dark, alone)
    share = specks.histogram()[255] / (picture.width * picture.height)
    if share <= _FEW_SPECKS:
        return picture
    smooth = picture.filter(ImageFilter.MedianFilter(3))
    return smooth if share > _MANY_SPECKS else Image.composite(smooth, picture, specks)
