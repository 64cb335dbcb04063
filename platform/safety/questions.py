"""What a question may not be: an attempt to lift the rules of the answer, or to see them."""

import re
from typing import Literal

from footnote.platform.safety.instructions.decoding import readings

Reason = Literal["injection", "prompt_leak"]

_RULES = r"(?:instructions?|prompts?|rules?|guidelines?|directions?|directives?|constraints?|restrictions?|programming)"
_LIFTED = re.compile(
    "|".join((
        rf"\b(?:ignore|disregard|forget|override|bypass|overwrite|do not follow|don't follow|stop following)\b.{{0,30}}"
        rf"\b(?:previous|above|prior|earlier|preceding|foregoing|original|initial|system|safety|your|all)\b.{{0,20}}"
        rf"\b{_RULES}\b",
        r"\b(?:ignoriere|vergiss)\b.{0,30}\b(?:anweisung|regel)\w*|\bignore[zr]?\b.{0,30}\b(?:consignes|instructions)\b",
        r"\b(?:ignora|olvida)\b.{0,30}\b(?:instrucciones|reglas|istruzioni)\b|忽略.{0,10}(?:指令|指示|规则|提示)",
        r"\b(?:enable|enter|activate|engage|switch to|you are (?:now )?in) "
        r"(?:developer|debug|god|jailbreak|dan|admin) mode",
        r"\byou are (?:now )?(?:dan\b|do anything now|an? (?:unrestricted|unfiltered|uncensored|jailbroken) )",
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[/?inst\]|<</?sys>>|</?(?:system|sources?)>",
        # Each within its line: over many empty ones it would take seconds.
        r"^[^\w\n]*(?:new |updated |override )?system (?:prompt|message|override)\s*:",
        r"^[^\w\n#]*#{2,} ?(?:system|instruction)[^\w\n]*$",
    )),
    re.DOTALL | re.MULTILINE,
)  # fmt: skip
_SHOWN = re.compile(
    "|".join((
        r"\b(?:reveal|print|show|repeat|output|disclose|leak|display|tell|give|share|expose|write|copy|paste|quote|recite|"
        r"translate|encode|summari[sz]e|what(?:'s| is| are| were| was)|ignore)\b.{0,40}\b(?:(?:your|the|this) (?:\w+ )?"
        r"(?:system|initial|hidden|original|secret|internal|developer) (?:prompt|instructions?|messages?)|"
        r"your (?:prompt|instructions|guidelines)\b)",
        r"\b(?:repeat|print|output|copy|translate|encode)\b.{0,20}\b(?:everything|all(?: the)? (?:text|words)|"
        r"(?:the )?(?:text|words)) (?:above|before this|up to here)",
        r"\b(?:zeig|nenne|wiederhole|gib)\w*\b.{0,30}\b(?:systemprompt|system-prompt|deine anweisungen)\b",
    )),
    re.DOTALL,
)  # fmt: skip


def forbidden(question: str) -> Reason | None:
    """Why it is not to be answered. Wishes on form or language are nothing of the kind."""
    for said in (question, *readings(question)):
        text = said.replace("’", "'").lower()
        if _LIFTED.search(text):
            return "injection"
        if _SHOWN.search(text):
            return "prompt_leak"
    return None
