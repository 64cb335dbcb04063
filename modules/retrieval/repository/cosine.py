"""The cosine that a passage shows, the same from every store."""

import numkong
import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embeddings

DECIMALS = 6

Cosines = NDArray[np.float64]


def cosines(query: Embeddings, embeddings: Embeddings) -> Cosines:
    """Of each row of `embeddings` with `query`, all of unit length, in `DECIMALS` decimals: [len(embeddings)].

    Summed in double precision: so neither the order of the sum nor how many rows there are changes what is shown.
    """
    if not len(embeddings):
        return np.zeros(0)
    rows, asked = (np.ascontiguousarray(each, np.float32) for each in (embeddings, query[None]))
    products = np.asarray(numkong.cdist(rows, asked, "dot"))  # float64
    found: Cosines = np.round(products[:, 0], DECIMALS)
    return found
