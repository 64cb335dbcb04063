"""Follow-ups in German."""

from footnote.modules.generation.conversations.followups.markers.kinds import Markers, pattern, words

GERMAN = Markers(
    openers=pattern(
        r"""
        (?:und\s+)?(?:was\s+ist\s+mit|wie\s+(?:sieht|steht)\s+es\s+(?:(?:bei|mit|um|für)\s+)?|wie\s+ist\s+(?:es
        |das)\s+(?:(?:bei|mit|in)\s+)?|das(?:selbe|\s+gleiche)\s+für)\s+|(?:und|aber|oder)(?:\s+(?:jetzt|dann
        |auch|nun))?\s*,?\s+
        """
    ),
    bare=pattern(
        r"""
        (?:(?:und|aber)\s+)?(?:warum(?:\s+nicht|\s+(?:ist\s+)?das(?:\s+so)?)?|wieso(?:\s+nicht)?|weshalb|wie
        |(?:seit|bis|ab)\s+wann|wann|wo|wer|von\s+wem|(?:um\s+)?wie\s+(?:viele?|lange|oft|hoch)|wie\s+das|was\s+noch
        |sonst\s+noch\s+etwas|wer\s+noch|zum\s+beispiel|bist\s+du\s+sicher|sind\s+sie\s+sicher|wirklich
        |stimmt\s+das|was\s+(?:bedeutet|heißt)\s+das|(?:bitte\s+)?(?:erzähl(?:e)?\s+(?:mir\s+)?mehr
        |mehr(?:\s+details)?|genauer|ausführlicher|erklär(?:e)?(?:\s+(?:das|mir\s+das))?|weiter))(?:\s+bitte)?
        """
    ),
    pointers=pattern(
        r"""
        \b(?:er|ihn|ihm|sie|ihr|ihnen|es|sein(?:e[mnrs]?)?|ihre[mnrs]?|dessen|deren|dort|davon|dazu|daran
        |darüber|dagegen|dafür|damals|das(?=\s*$|\s+(?:so|ist|war|bedeutet|heißt|genau)\b)|(?:diese[mnrs]?
        |jene[mnrs]?)(?!\s+(?:Jahr|Monat|Woche|Quartal|Tag)))\b
        """
    ),
    possessive=words(
        """
        deren dessen ihr ihre ihrem ihren ihrer ihres sein seine seinem seinen seiner seines
        """
    ),
    persons=words(
        """
        er ihm ihn
        """
    ),
    empty=pattern(
        r"""
        \b(?:gibt|geht|gab|dauert|kostet|regnet|kommt|handelt|braucht|bedarf|ist|war|wird)\s+es\b(?=.*(?:,
        |\bzu\b|\bdass\b|\bsich\b|\bein|\bkein|\bfür\b|\bmöglich\b|\berlaubt\b|\bam\b))|\b(?:gibt|gab)\s+es\b
        |\bes\s+(?:gibt|gab|ist|war)\b|^es\b|\bes\b(?=[^,]*,)|\b(?:dazu|daran|darauf|davon|darüber|dafür)\b(?=[^,]*,)
        |\bkam\s+es\b(?=.*\bzu\b)|\bgeht\s+es\b(?=.*\bbei\b)|\bwie\s+(?:spät\s+ist|geht)\s+es\b|(?<=\w\s)(?-i:Sie|Ihre?[mnrs]?
        |Ihnen)\b
        """
    ),
    asking=words(
        """
        darf dürfen gibt gilt haben hat hatte ist kann können muss müssen sind soll wann war waren warum was welche
        welchem welchen welcher welches wem wen wer werden weshalb wessen wie wieso wird wo woher wohin wurde
        """
    ),
    determiners=words(
        """
        alle das dem den der des die ein eine einem einen einer eines jede jeder jedes kein keine
        """
    ),
    prepositions=words(
        """
        am an auf aus bei beim bis für im in mit nach ohne pro seit unter vom von vor während zu zum zur zwischen
        über
        """
    ),
    places=words(
        """
        am an auf im in
        """
    ),
    clauses=words(
        """
        aber als bevor das dass der die falls nachdem ob oder und weil wenn während
        """
    ),
    heads=pattern(
        r"""
        ^(?:(?:was|wie\s+(?:hoch|groß|niedrig)|welche[rs]?)\s+(?:ist|war|sind|waren)\s+)(?:der|die|das)\s+
        """
    ),
    before=pattern(
        r"""
        (?:im|in\s+dem|für\s+das|in\s+der|am)?\s*(?:(?P<a>vorjahr|vorquartal|vormonat)|(?:das|dem|der|die
        |das)?\s*(?P<b>jahr|quartal|monat)\s+(?:davor|zuvor|vorher)|(?:vorigen|vorherigen
        |vorangegangenen)\s+(?P<c>jahr|quartal|monat))
        """
    ),
    after=pattern(
        r"""
        (?:im|in\s+dem|für\s+das|in\s+der)?\s*(?:(?P<a>folgejahr|folgequartal|folgemonat)|(?:das|dem|der
        |die)?\s*(?P<b>jahr|quartal|monat)\s+(?:danach|darauf|später)|(?:nächsten|folgenden)\s+(?P<c>jahr
        |quartal|monat))
        """
    ),
)
