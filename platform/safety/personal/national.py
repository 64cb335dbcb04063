"""Numbers that states give their people, by form and check digits, and those that a word beside them calls one."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from stdnum.be import nn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.ie import pps
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.mx import curp
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.za import idnr as south_african

from footnote.platform.safety.personal.findings import Finding

_SSN = re.compile(r"(?<![\w-])(?!000|666)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_BARE_SSN = re.compile(r"(?:\bssn\b|social[ -]security)[^\d\n]{0,24}?(\d{3}[ .]?\d{2}[ .]?\d{4})(?!\w)", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:passport|passeport|reisepass|pasaporte|driver['’]?s?[ -]licen[cs]e|driving licen[cs]e|führerschein\w*|"
    r"permis de conduire|identity card|id card|national (?:id|identity)|personalausweis\w*|carte d['’]identité|"
    r"tax(?:payer)? (?:id|number|identification)|steuer-?(?:id|nummer|identifikationsnummer)|tin|itin|"
    r"national insurance)\b(?: (?:number|no\.?|nr\.?|nummer|numéro|número))?"
    r"(?:\s*(?:is|was|:|#|=|lautet|est|es)\s*|\s+)"
    r"((?=[A-Z]{0,3}\d|[A-Z]\d?)(?=(?:[A-Z-]*\d){5})[A-Z0-9][A-Z0-9-]{5,17})(?!\w)",
    re.IGNORECASE,
)
# Great Britain's has no check digit; these letters are not given out.
_NINO = re.compile(r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D](?!\w)")


class Form(NamedTuple):
    form: re.Pattern[str]
    is_valid: Callable[[str], bool]
    label: re.Pattern[str] | None = None  # without it before them the digits may well be something else


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,-]){pattern}(?![\w-]|[.,]\d)")


def _label(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{words})[^\d\n]{{0,24}}$", re.IGNORECASE)


_FORMS = (
    Form(_form(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"), nn.is_valid),
    Form(_form(r"\d{3}\.\d{3}\.\d{3}-\d{2}"), cpf.is_valid),
    Form(_form(r"756\.\d{4}\.\d{4}\.\d{2}"), ahv.is_valid),
    Form(_form(r"[1-9]\d{5}(?:19|20)\d{9}[\dXx]"), ric.is_valid),
    Form(_form(r"[12] ?\d{2} ?[01]\d ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}"), nir.is_valid),
    Form(_form(r"\d{8}-?[A-Z]"), dni.is_valid),
    Form(_form(r"[XYZ]-?\d{7}-?[A-Z]"), nie.is_valid),
    Form(_form(r"\d{6}[-+A-FYXWVU]\d{3}[0-9A-FHJ-NPR-Y]"), hetu.is_valid),
    Form(_form(r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]"), codicefiscale.is_valid),
    Form(_form(r"[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d"), curp.is_valid),
    Form(_form(r"\d{6}-[1-8]\d{6}"), rrn.is_valid),
    Form(_form(r"(?:19|20)?\d{6}[-+]\d{4}"), personnummer.is_valid),
    Form(_form(r"\d{7}[A-W][A-IW]?"), pps.is_valid, _label(r"\bppsn?\b|personal public service")),
    Form(_form(r"\d{11}"), pesel.is_valid, _label("pesel")),
    Form(_form(r"\d{2} ?\d{3} ?\d{3} ?\d{3}"), idnr.is_valid, _label(r"steuer|\btax|\bidnr|identifikationsnummer")),
    Form(_form(r"\d{9}"), bsn.is_valid, _label("bsn|burgerservice|sofi")),
    Form(_form(r"\d{3}[ -]?\d{3}[ -]?\d{4}"), nhs.is_valid, _label(r"\bnhs\b")),
    Form(_form(r"\d{3}[ -]\d{3}[ -]\d{3}|\d{9}"), sin.is_valid, _label(r"\bsin\b|social insurance")),
    Form(_form(r"\d{4}[ -]?\d{4}[ -]?\d{4}"), aadhaar.is_valid, _label("aadhaar|aadhar")),
    Form(_form(r"[A-Z]{5}\d{4}[A-Z]"), pan.is_valid, _label(r"\bpan\b|permanent account")),
    Form(_form(r"\d{6}-?\d{4}"), cpr.is_valid, _label("cpr|personnummer")),
    Form(_form(r"\d{6} ?\d{5}"), fodselsnummer.is_valid, _label("fødselsnummer|fodselsnummer|personnummer")),
    Form(_form(r"\d{13}"), south_african.is_valid, _label(r"\bid\b|identity")),
)


def social_security(text: str) -> Iterator[Finding]:
    """Of the United States: it has no check digit, so its form decides."""
    yield from (Finding(*found.span(), "ssn") for found in _SSN.finditer(text))
    yield from (Finding(*found.span(1), "ssn") for found in _BARE_SSN.finditer(text))


def national_ids(text: str) -> Iterator[Finding]:
    """Of 21 countries."""
    for form, is_valid, label in _FORMS:
        for found in form.finditer(text):
            before = text[max(0, found.start() - 50) : found.start()]
            if (label is None or label.search(before)) and is_valid(found.group()):
                yield Finding(*found.span(), "national_id")
    yield from (Finding(*found.span(), "national_id") for found in _NINO.finditer(text))
    yield from (Finding(*found.span(1), "national_id") for found in _LABELLED.finditer(text))
