"""Which documents a question is about."""

from footnote.platform.inference import Source
from footnote.platform.inference.extractive.subjects import scope

OURS = ("Intel makes chips. Intel sells them.", "We spent more on research.")
OTHERS = ("Contoso sells software.", "Research expenses of Contoso rose; chips come from Intel.")


def sources(**documents: tuple[str, ...]) -> list[Source]:
    named = [(document, text) for document, texts in documents.items() for text in texts]
    return [Source(number=n, title="Report", text=text, document=d) for n, (d, text) in enumerate(named, start=1)]


def documents_for(question: str, **documents: tuple[str, ...]) -> set[str]:
    return {source.document for source in scope(question, sources(**documents)).sources}


def test_a_name_leads_to_the_report_that_speaks_of_it() -> None:
    found = scope("What did Intel spend?", sources(ours=OURS * 3, others=OTHERS))
    assert ({source.document for source in found.sources}, found.settled) == ({"ours"}, {"intel"})


def test_a_question_without_names_or_with_unknown_ones_looks_everywhere() -> None:
    for question in ("What was spent on research?", "What did Fabrikam spend?"):
        assert documents_for(question, ours=OURS, others=OTHERS) == {"ours", "others"}


def test_a_comparison_looks_in_the_reports_of_both() -> None:
    assert documents_for("Who spent more, Intel or Contoso?", ours=OURS, others=OTHERS) == {"ours", "others"}


def test_short_documents_need_not_say_the_name() -> None:
    assert documents_for("What did Intel spend?", ours=OURS[:1], others=OTHERS[:1]) == {"ours", "others"}


def test_reports_whose_titles_differ_in_a_date_are_about_the_same() -> None:
    titles = {"2022 Q3 AMZN": "Amazon sold more.", "2023 Q3 AMZN": "We sold more.", "2023 Q3 AAPL": "Others sold less."}
    found = [Source(number=1, title=title, text=text, document=title) for title, text in titles.items()] * 2
    named = scope("What did Amazon sell in Q3?", found).sources
    assert {source.title for source in named} == {"2022 Q3 AMZN", "2023 Q3 AMZN"}
