"""What a question asks to be remembered."""

import pytest

from footnote.modules.generation.conversations.remembering import heard


@pytest.mark.parametrize(
    ("text", "question", "remembered"),
    [
        ("Remember that I work in the Munich office.", "", "I work in the Munich office."),
        ("Please remember: my team is Sales. How do I book a trip?", "How do I book a trip?", "My team is Sales."),
        ("can you please keep in mind that I am on leave in May", "", "I am on leave in May"),
        ("Merk dir bitte, dass ich in Bonn arbeite. Wo ist mein Büro?", "Wo ist mein Büro?", "Ich in Bonn arbeite."),
        ("Recuerda que trabajo en Madrid.", "", "Trabajo en Madrid."),
        ("Retiens que je travaille à Lyon.", "", "Je travaille à Lyon."),
    ],
)
def test_a_request_is_taken_out_of_the_question(text: str, question: str, remembered: str) -> None:
    assert heard(text) == (question, remembered)


@pytest.mark.parametrize(
    "text",
    [
        "Do you remember that I work in Munich?",
        "What should employees remember when they travel?",
        "Remember the Titans: who directed it?",
        "Who said: remember that you are mortal?",
        "Note the deadline in the contract.",
        "Was muss ich mir merken?",
    ],
)
def test_a_question_about_remembering_is_a_question(text: str) -> None:
    assert heard(text) == (text, None)
