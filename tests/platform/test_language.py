"""What language a text is in, be it a document or a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.platform.language import language_of

QUESTIONS = {
    "What does the delivery cost?": "en",
    "Wer ist der Datenschutzbeauftragte?": "de",
    "¿Cuánto cuesta la entrega?": "es",
    "Combien ça coûte à l'entreprise ?": "fr",
    "Quanto costa la consegna della merce?": "it",
    "Hoeveel kost het?": "nl",
    "Vad kostar det?": "sv",
    "Сколько это стоит?": "ru",
    "Скільки це коштує?": "uk",
    "Τι είναι η παράδοση;": "el",
    "ما هو السعر": "ar",
    "费用是多少？": "zh",
    "費用はいくらですか": "ja",
    "얼마입니까": "ko",
    "ราคาเท่าไหร่": "th",
    "क्या कीमत है": "hi",
    "Kitaplığın kapısı saat kaçta açılıyor?": "tr",
}


@pytest.mark.parametrize(("question", "language"), QUESTIONS.items())
def test_a_question_is_in_its_language(question: str, language: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize(
    "text", ["", "   ", "RFC 9457", "10-Q", "Kündigungsfrist", "termination notice", "T. S. Eliot, D. L.", "Erdoğan"]
)
def test_where_the_signs_are_too_few_no_language_is_named(text: str) -> None:
    assert language_of(text) is None


def test_names_in_another_script_do_not_decide() -> None:
    assert language_of("The temple of 東京 is known as the oldest one in the city and was built in 645.") == "en"


@given(st.text(st.characters()))
def test_any_text_has_a_language_or_none(text: str) -> None:
    language = language_of(text)
    assert language is None or len(language) == 2
