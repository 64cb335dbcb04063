"""A fixed rotation of the states of tokens, after which any part of the numbers says as much as any other."""

import numpy as np

from footnote.platform.inference import Embeddings
from footnote.platform.inference.local.weights import DIMENSION, TOKEN_DIMENSION

SEED = 1


def rotation() -> Embeddings:
    """The first columns of a random orthogonal matrix: float32 [384, 256].

    Vectors are stored that were turned by it, so it may never change: the numbers come from a generator that NumPy
    keeps as it is, and of the possible signs of a factorisation those are taken that make its diagonal positive.
    """
    drawn = np.random.RandomState(SEED).standard_normal((DIMENSION, DIMENSION))
    orthogonal, triangular = np.linalg.qr(drawn)
    turned = orthogonal * np.sign(np.diag(triangular))
    return np.ascontiguousarray(turned[:, :TOKEN_DIMENSION], np.float32)
