"""Which embedding model searches use, whatever the settings name: another one takes its place once all is filled."""

from collections.abc import Container

from loguru import logger

from footnote.modules.retrieval.repository.spaces import Space, Spaces
from footnote.platform.inference import Embedder


async def entered(spaces: Spaces, embedder: Embedder, kept: Container[str] = ()) -> Space:
    """The active space, which is that of `embedder` in a new store; in others, its space begins to be filled.

    An active space of one of the models `kept` is left as it is.
    """
    living = await spaces.living()
    active = next((space for space in living if space.state == "active"), None)
    if active is not None and active.name in kept:
        if all(space.name != embedder.name for space in living):
            notice = "The store keeps to its embedding model until `footnote serve` or `worker` has the settings' one"
            logger.bind(model=active.name, settings=embedder.name).warning(notice)
        return active
    begun = await spaces.begin(embedder.name, embedder.dimension)
    return next((space for space in await spaces.living() if space.state == "active"), begun)


async def dropped(spaces: Spaces) -> list[str]:
    """What no longer has to be kept, a line each. Nothing else may use the store meanwhile."""
    return [f"embeddings of {name} dropped" for name in await spaces.drop_retired()]
