"""HTTP of what people think of answers."""

from typing import Annotated, Literal

import msgspec
from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from footnote.modules.generation.feedback import Feedback
from footnote.modules.generation.feedback.service import FeedbackService
from footnote.platform.principal import Principal

LONGEST_COMMENT = 4000  # characters
WORDS = {"up": 1.0, "down": -1.0}


class NewFeedback(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    rating: Literal["up", "down"] | Annotated[float, msgspec.Meta(ge=-1, le=1)]
    comment: Annotated[str, msgspec.Meta(max_length=LONGEST_COMMENT)] = ""


@post("/answers/{answer_id:str}/feedback", status_code=200)
async def rate_answer(
    answer_id: FromPath[str],
    data: JSONBody[NewFeedback],
    principal: NamedDependency[Principal],
    feedback: NamedDependency[FeedbackService],
) -> Feedback:
    """Rate an answer of one's own from -1 to 1, or `up` and `down`; again, to change it."""
    rating = WORDS[data.rating] if isinstance(data.rating, str) else float(data.rating)
    return await feedback.rate(principal, answer_id, rating, data.comment)


@get("/answers/{answer_id:str}/feedback")
async def read_feedback(
    answer_id: FromPath[str], principal: NamedDependency[Principal], feedback: NamedDependency[FeedbackService]
) -> Feedback:
    return await feedback.read(principal, answer_id)


@delete("/answers/{answer_id:str}/feedback")
async def withdraw_feedback(
    answer_id: FromPath[str], principal: NamedDependency[Principal], feedback: NamedDependency[FeedbackService]
) -> None:
    await feedback.withdraw(principal, answer_id)


router = Router("/api/v1", route_handlers=[rate_answer, read_feedback, withdraw_feedback], tags=["answers"])
