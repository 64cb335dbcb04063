"""Which sentences an answer is made of."""

from footnote.platform.inference import Source
from footnote.platform.inference.extractive.candidates import Candidate, candidates
from footnote.platform.inference.extractive.selection import Scored, selection


def source(text: str) -> Source:
    return Source(number=1, title="Notes", text=text)


def ranked(*texts: str) -> list[Candidate]:
    return [
        Candidate(source=source(text), start=0, end=len(text), text=text, before="", is_row=False, is_first=False)
        for text in texts
    ]


def selected(*texts: str, max_sentences: int = 3, max_words: int = 20) -> list[str]:
    return [each.text for each in selection(alike(ranked(*texts)), max_sentences=max_sentences, max_words=max_words)]


def alike(found: list[Candidate]) -> list[Scored]:
    return [Scored(candidate, 0.0) for candidate in found]


def test_a_sentence_is_white_space_folded_and_keeps_no_reference_mark() -> None:
    assert [found.text for found in candidates([source("It is\nred [3]. It  is\nblue.")])] == [
        "It is red.",
        "It is blue.",
    ]


def test_rows_stand_apart_and_know_what_is_above_them() -> None:
    found = candidates([source("Sales in millions\nRevenue $ 5,931 $ 7,103\nCost 2,754 2,472\nAll is well.")])
    assert [(unit.text, unit.before) for unit in found] == [
        ("Sales in millions", ""),
        ("Revenue $ 5,931 $ 7,103", "Sales in millions"),
        ("Cost 2,754 2,472", "Sales in millions"),
        ("All is well.", "Sales in millions"),
    ]


def test_prose_with_numbers_is_no_row() -> None:
    text = "Revenue rose from 2021\nto 2022 by 3 million."
    assert [found.text for found in candidates([source(text)])] == ["Revenue rose from 2021 to 2022 by 3 million."]


def test_what_says_the_same_is_chosen_once() -> None:
    assert selected("It is a red ball.", "it is a red ball.", "It flies.") == ["It is a red ball.", "It flies."]


def test_the_best_come_first_up_to_the_number_asked_for() -> None:
    assert selected("One.", "Two.", "Three.", max_sentences=2) == ["One.", "Two."]


LONG = "One two three four five, six seven eight nine ten, eleven twelve thirteen."


def test_a_best_sentence_that_is_too_long_is_cut_after_a_clause() -> None:
    assert selected(LONG, max_words=8) == ["One two three four five,"]
    assert selected(" ".join(["word"] * 40)) == [" ".join(["word"] * 20)]


def test_a_best_sentence_that_is_a_little_too_long_is_quoted_whole_and_alone() -> None:
    assert selected(LONG, "Short.", max_words=12) == [LONG]


def test_what_goes_on_with_a_quotation_may_be_cut_too() -> None:
    text = "It was late. Nobody had come for a while, the door was open, and then they left."
    assert quoted((0.0, -1.0), text, max_words=14) == [
        "It was late.",
        "Nobody had come for a while, the door was open,",
    ]
    assert quoted((0.0, -1.0), text, max_words=12) == ["It was late."]


def test_no_other_sentence_is_cut() -> None:
    assert selected("Short it is.", "Longer it is, as long as can be.", "Shorter.", max_words=6) == [
        "Short it is.",
        "Shorter.",
    ]


def test_rows_that_differ_in_a_column_and_in_signs_say_the_same() -> None:
    row, other = "| iPhone ® (1) | $ 40,665 | $ 39,570 |", "| iPhone (1) | $ 40,665 | $ 39,570 | 3 % |"
    further = "| Mac | $ 7,382 | $ 8,235 |"
    assert selected(row, other, further) == [row, further]


def test_a_sentence_that_has_all_of_a_row_takes_its_place() -> None:
    said = "Operating profit was 14.1 million euros after 11.6 million euros."
    found = candidates([source(f"Year | One | Two\nOperating profit | 14.1 | 11.6\nCosts | 3 | 4\n\n{said}")])
    row, other, sentence = found
    assert [each.text for each in selection(alike([row, other, sentence]), max_sentences=1, max_words=80)] == [said]
    assert selection(alike([other, row]), max_sentences=2, max_words=80) == [other, row]


STORY = "It was late. The door was open. Nobody came. So they left."


def quoted(scores: tuple[float, ...], text: str = STORY, **limits: int) -> list[str]:
    """The sentences of one passage, scored in their order."""
    scored = [Scored(candidate, score) for candidate, score in zip(candidates([source(text)]), scores, strict=True)]
    found = selection(sorted(scored, key=lambda each: -each.score), **{"max_sentences": 3, "max_words": 80, **limits})
    return [each.text for each in found]


def test_a_quotation_grows_by_the_likelier_neighbour_and_keeps_the_order_of_the_document() -> None:
    assert quoted((-2.0, 0.0, -1.5, -9.0), max_sentences=2) == ["The door was open.", "Nobody came."]
    assert quoted((-2.0, 0.0, -2.5, -9.0)) == ["It was late.", "The door was open.", "Nobody came."]


def test_a_neighbour_may_be_less_likely_than_another_quotation() -> None:
    assert quoted((0.0, -2.0, -9.0, -2.0)) == ["It was late.", "The door was open."]
    assert quoted((0.0, -9.0, -9.0, -0.5)) == ["It was late.", "So they left."]


def test_a_far_likelier_sentence_elsewhere_goes_before_a_neighbour() -> None:
    assert quoted((0.0, -3.5, -9.0, -0.1), max_sentences=2) == ["It was late.", "So they left."]


def test_no_quotation_goes_over_what_is_no_sentence_or_over_blanked_words() -> None:
    assert quoted((0.0, -2.5, -2.5), "It was late.\nOpening hours\n\nNobody came.") == ["It was late."]
    assert quoted((0.0, -2.5), f"It was late. {' ' * 30} Nobody came.") == ["It was late."]


def test_a_sentence_that_was_cut_does_not_go_on() -> None:
    assert quoted((0.0, -2.5), f"{LONG} And so on.", max_words=8) == ["One two three four five,"]


def test_a_quotation_of_an_item_does_not_begin_with_the_end_of_another() -> None:
    text = "- One came. It left.\n- Two came. It stayed."
    assert quoted((-9.0, -1.0, 0.0, -2.5), text, max_sentences=2) == ["- Two came.", "It stayed."]


def test_items_that_are_a_sentence_each_are_quoted_together() -> None:
    assert quoted((-2.5, 0.0), "- One came.\n- Two came.") == ["- One came.", "- Two came."]
