"""What the engine answers, as MongoDB would say it."""

import time
from typing import Any

import bson

Reply = dict[str, Any]

TRANSIENT = {112, 251}  # WriteConflict, NoSuchTransaction: the driver may run the transaction again
DUPLICATE_KEY = 11000

# The engine's SQLSTATE Mxxxx is a base-36 ordinal; these are the MongoDB codes of the first 50.
ENGINE_CODES = (
    1, 2, 5, 9, 14, 15, 20, 23, 26, 27, 28, 31, 34, 40, 43, 48, 52, 53, 54, 56, 57, 61, 66, 67, 68, 72, 73, 85, 86,
    111, 115, 118, 146, 159, 165, 166, 167, 181, 197, 224, 232, 241, 263, 276, 291, 361, 10065, 10334, 11000, 12587,
)  # fmt: skip
STATE_CODES = {
    "23505": 11000, "23P01": 11000, "42P01": 26, "0A000": 115, "57014": 50, "55P03": 24, "40P01": 112, "40001": 112,
    "22P02": 2, "22023": 2, "22000": 2, "M007U": 40324, "M0088": 40415,
}  # fmt: skip
UNKNOWN = 8


class CommandError(Exception):
    """A command fails with this MongoDB code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def hello() -> Reply:
    return {
        "ok": 1.0, "ismaster": True, "isWritablePrimary": True, "helloOk": True, "msg": "isdbgrid", "readOnly": False,
        "maxBsonObjectSize": 1 << 24, "maxMessageSizeBytes": 48_000_000, "maxWriteBatchSize": 25_000,
        "localTime": bson.DatetimeMS(int(time.time() * 1000)), "logicalSessionTimeoutMinutes": 30,
        "minWireVersion": 0, "maxWireVersion": 21,
    }  # fmt: skip


def build_info() -> Reply:
    return {"ok": 1.0, "version": "7.0.0", "versionArray": [7, 0, 0, 0], "maxBsonObjectSize": 1 << 24}


def failure(code: int, message: str) -> Reply:
    labels = {"errorLabels": ["TransientTransactionError"]} if code in TRANSIENT else {}
    return {"ok": 0.0, "errmsg": message, "code": code} | labels


def mongo_code(state: str | int | None) -> int:
    """The MongoDB code of a SQLSTATE; inside replies the engine packs one in an int32, six bits a character."""
    if isinstance(state, int):
        state = "".join(chr((state >> shift & 0x3F) + 48) for shift in range(0, 30, 6))
    if state and state[0] == "M" and int(state[1:], 36) < len(ENGINE_CODES):
        return ENGINE_CODES[int(state[1:], 36)]
    return STATE_CODES.get(state or "", UNKNOWN)


def with_write_errors(raw: bytes) -> Reply | bytes:
    """The reply to a write, its errors in MongoDB's codes."""
    reply = bson.decode(raw)
    if "writeErrors" not in reply:
        return raw
    for error in reply["writeErrors"]:
        error["code"] = mongo_code(error["code"])
        if error["code"] == DUPLICATE_KEY:
            error["errmsg"] = "E11000 duplicate key error: " + error["errmsg"]
    return reply


def index_reply(raw: bytes | str) -> Reply:
    """createIndexes and dropIndexes answer ok as a boolean, and createIndexes nests its error.

    Raises:
        CommandError: it is not ok.
    """
    reply = bson.decode(bytes.fromhex(raw[7:]) if isinstance(raw, str) else raw)  # a CALL yields "BSONHEX…"
    for part in () if reply["ok"] else (*reply.get("raw", {}).values(), reply):
        if "errmsg" in part:
            raise CommandError(mongo_code(part["code"]), part["errmsg"])
    return reply | {"ok": 1.0}
