"""How far the lines of a scanned page lean."""

import math

import numpy as np
import numpy.typing as npt
from PIL import Image

_SIDE = 1000  # pixels of the longer side; enough to tell lines apart
_MAX_LEAN = 15.0  # degrees
_COARSE, _FINE = 0.5, 0.1
_DISTINCT = 1.15  # times as sharp as upright; less is noise
_CONTRAST = 1.5  # times as sharp as at most angles; lines of text reach three times and more
_DARK = 0.7  # of the usual brightness of the page

Points = npt.NDArray[np.float64]


def lean_of(picture: Image.Image) -> float:
    """Degrees clockwise by which the lines of the gray `picture` lean from level or upright; 0 if that is not clear.

    Lines are found where the dark points, seen along a line, gather in sharp peaks. Text that reads downwards is as
    sharp seen the other way.
    """
    small = picture.copy()
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.BILINEAR)
    down, across = _dark_points(np.asarray(small, dtype=np.float64))
    if not len(down):
        return 0.0
    leans = [_lean(down, across), _lean(-across, down)]
    return max(leans, key=lambda lean: lean[1])[0]


def _dark_points(values: npt.NDArray[np.float64]) -> tuple[Points, Points]:
    usual = float(np.median(values))
    if usual < 128:  # light on dark
        values, usual = 255 - values, 255 - usual
    down, across = np.nonzero(values < _DARK * usual)
    return down.astype(np.float64), across.astype(np.float64)


def _lean(down: Points, across: Points) -> tuple[float, float]:
    """The angle at which peaks are sharpest, and how much sharper they are than at the average angle."""
    coarse = np.arange(-_MAX_LEAN, _MAX_LEAN + _COARSE / 2, _COARSE)
    sharpness = [_sharpness(down, across, angle) for angle in coarse]
    best = float(coarse[int(np.argmax(sharpness))])
    fine = np.arange(best - _COARSE, best + _COARSE + _FINE / 2, _FINE)
    best = float(max(fine, key=lambda angle: _sharpness(down, across, angle)))
    sharpest = _sharpness(down, across, best)
    contrast = sharpest / (float(np.median(sharpness)) or 1.0)
    is_distinct = sharpest > _DISTINCT * _sharpness(down, across, 0.0) and contrast > _CONTRAST
    return best if is_distinct else 0.0, contrast


def _sharpness(down: Points, across: Points, angle: float) -> float:
    heights = down - across * math.tan(math.radians(angle))
    counts = np.bincount((heights - heights.min()).astype(np.int64))
    return float((np.diff(counts.astype(np.float64)) ** 2).sum())
