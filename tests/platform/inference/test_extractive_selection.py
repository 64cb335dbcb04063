"""Which sentences an answer is made of."""

from footnote.platform.inference import Source
from footnote.platform.inference.extractive.candidates import Candidate, candidates
from footnote.platform.inference.extractive.selection import selection


def source(text: str) -> Source:
    return Source(number=1, title="Notes", text=text)


def ranked(*texts: str) -> list[Candidate]:
    return [
        Candidate(source=source(text), start=0, end=len(text), text=text, before="", is_row=False, is_first=False)
        for text in texts
    ]


def selected(*texts: str, max_sentences: int = 3, max_words: int = 20) -> list[str]:
    return [chosen.text for chosen in selection(ranked(*texts), max_sentences=max_sentences, max_words=max_words)]


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


def test_a_long_sentence_is_cut_after_a_clause() -> None:
    long = "One two three four five, six seven eight nine ten, eleven twelve thirteen."
    assert selected(long, max_words=12) == ["One two three four five, six seven eight nine ten,"]


def test_a_long_sentence_without_clauses_is_cut_only_if_there_is_no_other() -> None:
    long = " ".join(["word"] * 30)
    assert selected("Short it is.", long) == ["Short it is."]
    assert selected(long) == [" ".join(["word"] * 20)]


def test_rows_that_differ_in_a_column_and_in_signs_say_the_same() -> None:
    row, other = "| iPhone ® (1) | $ 40,665 | $ 39,570 |", "| iPhone (1) | $ 40,665 | $ 39,570 | 3 % |"
    further = "| Mac | $ 7,382 | $ 8,235 |"
    assert selected(row, other, further) == [row, further]


def test_a_sentence_that_has_all_of_a_row_takes_its_place() -> None:
    said = "Operating profit was 14.1 million euros after 11.6 million euros."
    found = candidates([source(f"Year | One | Two\nOperating profit | 14.1 | 11.6\nCosts | 3 | 4\n\n{said}")])
    row, other, sentence = found
    assert [each.text for each in selection([row, other, sentence], max_sentences=1, max_words=80)] == [said]
    assert selection([other, row], max_sentences=2, max_words=80) == [other, row]
