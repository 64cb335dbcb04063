"""XML: articles as documents, records as tables and lines."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.reading import read_file

from footnote.modules.ingestion.extraction.errors import DamagedFile
from footnote.modules.ingestion.extraction.kinds import XML
from footnote.modules.ingestion.models import Extraction

Write = Callable[[str, str | bytes], Path]
Read = Callable[[str | bytes], Extraction]

ARTICLE = """<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.2//EN" "JATS.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta><issn>1234</issn></journal-meta><article-meta>
<title-group><article-title>On <italic>Tea</italic></article-title></title-group>
<contrib-group><contrib><name><surname>Lee</surname><given-names>Ann</given-names></name></contrib></contrib-group>
<abstract><p>Short.</p></abstract></article-meta></front>
<body><sec><label>1.</label><title>Methods</title><p>We drank<xref>1</xref> H<sub>2</sub>O.</p>
<table-wrap><label>Table 1.</label><caption><p>Cups.</p></caption>
<table><thead><tr><th>Who</th><th>Cups</th></tr></thead><tbody><tr><td>Ann</td><td>3</td></tr></tbody></table></table-wrap>
<list><list-item><p>green</p></list-item></list><sec><title>Detail</title><p>Deep.</p></sec></sec></body></article>"""


@pytest.fixture
def read(write: Write) -> Read:
    return lambda source: read_file(write("a.xml", source), XML)


def test_an_article_is_read_with_its_structure(read: Read) -> None:
    extraction = read(ARTICLE)
    assert extraction.title == "On Tea"
    assert extraction.text == (
        "On Tea\n\nAnn Lee\n\nAbstract\n\nShort.\n\n1. Methods\n\nWe drank1 H2O.\n\nTable 1. Cups.\n\n"
        "| Who | Cups |\n| Ann | 3 |\n\n- green\n\nDetail\n\nDeep."
    )
    headings = [(extraction.text[h.start : h.end], h.level) for h in extraction.layout.headings]
    assert headings == [("On Tea", 1), ("Abstract", 2), ("1. Methods", 2), ("Detail", 3)]


def test_records_become_a_table(read: Read) -> None:
    teas = "<tea id='1'><name>A</name></tea><tea id='2'><name>B &amp; C</name></tea>"
    source = f"<shop xmlns='urn:x'>{teas}<open>yes</open></shop>"
    assert read(source).text == "shop.tea:\n\n| @id | name |\n| 1 | A |\n| 2 | B & C |\n\nshop.open: yes"


def test_the_stated_encoding_is_used(read: Read) -> None:
    assert read("<?xml version='1.0' encoding='iso-8859-1'?><a><b>Grüße</b></a>".encode("latin-1")).text == "a.b: Grüße"


def test_entities_are_neither_expanded_nor_fetched(read: Read) -> None:
    bomb = (
        '<!DOCTYPE a [<!ENTITY x "'
        + "lol" * 999
        + '"><!ENTITY f SYSTEM "file:///etc/passwd">]><a><b>one &x;&f;</b></a>'
    )
    assert read(bomb).text == "a.b: one"


@pytest.mark.parametrize("source", ["<a><b></a>", "<?xml version='1.0'?>", "<a>" * 100_000, b"<a>\xff\xfe</a>"])
def test_broken_and_bottomless_files_say_so(read: Read, source: str | bytes) -> None:
    with pytest.raises(DamagedFile, match="not valid XML"):
        read(source)
