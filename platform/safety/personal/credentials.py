"""What opens doors: keys of services, tokens, private keys, passwords."""

import re
from collections.abc import Iterator

from footnote.platform.safety.personal.findings import Finding

# The forms that issuers document, so that secret scanners find them.
_ISSUED = (
    r"sk-(?:proj-|ant-|or-)?[\w-]{20,}",  # OpenAI, Anthropic, OpenRouter
    r"(?:AKIA|ASIA)[0-9A-Z]{16}",  # Amazon
    r"AIza[\w-]{35}",  # Google
    r"ya29\.[\w-]{20,}",
    r"gh[pousr]_\w{36,}",  # GitHub
    r"github_pat_\w{22,}",
    r"glpat-[\w-]{20,}",  # GitLab
    r"xox[abeoprs]-[\w-]{10,}",  # Slack
    r"[rs]k_(?:live|test)_\w{16,}",  # Stripe
    r"hf_[A-Za-z0-9]{30,}",  # Hugging Face
    r"gsk_\w{30,}",  # Groq
    r"pa-[\w-]{40,}",  # Voyage
    r"npm_\w{36}",
    r"pypi-[\w-]{50,}",
    r"SG\.[\w-]{16,}\.[\w-]{16,}",  # SendGrid
    r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*",  # JSON web tokens
)
_KEY = re.compile(rf"(?<![\w-])(?:{'|'.join(_ISSUED)})")
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)")
_HEADER = re.compile(
    r"(?:authorization|x-api-key|api-key|cookie)[\"']?\s*[:=]\s*[\"']?((?:(?:bearer|basic|token)\s+)?[^\s\"',;]{8,})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\bbearer\s+([\w.~+/-]{16,}=*)", re.IGNORECASE)
_NAMED = re.compile(
    r"(?<![^\W_])(?:password|passwd|passwort|pwd|passphrase|mot de passe|contraseña|secret|client_secret|api[_-]?key|"
    r"apikey|access[_-]?key|access[_-]?token|auth[_-]?token|refresh[_-]?token|private[_-]?key|token)"
    r"(?:[\"']?\s*[=:]\s*[\"']?|\s+(?:is|lautet|est|es)\s*:?\s+[\"']?(?=\S*\d))(?!\*{3})([^\s\"',;&}\])<>]{6,})",
    re.IGNORECASE,
)
# Up to the last `@`, since people do not escape what is in a password.
_IN_URL = re.compile(r"(?<=://)[^\s/@\"'<>]{0,128}:([^\s\"'<>]{1,256})@")


def credentials(text: str) -> Iterator[Finding]:
    for pattern in (_KEY, _PRIVATE):
        yield from (Finding(*found.span(), "secret") for found in pattern.finditer(text))
    for pattern in (_HEADER, _BEARER, _NAMED, _IN_URL):
        yield from (Finding(*found.span(1), "secret") for found in pattern.finditer(text) if _is_secret(found.group(1)))


def _is_secret(text: str) -> bool:
    """No mask, and no placeholder such as `${TOKEN}`."""
    return not text.startswith(("***", "${", "{{", "<", "%("))
