"""`footnote search` and `footnote ask`."""

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from footnote.config.commands.console import readable
from footnote.config.services import open_services
from footnote.config.settings import Settings
from footnote.modules.generation import Answer, Citation, Question
from footnote.modules.retrieval import Mode, Passage, SearchQuery, SearchResults
from footnote.platform.principal import LOCAL

SHOWN = 400  # characters of a passage

console = Console()


async def search_store(settings: Settings, query: str, mode: Mode, top_k: int | None) -> SearchResults:
    async with open_services(settings) as services:
        return await services.retrieval.search(
            LOCAL, SearchQuery(text=query, mode=mode, top_k=top_k or settings.search_top_k)
        )


async def ask_store(settings: Settings, question: str, model: str | None) -> Answer:
    async with open_services(settings) as services:
        return await services.generation.answer(LOCAL, Question(text=readable(question), model=model))


def print_results(found: SearchResults) -> None:
    if not found.results:
        console.print("Nothing was found.")
    for rank, passage in enumerate(found.results, start=1):
        console.print(heading(rank, passage))
        console.print(Padding(Text(shortened(passage.text)), (0, 0, 1, 4)))
    for note in found.notes:
        console.print(Text(note, style="dim"))


def heading(rank: int, passage: Passage) -> Text:
    where = located(passage.title, passage.pages, passage.heading_path)
    return Text.assemble((f"{rank:2}. ", "bold"), (where, "bold"), (f"  {passage.score:.3f}", "dim"))


def print_answer(answer: Answer) -> None:
    text = Text()
    for sentence in answer.sentences:
        marks = "".join(f"[{index + 1}]" for index in sentence.citations)
        text.append(" ".join(sentence.text.split()))
        text.append(f" {marks}  " if marks else " ", style="cyan")
    console.print(text if text.plain.strip() else Text(answer.text))
    console.print(Text(f"Confidence {answer.confidence:.0%}", style="dim"))
    for citation in answer.citations:
        console.print(footnote(citation))


def footnote(citation: Citation) -> Padding:
    where = located(citation.title, citation.pages, citation.heading_path)
    quote = " ".join(citation.quote.split())
    return Padding(Text.assemble((f"[{citation.index + 1}] ", "cyan"), (where, "bold"), f"\n“{quote}”"), (1, 0, 0, 2))


def located(title: str, pages: tuple[int, ...], heading_path: Iterable[str]) -> str:
    on = f", page {', '.join(map(str, pages))}" if pages else ""
    under = "".join(f" › {part}" for part in heading_path)
    return f"{title}{on}{under}"


def shortened(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= SHOWN else f"{folded[:SHOWN].rsplit(' ', 1)[0]} …"
