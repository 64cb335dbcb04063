"""What the words of a sentence alone say about whether it tells a model what to do."""

import re
from collections.abc import Iterable
from enum import Enum

from footnote.platform.safety.instructions.vocabulary import CHANGING, LETTERING, PRODUCING, SIGNS

Hint = Enum("Hint", "PLANTED ASKING")
"""PLANTED: nobody says that to a person. ASKING: an order or a question, to whom is open."""


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words))


_OUTPUT = (
    r"(?:answers?|respon[sc]es?|repl(?:y|ies)|outputs?|completions?|generations?|generated (?:text|content)|"
    r"explanations?|conclusions?|summar(?:y|ies)|translations?|writing|final (?:answer|text|message))"
)
_YOUR = rf"\b(?:your|thy|ur) (?:\w+ ){{0,2}}?{_OUTPUT}\b"
_OF_YOURS = rf"(?:{_YOUR}|\b(?:your|the) (?:\w+ )?(?:answer|response|reply|output|completion)\b)"
_UNITS = (
    r"\b(?:letters?|vowels?|consonants?|characters?|alphabet|words?|spac(?:es|ing)|whitespace|punctuation|syllables?|"
    r"emojis?|emoticons?|typos?|misspell\w*|anagram\w*|acrostics?|acronyms?|palindromes?|cipher\w*|caesar|vigen[eè]re|"
    r"rot-?13|base-?\d\d|hexadecimal|hex|binary|morse|leet(?:speak)?|pig latin|upper ?case|lower ?case|"
    r"capital(?:s| letters?|ization)|all caps|backwards?|reverse[ds]?|rhym\w+|haiku|ascii|unicode|markdown|json|yaml|"
    r"html tags?|homophon\w+|alphanumeric\w*|symbols?|digits?|sentences?|paragraphs?)\b"
)
_PRODUCE, _CHANGE = _any(PRODUCING), _any(CHANGING)
_LEAD = (
    r"(?:(?:please|kindly|now|then|next|also|instead|finally|first|additionally|furthermore|moreover|hey|hi|hello|so|"
    r"just|always|never|do not|don't|ok(?:ay)?|and|but|btw|p\.?s\.?|"
    r"(?:important|note|attention|urgent|task|instructions?|request|question|q|prompt|user|human|assistant)(?=\s*[:!])|"
    r"you must|you should|you need to|you have to|"
    r"you are to|you will|you shall|i want you to|i need you to|i'd like you to|i would like you to|make sure to|"
    r"make sure that you|be sure to|remember to|do|can you|could you|would you|will you|would you mind|"
    r"can you please|could you please|try to|go ahead and|let's|randomly|subtly|briefly|carefully|"
    r"in (?:one|a|two|three|\d+) (?:\w+ )?(?:words?|sentences?|paragraphs?|lines?))[,:!.\s-]+)*"
)
_LANGUAGE = (
    r"(?:english|french|german|spanish|italian|portuguese|dutch|russian|polish|turkish|greek|latin|arabic|hebrew|hindi|"
    r"chinese|mandarin|japanese|korean|swahili|swedish|danish|norwegian|finnish|czech|ukrainian|klingon)"
)
_START = re.compile(
    rf"[\W_]*{_LEAD}(?:\w+ly )?(?:{_PRODUCE}|{_CHANGE})\b(?![:/-]| of\b|(?<=\bguide) (?:to|for)\b|\W*$)"
)
_QUESTION = re.compile(
    rf"[\W_]*{_LEAD}(?:what|who|whom|whose|which|when|where|why|how|is|are|was|were|do|does|did|can|could|would|will|"
    r"should|has|have|had|may|might)(?:'(?:s|re|d|ll))?\b.*\?",
    re.DOTALL,
)
_ASKED = re.compile(
    r"\b(?:can|could|would|will) you\b|\bi (?:want|need|would like|'d like) (?:you|to know|a|an|some)\b|"
    r"\bi'm (?:looking for|trying to|curious)|\btell me\b|\bhelp me\b|\bgive me\b|\bshow me\b|\blet me know\b|"
    r"\byou (?:must|should|shall|need to|have to|are to)\b|\byour (?:task|job|goal|role|mission|purpose)\b",
)
_PLANTED = re.compile(
    "|".join((
        # What came before does not count.
        r"\b(?:ignore|disregard|forget|override|bypass|overwrite|cancel|erase|neglect|don't follow|do not follow|"
        r"stop following|pay no attention to)\b.{0,40}\b(?:previous|above|prior|earlier|preceding|before|foregoing|"
        r"original|initial|system|safety|content|all|any|everything|these|those|your|the)\b.{0,30}\b(?:instructions?|"
        r"prompts?|rules?|guidelines?|directions?|directives?|commands?|constraints?|restrictions?|polic(?:y|ies)|"
        r"programming|training|filters?|safeguards?|context|tasks?|questions?|quer(?:y|ies)|told)\b",
        r"\b(?:new|real|actual|updated|following|hidden|secret|important) (?:instructions?|task|directive)s?\s*:",
        # Who is spoken to.
        r"\b(?:you are|you're|act as|pretend (?:to be|you are|that you)|imagine (?:you are|that you are)|become|"
        r"simulate)\b.{0,30}\b(?:an? ai\b|assistant|chat ?bot|language model|llm\b|gpt|dan\b|jailbroken|unrestricted|"
        r"unfiltered|uncensored|persona|character named)",
        r"\b(?:from now on|henceforth|starting now),? (?:you|your|respond|answer|reply|act|speak|only|always)\b",
        r"^[\W_]*(?:dear|hey|hi|hello|attention|notes? (?:to|for)|messages? (?:to|for)|instructions? (?:to|for)|to|"
        r"if you are) (?:the |all |any |an? )?"
        r"(?:ai|llm|language model|chat ?bot|assistant|gpt|claude|gemini|copilot|bot)"
        r"(?: assistants?| models?| systems?| agents?| readers?)?s?\b\W*(?:[,:!]|$)",
        r"\b(?:if|when|since) you(?: are|'re) (?:an? )?(?:ai|llm|language model|chat ?bot|automated)\b",
        r"\b(?:as an? (?:ai|large)? ?language model)\b.{0,40}\b(?:you|must|should)\b",
        r"\b(?:reveal|print|show|repeat|output|disclose|leak|display|tell|give|share|expose)\b.{0,40}\b"
        r"(?:system prompt|initial prompt|hidden prompt|"
        r"your (?:\w+ )?(?:prompt|instructions|guidelines|rules|configuration)|"
        r"(?:text|words|everything) above|api keys?|conversation history|chat history)",
        r"\b(?:system|developer|admin(?:istrator)?|debug|god|jailbreak|dan|developer's) (?:prompt|override|mode)\b"
        r".{0,30}(?:\b(?:enabled|activated|engaged|on|engage|enter|enable|activate)\b|:)",
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[/?INST\]|<</?SYS>>|"
        r"</?(?:system|assistant|instructions?|prompt)>|^\W*#{2,} ?(?:system|assistant|instructions?|human|user)\W*$|"
        r"^\W*(?:system|assistant|human)\s*:\s",
        # What is to be written, and how.
        rf"^[\W_]*{_LEAD}(?:\w+ly )?(?:{_PRODUCE}|{_CHANGE})\b.{{0,160}}{_YOUR}",
        rf"^[\W_]*{_LEAD}(?:{_CHANGE}|make|give|write|provide|create|convert|encode|return)\b.{{0,80}}{_OF_YOURS}",
        rf"\b(?:in|within|into|throughout|to|of|at the (?:end|start|beginning|top|bottom) of|before|after|with|for) "
        rf"{_YOUR}\s*(?:,|:|must|should|shall|$)",
        rf"^[\W_]*{_LEAD}(?:in|within|throughout|at the (?:end|start|beginning) of) {_OF_YOURS},? ",
        rf"{_YOUR} (?:must|should|shall|has to|needs to|will|is to|ought to)\b",
        r"^[\W_]*(?:please |only |always |you must |you should |kindly )*(?:answer|respond|reply|write|speak|talk)"
        r"(?: only| back| to (?:me|this|the (?:user|question|query)))* (?:in|using|with|as|like|by|without)\b",
        rf"^[\W_]*{_LEAD}(?:\w+ly )?(?:{_CHANGE}|{_PRODUCE})\b.{{0,60}}{_UNITS}.{{0,80}}"
        r"\b(?:letters|symbols|numbers|numerals|emojis|words|code|cipher|anagrams|reverse|backwards|alphabet)\b",
        # What documents do not ask of their readers: verses, and words of other languages.
        rf"^[\W_]*{_LEAD}(?:write|compose|create|generate|provide|give|tell|draft|make|produce|share|invent|craft|sing)\b"
        r"(?: me| us)? (?:an?|some|two|three|\d+) (?:[\w-]+ ){0,3}"
        r"(?:poems?|haikus?|limericks?|sonnets?|stor(?:y|ies)|essays?|songs?|lyrics|jokes?|riddles?|tweets?|slogans?|"
        r"fairy tales?|ballads?|monologues?|screenplays?|blog posts?|puns?|fun facts?)\b",
        rf"^[\W_]*{_LEAD}translate\b.{{0,200}}\b(?:in)?to {_LANGUAGE}\b",
        rf"^[\W_]*{_LEAD}(?:how (?:do|would) (?:you|i|one) say|what(?:'s| is| does)|give|provide)\b"
        rf".{{0,80}}\bin {_LANGUAGE}\W*$",
        r"\b(?:if|when(?:ever)?) (?:the |a |any )?user asks\b|\bthe user (?:must|should) be told\b",
    )),
    re.DOTALL,
)  # fmt: skip
_PLANTED_ELSEWHERE = re.compile(
    "|".join((
        r"\bignorier\w*\b.{0,40}\b(?:anweisung|vorherig|obig|bisherig|regel)\w*|\bvergiss\b.{0,30}\banweisung\w*|"
        r"\bin (?:deiner|ihrer) (?:antwort|ausgabe)\b|\b(?:deine|ihre) antwort (?:muss|soll)\w*|"
        r"^\W*(?:bitte )?antworte\w*(?: nur| bitte)? (?:auf|mit|in|als)\b|\bdu bist (?:jetzt|nun|ab jetzt)\b",
        r"\bignor(?:e|ez|er)\b.{0,40}\b(?:instructions|consignes|règles|précédent\w*)|\boublie[zr]?\b.{0,30}\b"
        r"(?:instructions|consignes)|\bdans (?:votre|ta) réponse\b|"
        r"^\W*répond(?:s|ez|re)\b.{0,20}\b(?:en|avec|par|sous)\b|"
        r"\btu es (?:maintenant|désormais)\b|\bvous êtes (?:maintenant|désormais)\b",
        r"\bignor(?:a|e|en|ar)\b.{0,40}\b(?:instrucciones|reglas|anterior\w*)|\bolvid[ae]\b.{0,30}\binstrucciones|"
        r"\ben (?:tu|su) respuesta\b|^\W*respond[ae]\b.{0,20}\b(?:en|con|como)\b|\b(?:ahora eres|a partir de ahora)\b",
        r"\bignor(?:a|ate|i)\b.{0,40}\b(?:istruzioni|precedenti)|\bnella tua risposta\b|"
        r"\bignor(?:e|ar)\b.{0,40}\b(?:instruções|anteriores)|\bna (?:sua|tua) resposta\b|"
        r"\bnegeer\b.{0,40}\b(?:instructies|vorige|bovenstaande)|\bin (?:je|uw) antwoord\b|"
        r"\bzignoruj\b.{0,40}\b(?:instrukcje|poprzednie)|\bw (?:swojej|twojej) odpowiedzi\b|"
        r"игнорируй\w*.{0,40}(?:инструкци|предыдущ|указани)\w*|в (?:своем|своём|твоем|вашем) ответе",
        r"忽略.{0,12}(?:指令|指示|说明|提示|规则|内容)|忽视.{0,12}(?:指令|指示)|在(?:你|您)的(?:回答|回复|答案|响应)|你现在是|"
        r"(?:指示|命令|ルール)(?:を|は)(?:すべて)?無視|(?:回答|返信|応答)(?:に|の中|では).{0,20}(?:ください|せよ|しろ)|"
        r"(?:지시|명령|규칙).{0,6}무시|답변에.{0,20}(?:하세요|하라|해라)|تجاهل.{0,20}(?:التعليمات|السابقة)",
    )),
    re.DOTALL,
)  # fmt: skip
# Letters ask people to quote a number when they write back.
_TO_PEOPLE = re.compile(
    r"\b(?:reference|case|ticket|order|account|invoice|policy|customer|claim|booking|file|tracking) "
    r"(?:number|no\.?|id)\b|"
    r"\b(?:by|before|within) (?:\d|the (?:deadline|date))|\b(?:this|our) (?:email|e-mail|letter|address)\b",
)


# Words without which the forms above need not be tried: they are far slower than looking words up.
_VERBS = frozenset(part for verb in PRODUCING | CHANGING for part in verb.split("-"))
_STEMS = (
    "ignor", "vergiss", "antwort", "deiner", "bist", "oubli", "répon", "tu es", "vous êtes", "olvid", "respon",
    "respuesta", "eres", "partir de ahora", "risposta", "resposta", "negeer", "antwoord", "odpowiedzi",
)  # fmt: skip
_WORD = re.compile(r"\w+")
_OTHER_SCRIPT = re.compile(r"[\u0400-\u04ff\u0600-\u06ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def hint(sentence: str, *, goes_on: bool = False) -> Hint | None:
    """`goes_on`: it may be the rest of a line before it, so that its first word is not the first of a sentence."""
    text = sentence.replace("’", "'").lower()
    words = set(_WORD.findall(text))
    if _is_planted(text, words):
        return Hint.ASKING if _TO_PEOPLE.search(text) else Hint.PLANTED
    return Hint.ASKING if _is_asking(text, words, goes_on) else None


def _is_planted(text: str, words: set[str]) -> bool:
    if (not words.isdisjoint(SIGNS) or not words.isdisjoint(LETTERING)) and _PLANTED.search(text):
        return True
    is_foreign = any(map(text.__contains__, _STEMS)) or _OTHER_SCRIPT.search(text) is not None
    return is_foreign and _PLANTED_ELSEWHERE.search(text) is not None


def _is_asking(text: str, words: set[str], goes_on: bool) -> bool:
    if not goes_on and not words.isdisjoint(_VERBS) and _START.match(text):
        return True
    if "?" in text and _QUESTION.match(text):
        return True
    return ("you" in words or "your" in words or "i" in words or "me" in words) and _ASKED.search(text) is not None
