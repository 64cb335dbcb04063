"""What can go wrong with a model that is called over a network, in words for people; no word holds a key."""

from typing import ClassVar

from footnote.platform.errors import Unavailable


class KeyMissing(Unavailable):
    type: ClassVar[str] = "/problems/model-key-missing"
    title: ClassVar[str] = "There is no key for the model"

    def __init__(self, model: str, setting: str) -> None:
        super().__init__(f"{model} needs a key. Set {setting}.", model=model)


class ModelRefused(Unavailable):
    """The key, the model's name or the address is wrong, or nothing is left of what was paid for."""

    type: ClassVar[str] = "/problems/model-refused"
    title: ClassVar[str] = "The model's service refuses"


class ModelBusy(Unavailable):
    type: ClassVar[str] = "/problems/model-busy"
    title: ClassVar[str] = "The model's service is busy"

    def __init__(self, model: str, retry_after: float | None = None) -> None:
        wait = {} if retry_after is None else {"retry_after": retry_after}
        super().__init__(f"{model} takes no more requests at the moment.", model=model, **wait)


class ModelFailed(Unavailable):
    type: ClassVar[str] = "/problems/model-failed"
    title: ClassVar[str] = "The model's service failed"


class ModelLeftAlone(ModelFailed):
    """Nothing was sent: too many calls in a row have failed, and the pause after them is not over."""

    type: ClassVar[str] = "/problems/model-left-alone"
    title: ClassVar[str] = "The model has failed repeatedly and is left alone for now"


class RequestDeclined(ModelFailed):
    """What was sent is what the service does not take; others' requests may well go through."""


class WrongDimension(Unavailable):
    type: ClassVar[str] = "/problems/wrong-dimension"
    title: ClassVar[str] = "The embeddings have another dimension than they should"

    def __init__(self, model: str, expected: int, got: int) -> None:
        super().__init__(
            f"{model} gives embeddings of {got} numbers where {expected} are expected. Set "
            "FOOTNOTE_EMBEDDING_DIMENSION to what the model gives, or name another model.",
            model=model,
            expected=expected,
            got=got,
        )


class Fault(Exception):
    """One attempt failed; what becomes of it is for `Attempts` to say."""

    def __init__(
        self, problem: Unavailable, *, again: bool = False, retry_after: float | None = None, learned: bool = False
    ) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.again = again  # whether another attempt may go better
        self.retry_after = retry_after  # seconds, where the service has asked for them
        self.learned = learned  # whether the next attempt asks otherwise: nothing is wrong with the service
