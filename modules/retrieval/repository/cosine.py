"""The cosine that a passage shows, the same from every store."""

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embeddings

DECIMALS = 6

Cosines = NDArray[np.float64]


def cosines(query: Embeddings, embeddings: Embeddings) -> Cosines:
    """Of each row of `embeddings` with `query`, all of unit length, in `DECIMALS` decimals: [len(embeddings)].

    Summed in double precision: so neither the order of the sum nor how many rows there are changes what is shown.
    """
    found: Cosines = np.round(np.einsum("ij,j->i", embeddings, query, dtype=np.float64), DECIMALS)
    return found
