"""Problems in the form in which clients of OpenAI look for errors."""

from collections.abc import Mapping
from typing import Any

import msgspec

from footnote.platform.errors import BadRequest, Invalid
from footnote.platform.http.problem import problem_of

CODES = {
    "/problems/unknown-model": "model_not_found",
    "/problems/wrong-key": "invalid_api_key",
    "/problems/not-signed-in": "invalid_api_key",
    "/problems/budget-spent": "insufficient_quota",
}
KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class UnsupportedParameter(BadRequest):
    type = "/problems/unsupported-parameter"
    title = "Unsupported parameter"

    def __init__(self, parameter: str, reason: str) -> None:
        super().__init__(f"`{parameter}`: {reason}", parameter=parameter)


def openai_error(problem: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """Status and body. Those clients know no 422, and look for a model that is not there under 404."""
    status = int(problem["status"])
    code = CODES.get(problem["type"])
    if status == Invalid.status:
        status = 404 if code == "model_not_found" else 400
    kind = "server_error" if status >= 500 else KINDS.get(status, "invalid_request_error")
    fields = [error["field"] for error in problem.get("errors", ())]
    error = {
        "message": problem["detail"],
        "type": kind,
        "param": problem.get("parameter") or (fields[0] if fields else None),
        "code": code,
        "problem": dict(problem),
    }
    return status, {"error": error}


def error_chunk(error: Exception) -> bytes:
    _, body = openai_error(problem_of(error))
    return b"data: " + msgspec.json.encode(body, enc_hook=str) + b"\n\n"
