"""The driver's client: what is in a URI, and with the limits that we set."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pymongo import AsyncMongoClient
from pymongo.errors import InvalidURI

from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.storage.mongo_waiting import mend_waiting

if TYPE_CHECKING:
    from footnote.platform.storage.mongo import MongoOptions


def client_of(uri: str, options: "MongoOptions") -> AsyncMongoClient[dict[str, Any]]:
    """
    Raises:
        StoreUnavailable: The URI cannot be read.
    """
    mend_waiting()
    try:
        return AsyncMongoClient(uri, **_arguments(options))
    except (InvalidURI, ValueError) as error:
        # What it quotes may be a part of the password.
        reason = re.split(r'"| Hint:|, use urllib', str(error))[0].strip(" .")
        raise StoreUnavailable(
            f"FOOTNOTE_STORE is not a MongoDB URI that can be read ({reason}). In user, password and database, signs "
            "such as @ : / ? # are written as %40 %3A %2F %3F %23"
        ) from None


def _arguments(options: "MongoOptions") -> dict[str, Any]:
    return {
        "appname": "footnote",
        "serverSelectionTimeoutMS": _milliseconds(options.selection),
        "connectTimeoutMS": _milliseconds(options.connect),
        "timeoutMS": _milliseconds(options.operation),
        "maxPoolSize": options.pool_size,
        "waitQueueTimeoutMS": _milliseconds(options.pool_wait),
        "retryReads": True,
        "retryWrites": True,
        "tz_aware": True,
    }


def _milliseconds(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)
