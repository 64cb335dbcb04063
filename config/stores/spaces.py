"""Which embedding model searches use, whatever the settings name: another one takes its place once all is filled."""

from footnote.modules.retrieval.repository.spaces import Space, Spaces
from footnote.platform.inference import Embedder


async def entered(spaces: Spaces, embedder: Embedder) -> Space:
    """The active space, which is that of `embedder` in a new store; in others, its space begins to be filled."""
    begun = await spaces.begin(embedder.name, embedder.dimension)
    return next((space for space in await spaces.living() if space.state == "active"), begun)


async def dropped(spaces: Spaces) -> list[str]:
    """What no longer has to be kept, a line each. Nothing else may use the store meanwhile."""
    return [f"embeddings of {name} dropped" for name in await spaces.drop_retired()]
