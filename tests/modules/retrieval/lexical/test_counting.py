"""Terms of chunks as numbers, in bytes and back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from footnote.modules.retrieval.lexical.analysis import analyse
from footnote.modules.retrieval.lexical.counting import MOST, count_terms, hash_of, pack, unpack


def test_a_hash_is_for_good() -> None:
    assert hash_of("fox") == 0xB773521A1407E112


def test_a_term_is_counted_in_header_and_text() -> None:
    terms = count_terms("A fox", "fox, foxes and a den", "en")
    at = terms.hashes.tolist().index(hash_of("fox"))
    assert (terms.header[at], terms.text[at]) == (1, 2)


def test_counts_end_where_a_byte_does() -> None:
    assert count_terms("", "fox " * 1000, "en").text.tolist() == [MOST]


@given(header=st.text(), text=st.text())
def test_what_is_packed_comes_out_again(header: str, text: str) -> None:
    terms = count_terms(header, text, "en")
    assert all(map(np.array_equal, unpack(pack(terms)), terms))


@given(header=st.text(), text=st.text(), language=st.sampled_from([None, "de", "zh"]))
def test_every_term_is_counted_once_in_ascending_order(header: str, text: str, language: str | None) -> None:
    hashes = count_terms(header, text, language).hashes.tolist()
    assert hashes == sorted({hash_of(term) for term in analyse(f"{header}\n{text}", language)})
