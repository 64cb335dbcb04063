"""Errors of generation."""

from footnote.platform.errors import Invalid, NotFound
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
