"""Errors of generation."""

from footnote.platform.errors import BadRequest, Conflict, Invalid, NotFound
from footnote.platform.inference.errors import UnknownModel

__all__ = ["AnswerNotFound", "EmptyQuestion", "InvalidOption", "QuestionTooLong", "UnknownModel"]


class EmptyQuestion(Invalid):
    type = "/problems/empty-question"
    title = "Empty question"

    def __init__(self) -> None:
        super().__init__("The question has no words. Ask something.")


class QuestionTooLong(Invalid):
    type = "/problems/question-too-long"
    title = "Question too long"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"The question has {length} characters; at most {limit} are allowed. Shorten it.",
            length=length,
            limit=limit,
        )


class InvalidOption(Invalid):
    type = "/problems/invalid-option"
    title = "Invalid option"

    def __init__(self, option: str, value: int, limit: int) -> None:
        super().__init__(f"`options.{option}` is {value}; it must be from 1 to {limit}.", option=option, limit=limit)


class AnswerNotFound(NotFound):
    type = "/problems/answer-not-found"
    title = "Answer not found"

    def __init__(self, answer_id: str) -> None:
        super().__init__("There is no such answer to a question of yours.", answer_id=answer_id)


class FeedbackNotFound(NotFound):
    type = "/problems/feedback-not-found"
    title = "Feedback not found"

    def __init__(self, answer_id: str) -> None:
        super().__init__("You have not rated such an answer.", answer_id=answer_id)


class AnswerCancelled(Conflict):
    type = "/problems/answer-cancelled"
    title = "Answer cancelled"

    def __init__(self, answer_id: str) -> None:
        super().__init__("The answer was cancelled before it was whole; nothing of it is kept.", answer_id=answer_id)


class InvalidEventId(BadRequest):
    type = "/problems/invalid-event-id"
    title = "Invalid event id"

    def __init__(self, event_id: str) -> None:
        super().__init__(f"{event_id[:60]!r} is no id that an event of an answer has.")


class OneAtATime(Conflict):
    type = "/problems/one-at-a-time"
    title = "One question at a time"

    def __init__(self) -> None:
        super().__init__("The last question of this connection is still being answered. Wait for it, or cancel it.")
