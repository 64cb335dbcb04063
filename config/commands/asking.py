"""`footnote search`."""

import re

from rich.console import Console
from rich.text import Text

from footnote.config.commands.console import print_indented, printable
from footnote.config.services import open_services
from footnote.config.settings import Settings
from footnote.config.wording import located, row_in_words
from footnote.modules.retrieval import Mode, Passage, SearchQuery, SearchResults
from footnote.platform.principal import LOCAL

SHOWN = 400  # characters of a passage
CUT_WORD = re.compile(r"(?<=\s)\S{1,30}\Z")  # longer ones are text that is written without spaces

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
        print_indented(console, Text(beginning(passage.text)), by=4)
        console.print()
    for note in found.notes:
        console.print(Text(printable(note), style="dim"))


def heading(rank: int, passage: Passage) -> Text:
    where = printable(located(passage))
    return Text.assemble((f"{rank:2}. ", "bold"), (where, "bold"), (f"  {passage.score:.3f}", "dim"))


def beginning(text: str) -> str:
    """Of a passage, as flowing text, a row of a table on a line of its own."""
    shown = f"{CUT_WORD.sub('', text[:SHOWN]).rstrip()} …" if len(text) > SHOWN else text
    told = ((line, row_in_words(line.strip())) for line in shown.splitlines())
    lines = (f"\n{words}\n" if words != line.strip() else line for line, words in told)
    return "\n".join(printable(" ".join(line.split())) for line in " ".join(lines).splitlines() if line.strip())
