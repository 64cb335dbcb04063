"""What questions compare."""

import pytest

from footnote.modules.retrieval.planning.comparison import compared, parts


@pytest.mark.parametrize(
    ("question", "subjects"),
    [
        ("Is Berlin older than Paris?", ("Berlin", "Paris")),
        ("Compare the revenue of Apple and Microsoft in 2023.", ("Apple", "Microsoft")),
        ("Compare Apple, Intel and NVIDIA on R&D", ("Apple", "Intel", "NVIDIA")),
        ("Were Scott Derrickson and Ed Wood of the same nationality?", ("Scott Derrickson", "Ed Wood")),
        ("Which is larger, Lake Garda or Lake Como?", ("Lake Garda", "Lake Como")),
        ("How does Apple's gross margin compare to Microsoft's?", ("Apple", "Microsoft")),
        ("what is the difference between tomato paste and tomato puree", ("tomato paste", "tomato puree")),
        ("Which is heavier, the Falcon, the Heron or the Osprey?", ("Falcon", "Heron", "Osprey")),
        ("Falcon vs Heron vs Osprey", ("Falcon", "Heron", "Osprey")),
        ("Is the Falcon older than the Heron?", ("Falcon", "Heron")),
        ("BM25 vs dense retrieval", ("BM25", "dense retrieval")),
        ("Was ist der Unterschied zwischen Berlin und Hamburg?", ("Berlin", "Hamburg")),
        ("¿Cuál es la diferencia entre Madrid y Barcelona?", ("Madrid", "Barcelona")),
    ],
)
def test_the_subjects_of_a_comparison_are_found(question: str, subjects: tuple[str, ...]) -> None:
    assert compared(question) == subjects


@pytest.mark.parametrize(
    "question",
    [
        "How many people live in Paris?",
        "What did Procter and Gamble sell?",
        "How does revenue in 2022 compare to 2023?",
        "When were Joseph Schumpeter and Norman Angell writing?",
        "",
        "and or and",
        "Between",
    ],
)
def test_what_compares_nothing_by_name_has_no_subjects(question: str) -> None:
    assert compared(question) == ()


def test_a_comparison_is_asked_of_each_subject_alone() -> None:
    asked = parts("Compare the revenue of Apple and Microsoft in 2023.")
    assert asked == ("Compare the revenue of Apple in 2023.", "Compare the revenue of Microsoft in 2023.")
