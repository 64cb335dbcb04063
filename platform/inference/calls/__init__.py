"""What models over a network share: batches, attempts, deadlines, limits, errors, cost. Start at `embedding.py`."""

from footnote.platform.inference.calls.answers import Endpoint
from footnote.platform.inference.calls.attempts import Patience
from footnote.platform.inference.calls.embedding import RemoteEmbedder
from footnote.platform.inference.calls.errors import (
    KeyMissing,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    RequestDeclined,
    WrongDimension,
)
from footnote.platform.inference.calls.prices import Price, PriceList
from footnote.platform.inference.calls.reranking import RemoteReranker

__all__ = [
    "Endpoint",
    "KeyMissing",
    "ModelBusy",
    "ModelFailed",
    "ModelRefused",
    "Patience",
    "Price",
    "PriceList",
    "RemoteEmbedder",
    "RemoteReranker",
    "RequestDeclined",
    "WrongDimension",
]
