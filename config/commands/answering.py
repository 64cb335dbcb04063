"""`footnote ask`: sentences in the terminal as they are verified, and their footnotes at the end."""

from contextlib import aclosing

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from footnote.config.commands.console import people, printable, readable
from footnote.config.services import open_services
from footnote.config.settings import Settings
from footnote.config.wording import located, row_in_words, withheld
from footnote.modules.generation import Answer, Citation, Done, Question, SentenceDone, Status
from footnote.platform.principal import LOCAL

STEPS = {
    "contextualise": "Reading the conversation",
    "retrieve": "Searching",
    "judge": "Weighing what was found",
    "correct": "Searching in other words",
    "draft": "Writing",
    "verify": "Checking",
}


class Flow:
    """Words on lines of the console's width, sentence after sentence; a row of a table has lines of its own."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._column = 0

    def write(self, text: str, marks: str = "") -> None:
        """`marks` stand beside the last word."""
        told = row_in_words(text)
        is_row = told != text
        if is_row:
            self.end()
        words = printable(" ".join(told.split())).split(" ")
        for place, word in enumerate(words, start=1):
            self._word(word, marks if place == len(words) else "")
        if is_row:
            self.end()

    def end(self) -> None:
        if self._column:
            self._console.print()
            self._column = 0

    def _word(self, word: str, marks: str) -> None:
        piece = Text.assemble(word, (f" {marks}" if marks else "", "cyan"))
        if self._column and self._column + 1 + piece.cell_len > self._console.width:
            self.end()
        if self._column:
            piece = Text(" ") + piece
        self._console.print(piece, end="", soft_wrap=True, highlight=False)
        self._column += piece.cell_len


async def ask_store(settings: Settings, question: Question) -> Answer:
    async with open_services(settings) as services:
        return await services.generation.answer(LOCAL, question)


async def ask_aloud(settings: Settings, question: Question, console: Console) -> None:
    """Print the answer as it comes. Cancelling it lets go of the model at once."""
    async with open_services(settings) as services:
        flow = Flow(console)
        try:
            with people.status("Thinking") as shown:
                async with aclosing(services.generation.stream(LOCAL, question)) as events:
                    async for event in events:
                        if isinstance(event, Status):
                            shown.update(STEPS.get(event.step, "Thinking"))
                        elif isinstance(event, SentenceDone) and event.text:
                            shown.stop()
                            flow.write(event.text, marks(event.citations))
                        elif isinstance(event, Done):
                            answer = event.answer
        finally:
            flow.end()
        print_rest(answer, console)


def question_of(text: str, model: str | None, conversation: str | None) -> Question:
    return Question(text=readable(text), model=model, conversation_id=conversation)


def print_rest(answer: Answer, console: Console) -> None:
    """What stands below the text: how sure it is, what is missing, and the footnotes."""
    if answer.abstained and not answer.passages:
        console.print(Text("Nothing was found to read for it; footnote ingest PATH adds documents.", style="dim"))
    elif answer.passages and not answer.abstained:
        console.print(Text(f"Confidence {answer.confidence:.0%}", style="dim"))
    if count := sum(sentence.verdict == "withheld" for sentence in answer.sentences):
        console.print(Text(withheld(count), style="dim"))
    for note in answer.notes:
        console.print(Text(printable(note), style="dim"))
    if answer.conversation_id:
        console.print(Text(f"Conversation {answer.conversation_id}", style="dim"))
    for citation in answer.citations:
        console.print(footnote(citation))


def footnote(citation: Citation) -> Padding:
    where = printable(located(citation))
    quote = printable(row_in_words(" ".join(citation.quote.split())))
    return Padding(Text.assemble((f"[{citation.index + 1}] ", "cyan"), (where, "bold"), f"\n“{quote}”"), (1, 0, 0, 2))


def marks(citations: tuple[int, ...]) -> str:
    return "".join(f"[{index + 1}]" for index in citations)
