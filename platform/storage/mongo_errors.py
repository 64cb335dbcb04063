"""What is said of an error of the driver: to whoever uses the product, and to whoever sets it up."""

import re

from bson.errors import InvalidBSON
from pymongo.errors import (
    AutoReconnect,
    ConnectionFailure,
    NotPrimaryError,
    OperationFailure,
    ProtocolError,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
)

DUMPS = re.compile(r", Timeout: |, full error: |, Topology Description: | \(configured timeouts: ")


class ServerGone(AutoReconnect):
    """What was sent, perhaps, broke off, and there is no server to send it to once more."""


def in_short(error: PyMongoError | InvalidBSON) -> str:
    """Neither addresses nor values: users read it."""
    match error:
        case ServerSelectionTimeoutError() | ServerGone():
            return "no server answers"
        case WaitQueueTimeoutError():
            return "all connections to the server are in use"
        case PyMongoError(timeout=True):
            return "it took too long"
        case NotPrimaryError():
            return "the server hands over to another"
        case ConnectionFailure():
            return "the connection to the server broke"
        case ProtocolError() | InvalidBSON():
            return "the server's answer cannot be read"
        case OperationFailure():
            name = (error.details or {}).get("codeName")
            return f"the server refused it, code {error.code}" + (f" ({name})" if name else "")
    return "the driver refused it"


def in_full(error: PyMongoError | InvalidBSON) -> str:
    """What the driver says, without its dump of the topology and of whole replies."""
    return DUMPS.split(str(error))[0]


def is_doubtful(error: PyMongoError) -> bool:
    """Whether what was sent may have been done all the same."""
    if isinstance(error, ServerSelectionTimeoutError | WaitQueueTimeoutError | NotPrimaryError):
        return False
    return isinstance(error, ConnectionFailure) or error.timeout
