"""Chat models as they are chosen."""

from footnote.platform.inference import ChatModel, ModelState, TextModel
from footnote.platform.inference.errors import UnknownModel
from footnote.platform.principal import Principal


class OneModel:
    """Implements `ChatModels`: `model` answers, and `writer` writes what nobody reads as it is."""

    def __init__(self, model: ChatModel, writer: TextModel | None = None) -> None:
        self._model = model
        self._writer = writer

    async def chosen(self, _principal: Principal, name: str | None) -> ChatModel:
        if name not in (None, self._model.name):
            raise UnknownModel(name, [self._model.name])
        return self._model

    async def writer(self, _principal: Principal) -> TextModel | None:
        return self._writer

    async def states(self, _principal: Principal) -> list[ModelState]:
        provider = self._model.name.partition(":")[0]
        size = self._model.context_tokens
        return [
            ModelState(
                name=self._model.name, provider=provider, state="ready", local=True, default=True, context_tokens=size
            )
        ]
