"""`footnote search`."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from footnote.config.services import open_services
from footnote.config.settings import Settings
from footnote.config.wording import located
from footnote.modules.retrieval import Mode, Passage, SearchQuery, SearchResults
from footnote.platform.principal import LOCAL

SHOWN = 400  # characters of a passage

console = Console()


async def search_store(settings: Settings, query: str, mode: Mode, top_k: int | None) -> SearchResults:
    async with open_services(settings) as services:
        return await services.retrieval.search(
            LOCAL, SearchQuery(text=query, mode=mode, top_k=top_k or settings.search_top_k)
        )


def print_results(found: SearchResults) -> None:
    if not found.results:
        console.print("Nothing was found.")
    for rank, passage in enumerate(found.results, start=1):
        console.print(heading(rank, passage))
        console.print(Padding(Text(shortened(passage.text)), (0, 0, 1, 4)))
    for note in found.notes:
        console.print(Text(note, style="dim"))


def heading(rank: int, passage: Passage) -> Text:
    return Text.assemble((f"{rank:2}. ", "bold"), (located(passage), "bold"), (f"  {passage.score:.3f}", "dim"))


def shortened(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= SHOWN else f"{folded[:SHOWN].rsplit(' ', 1)[0]} …"
