"""Questions for a code."""

import pytest

from footnote.modules.retrieval.planning.exactness import asked_alone, codes


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("AB-1234/5.6", "AB-1234/5.6"),
        ("what is part 900.12.44-B?", "900.12.44-B"),
        ("section 4.2", "4.2"),
        ("§ 4.2", "§ 4.2"),
        ("RFC 9457", "9457"),
        ("Form 10-Q", "10-Q"),
        ("C++", "C++"),
        ("AB-1234 / 5.6", "AB-1234 / 5.6"),
        ("ISO 27001:2022", "27001:2022"),
        ("CVE-2022-3602", "CVE-2022-3602"),
        ("M12x1.5 torque", "M12x1.5"),
        ("M12×1.5 torque", "M12×1.5"),
        ("M12 x 1.5", "M12 x 1.5"),
        (".NET 8", ".NET"),
    ],
)
def test_a_short_question_is_for_the_code_in_it(question: str, code: str) -> None:
    assert codes(question) == (code,)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "2022",
        "revenue in Q3 2022",
        '"AB-1234" housing',
        "what does the valve of the pump housing with AB-1234 cost when bought together with its gasket?",
        "5 apples",
        "年假有15天",
        "state-of-the-art",
        "and so on ...net",
    ],
)
def test_where_other_words_say_what_is_meant_no_code_is_asked_for(question: str) -> None:
    assert codes(question) == ()


def test_a_section_is_asked_for_by_its_sign_too() -> None:
    assert asked_alone("section 4.2", ["4.2"]) == '"4.2" § 4.2'
    assert asked_alone("part AB-12", ["AB-12"]) == '"AB-12"'
