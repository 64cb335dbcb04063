"""`footnote ask`: sentences in the terminal as they are verified, and their footnotes at the end."""

from contextlib import aclosing

from rich.console import Console
from rich.text import Text

from footnote.config.commands.console import people, print_indented, printable, readable
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
    """Words on lines of the console's width, sentence after sentence; a row of a table has lines of its own.

    The marks of a sentence wait until it is known that the next one has others: neighbours with the same share them.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._column = 0
        self._marks = ""
        self._is_row = False

    def write(self, text: str, marks: str = "") -> None:
        """`marks` stand beside the last word, unless what comes next has the same; no text is a sentence withheld."""
        if marks != self._marks:
            self._mark()
        if not text:
            return
        told = row_in_words(text)
        if self._is_row or told != text:
            self._break()
        self._is_row, self._marks = told != text, marks
        *words, last = printable(" ".join(told.split())).split(" ")
        for word in words:
            self._word(word)
        self._word(last, room=len(marks) + 1 if marks else 0)

    def end(self) -> None:
        self._mark()
        self._break()

    def _word(self, word: str, room: int = 0) -> None:
        """On a line that has `room` behind it."""
        piece = Text(word)
        if self._column and self._column + 1 + piece.cell_len + room > self._console.width:
            self._break()
        self._print(Text(" ") + piece if self._column else piece)

    def _mark(self) -> None:
        if self._marks:
            self._print(Text(f" {self._marks}", "cyan"))
            self._marks = ""

    def _break(self) -> None:
        if self._column:
            self._console.print()
            self._column = 0

    def _print(self, piece: Text) -> None:
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
                        elif isinstance(event, SentenceDone):
                            if event.text:
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
        console.print()
        print_indented(console, footnote(citation), by=2)


def footnote(citation: Citation) -> Text:
    where = printable(located(citation))
    quote = printable(row_in_words(" ".join(citation.quote.split())))
    return Text.assemble((f"[{citation.index + 1}] ", "cyan"), (where, "bold"), f"\n“{quote}”")


def marks(citations: tuple[int, ...]) -> str:
    return "".join(f"[{index + 1}]" for index in citations)
