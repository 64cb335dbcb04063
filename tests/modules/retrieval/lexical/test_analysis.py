"""What the terms of a text are, and that a question for its words has the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnote.modules.retrieval.lexical.analysis import MAX_TERMS, analyse, query_terms
from footnote.modules.retrieval.lexical.codes import sizes
from footnote.modules.retrieval.lexical.tokens import folded

LANGUAGES = st.sampled_from([None, "ar", "de", "en", "hi", "ja", "ko", "th", "tr", "xx", "zh"])
ANY_TEXT = st.text(st.characters(), max_size=200)  # lone surrogates and control characters too


def asked(text: str, language: str | None = "en") -> set[str]:
    return {term.text for term in query_terms(text, language)}


def whole(text: str, language: str | None) -> set[str]:
    """Without pieces of words."""
    return {term for term in asked(text, language) if not term.startswith("#")}


def written(text: str, language: str | None) -> set[str]:
    """The terms of a text, and of it with its sizes written otherwise."""
    return {term for each in (text, *sizes(folded(text))) for term in analyse(each, language)}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("10Q", "Form 10-Q"),
        ("10-q", "see 10–Q"),
        ("form 10 Q", "10-Q"),
        ("rfc9457", "RFC 9457"),
        ("RFC 9457", "RFC9457"),
        ("§4.2", "under § 4.2 of"),
        ("4.2", "under § 4.2 of"),
        ("AB 1234/56", "AB-1234/56"),
        ("gpt4", "GPT-4"),
        ("1234567", "1,234,567 shares"),
        ("j.doe@example.org", "write to J.Doe@example.org."),
        ("US", "in the U.S. market"),
        ("c++", "C/C++ compilers"),
        ("C#", "C# and Java"),
        ("M12×1.5", "M12x1.5"),
        ("M12x1.5", "M12 × 1.5"),
        ("1920 x 1080", "1920x1080"),
    ],
)
def test_a_code_is_found_however_it_is_spelled(question: str, text: str) -> None:
    assert asked(question) & set(analyse(text, "en"))


@pytest.mark.parametrize(
    ("question", "text"), [("C", "C++"), ("C#", "C"), ("42", "4.2"), ("314", "3.14"), ("0x1f", "1F")]
)
def test_a_code_is_not_found_in_what_only_looks_like_it(question: str, text: str) -> None:
    assert not asked(question) & set(analyse(text, "en"))


@pytest.mark.parametrize(("number", "language"), [("1,234.5", "en"), ("1.234,5", "de"), ("1234,5", "fr")])
def test_a_number_is_found_however_its_language_writes_it(number: str, language: str) -> None:
    assert analyse(number, language) == ["1234.5"]


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("Verteidigungen", "die Verteidigung", "de"),
        ("Mueller", "Herr Müller", "de"),
        ("Muller", "Herr Müller", "de"),
        ("Größe", "GROESSE", "de"),
        ("educacion", "la educación", "es"),
        ("Sorensen", "Søren Sørensen", "da"),
        ("Lodz", "Łódź", "pl"),
        ("isparta", "ISPARTA", "tr"),
        ("ｆｕｌｌ", "full", "en"),
        ("Zusammenarbeit", "Zusammen\u00adarbeit", "de"),
        ("running", "he runs", "en"),
        ("дома", "домами", "ru"),
        ("学習", "機械学習モデル", "ja"),
        ("学习", "关于深度学习模型", "zh"),
        ("텍스트", "한국어텍스트", "ko"),
        ("ภาษาไทย", "เรียนภาษาไทยกัน", "th"),
    ],
)
def test_a_word_is_found_in_its_other_forms(question: str, text: str, language: str) -> None:
    assert whole(question, language) <= set(analyse(text, language))


def test_a_part_of_a_compound_finds_it() -> None:
    assert asked("Kündigung", "de") & set(analyse("die Eigenkündigungsfrist", "de"))


@given(part=st.text("abc", min_size=6, max_size=6), around=st.lists(st.text("abc", max_size=6), min_size=4, max_size=4))
def test_words_that_share_six_letters_share_a_piece(part: str, around: list[str]) -> None:
    before, after, before_other, after_other = around
    one, other = f"{before}{part}{after}", f"{before_other}{part}{after_other}"
    assert any(term.startswith("#") for term in {*analyse(one, "xx")} & {*analyse(other, "xx")})


def test_pieces_of_a_word_count_less_than_it_does() -> None:
    weights = {term.text: term.weight for term in query_terms("Kündigungsfrist", "de")}
    assert weights.pop("kundigungsfrist") == 1.0
    assert weights
    assert max(weights.values()) < 1.0


def test_vowel_signs_do_not_part_a_word() -> None:
    assert len(whole("हिन्दी", "hi")) == 1


def test_a_question_leaves_out_its_stop_words() -> None:
    assert asked("What is the notice period?") == {"notic", "period"}
    assert asked("Was ist die Kündigungsfrist?", "de") == asked("Kündigungsfrist", "de")
    assert asked("什么是深度学习", "zh") == asked("深度学习", "zh")


def test_a_question_of_stop_words_alone_keeps_them() -> None:
    assert asked("who is it") == {"who", "is", "it"}
    assert asked("什么", "zh")


def test_a_word_twice_counts_twice() -> None:
    assert [(term.text, term.weight) for term in query_terms("fox den fox", "en")] == [("fox", 2.0), ("den", 1.0)]


def test_a_question_has_so_many_terms_at_most() -> None:
    assert len(query_terms(" ".join(f"word{n}" for n in range(1000)), "en")) == MAX_TERMS


@given(text=ANY_TEXT, language=LANGUAGES)
def test_any_text_finds_itself(text: str, language: str | None) -> None:
    assert asked(text, language) <= written(text, language)


@given(words=st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), max_size=8), language=LANGUAGES)
def test_every_word_of_a_text_finds_it(words: list[str], language: str | None) -> None:
    terms = written(", ".join(words), language)
    assert all(asked(word, language) <= terms for word in words)


@settings(max_examples=10, deadline=None)
@given(part=st.text(st.characters(), min_size=1, max_size=20), language=LANGUAGES)
def test_a_hundred_thousand_characters_are_analysed(part: str, language: str | None) -> None:
    text = (part * 100_000)[:100_000]
    assert asked(text, language) <= written(text, language)


@pytest.mark.parametrize("signs", ["\u0301\u0327", "\u0327\uff9e", "\u0f73\u0301"])
def test_signs_without_end_on_a_letter_hide_no_other_word(signs: str) -> None:
    assert analyse(f"o{signs * 100_000} red", "en")[-1] == "red"


def test_stop_words_of_the_question_s_own_language_ask_for_nothing_in_others() -> None:
    assert "die" not in asked("Wie lange ist die Frist?", "en")
    assert "die" in asked("How do stars die?", "en")
