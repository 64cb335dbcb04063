import pytest

from footnote.platform.safety.personal import find_personal_data, masked

PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----"


def found(text: str) -> list[tuple[str, str]]:
    return [(finding.kind, text[finding.start : finding.end]) for finding in find_personal_data(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Write to jane.o'neil+x@mail.example.co.uk.", "email", "jane.o'neil+x@mail.example.co.uk"),
        ("Call +49 (0)30 901820 today", "phone", "+49 (0)30 901820"),
        ("Call me at 030 901820, please", "phone", "030 901820"),
        ("Phone: (978)645-9740x11144", "phone", "(978)645-9740x11144"),
        ("9469 9966 office", "phone", "9469 9966"),
        ("IBAN DE89 3704 0044 0532 0130 00 at the bank", "iban", "DE89 3704 0044 0532 0130 00"),
        ("my iban is gb82west12345698765432", "iban", "gb82west12345698765432"),
        ("card 4111 1111 1111 1111.", "card", "4111 1111 1111 1111"),
        ("SSN 078-05-1120", "ssn", "078-05-1120"),
        ("social security number: 078051120", "ssn", "078051120"),
        ("see https://example.org/a_(b)?q=1).", "url", "https://example.org/a_(b)?q=1"),
        ("from 203.0.113.7:", "ip", "203.0.113.7"),
        ("from 2001:db8::ff00:42:8329", "ip", "2001:db8::ff00:42:8329"),
        ("born on 3 March 1961 in Ulm", "birth_date", "3 March 1961"),
        ("Geburtsdatum: 03.03.1961", "birth_date", "03.03.1961"),
    ],
)
def test_personal_data_is_found_as_it_is_written(text: str, kind: str, value: str) -> None:
    assert (kind, value) in found(text)


@pytest.mark.parametrize(
    "number",
    [
        "12345678Z",  # Spain
        "X1234567L",
        "RSSMRA85T10A562S",  # Italy
        "131052-308T",  # Finland
        "1 85 05 78 006 084 91",  # France
        "756.9217.0769.85",  # Switzerland
        "390.533.447-05",  # Brazil
        "11010519491231002X",  # China
        "AB 12 34 56 C",  # Great Britain
        "PESEL 44051401359",  # Poland
        "Steuer-ID: 36 574 261 809",  # Germany
        "BSN 111222333",  # the Netherlands
        "NHS number: 943-476-5919",
        "passport number: C01X00T47",
    ],
)
def test_national_numbers_are_found(number: str) -> None:
    assert [kind for kind, _ in found(f"It says {number} there")] == ["national_id"]


@pytest.mark.parametrize(
    "text",
    [
        "card 4111 1111 1111 1112",  # no check digit of Luhn's
        "GB82 WEST 1234 5698 7654 33",
        "12345678A",
        "An average of 0.823 0.012 was found in 2019-2020, on 2024-03-01 and 01.02.2024.",
        "version 1.2.3.4 of the program, room 12, 1 000 000 units, ISBN 978-3-16-148410-0",
        "ratio 3:4 at 12:30:15 and a::b",
        "He was called 12 times.",
        "BSN 111222334",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("key sk-proj-abcdefghijklmnopqrstuvwx0123", "sk-proj-abcdefghijklmnopqrstuvwx0123"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("Authorization: Bearer abcdef0123456789abcdef", "Bearer abcdef0123456789abcdef"),
        ("mongodb://user:p@ss/w0rd@host/db", "p@ss/w0rd"),
        ("password = hunter22;", "hunter22"),
        (PRIVATE_KEY, PRIVATE_KEY),
    ],
)
def test_secrets_are_found(text: str, secret: str) -> None:
    assert ("secret", secret) in found(text)


def test_what_is_masked_already_or_a_placeholder_is_no_secret() -> None:
    assert found("password=*** token=${TOKEN} mongodb://***@host") == []


def test_masking_names_the_kind_and_leaves_the_rest() -> None:
    text = "Ask a@example.org or 078-05-1120."
    assert masked(text, find_personal_data(text)) == "Ask [email] or [ssn]."


def test_findings_do_not_overlap() -> None:
    assert found("https://u:secret99@example.org/x") == [("secret", "secret99")]
