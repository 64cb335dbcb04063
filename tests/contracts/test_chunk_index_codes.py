"""Codes and numbers are found however they are spelled, in every adapter of the chunk index."""

import pytest
from support.shelf import Shelf


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("10Q", "as Form 10-Q says"),
        ("RFC9457", "as RFC 9457 says"),
        ("part AB-1234/56", "the part AB-1234/56 fits"),
        ("§ 4.2", "according to § 4.2 of the lease"),
        ("M12×1.5", "a thread M12x1.5 fits"),
        ("M12x1.5", "a thread M12 × 1.5 fits"),
    ],
)
async def test_a_code_is_found_before_what_is_only_like_it(shelf: Shelf, question: str, text: str) -> None:
    await shelf.add("d1", text)
    await shelf.add("d2", "in 4 parts of 2 and 10 more, RFC or not")
    found = await shelf.words(question)
    assert found[0].document_id == "d1"
