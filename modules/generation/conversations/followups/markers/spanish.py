"""Follow-ups in Spanish."""

from footnote.modules.generation.conversations.followups.markers.kinds import Markers, pattern, words

SPANISH = Markers(
    openers=pattern(
        r"""
        (?:y\s+)?(?:qué\s+(?:tal|hay\s+de|pasa\s+con|ocurre\s+con)|lo\s+mismo\s+(?:para|de|en)|cómo\s+es)\s+
        |(?:y|e|pero|o)\s*,?\s+
        """
    ),
    bare=pattern(
        r"""
        (?:(?:y|pero)\s+)?(?:(?:y\s+)?por\s+qué(?:\s+(?:no|es\s+así))?|cómo(?:\s+es\s+eso)?|(?:desde
        |hasta)\s+cuándo|cuándo|dónde|quién(?:es)?|(?:en\s+)?cuánt[oa]s?|qué\s+más|algo\s+más|por\s+ejemplo|de\s+verdad
        |estás\s+seguro|qué\s+significa(?:\s+eso)?|(?:por\s+favor,?\s+)?(?:dime\s+más|más(?:\s+detalles)?
        |con\s+más\s+detalle|explícalo|explica\s+eso|continúa))
        """
    ),
    pointers=pattern(
        r"""
        \b(?:él|ella|ellos|ellas|sus?|suy[oa]s?|eso|esto|aquello|allí|allá|ahí|entonces|est[ea]s?(?=\s*$)
        |es[ea]s?(?=\s*$)|nació|murió|nacieron|murieron|(?:tiene|tienen|fundó|escribió|inventó|vale|dura|mide
        |pesa|significa|cuesta)(?=\s*$))\b
        """
    ),
    possessive=words(
        """
        su sus suya suyas suyo suyos
        """
    ),
    persons=words(
        """
        ella murió nació él
        """
    ),
    empty=pattern(
        r"""
        (?!)
        """
    ),
    asking=words(
        """
        cuál cuáles cuándo cuánta cuántas cuánto cuántos cómo debe deben dónde era es está están fue fueron hay por
        puede pueden quién quiénes qué se son tiene tienen
        """
    ),
    determiners=words(
        """
        alguna algún cada el la las los ningún toda todas todo todos un una unas unos
        """
    ),
    prepositions=words(
        """
        a al con de del desde durante en entre hasta para por según sin sobre
        """
    ),
    places=words(
        """
        en
        """
    ),
    clauses=words(
        """
        cuando mientras o pero porque que si y
        """
    ),
    heads=pattern(
        r"""
        ^(?:(?:cuál|qué|cuánto)\s+(?:es|fue|era|fueron|son|será)\s+)(?:el|la|los|las)\s+
        """
    ),
    before=pattern(
        r"""
        (?:en\s+)?(?:el\s+|la\s+)?(?:(?P<a>año|trimestre|mes)\s+(?:anterior|previo|pasado\s+a\s+ese|de\s+antes))
        """
    ),
    after=pattern(
        r"""
        (?:en\s+)?(?:el\s+|la\s+)?(?:(?P<a>año|trimestre|mes)\s+(?:siguiente|posterior|después))
        """
    ),
)
