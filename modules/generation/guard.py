"""Refuses what cannot be answered before anything is spent on it."""

from footnote.modules.generation.errors import EmptyQuestion, InvalidOption, QuestionTooLong
from footnote.modules.generation.models import Options, Question

MAX_QUESTION = 10_000  # characters
MAX_TOP_K = 50
MAX_SENTENCES = 20


def check(question: Question) -> None:
    """
    Raises:
        EmptyQuestion: There is nothing but white space.
        QuestionTooLong: More characters than the limit.
        InvalidOption: A number is out of its range.
    """
    if len(question.text) > MAX_QUESTION:
        raise QuestionTooLong(len(question.text), MAX_QUESTION)
    if not question.text.strip():
        raise EmptyQuestion
    _check_options(question.options)


def _check_options(options: Options) -> None:
    for name, value, limit in (
        ("top_k", options.top_k, MAX_TOP_K),
        ("max_sentences", options.max_sentences, MAX_SENTENCES),
    ):
        if value is not None and not 1 <= value <= limit:
            raise InvalidOption(name, value, limit)
