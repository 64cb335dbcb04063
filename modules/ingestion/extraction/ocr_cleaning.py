"""Evens out shadows and takes away specks, for pictures that cannot be read as they are."""

import numpy as np
from PIL import Image, ImageFilter

_PATCH = 16  # pixels of a side of what is taken for evenly lit
_SPREAD = 2  # patches around, whose lightest is the paper
_LEAST = 3.0  # standard deviation of the shades of a page that has something on it


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
