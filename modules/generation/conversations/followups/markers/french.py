"""Follow-ups in French."""

from footnote.modules.generation.conversations.followups.markers.kinds import Markers, pattern, words

FRENCH = Markers(
    openers=pattern(
        r"""
        (?:et\s+)?(?:qu['’]en\s+est-il\s+(?:de\s+la|de\s+l['’]|du|des|de|d['’]|pour|en)\s*|quid\s+(?:de\s+la
        |de\s+l['’]|du|des|de|d['’])\s*|(?:la\s+)?même\s+(?:question|chose)\s+pour\s+)|(?:et|mais
        |ou)(?:\s+(?:maintenant|alors|aussi))?\s*,?\s+
        """
    ),
    bare=pattern(
        r"""
        (?:(?:et|mais)\s+)?(?:pourquoi(?:\s+(?:pas|donc|cela|ça))?|comment(?:\s+(?:ça|cela))?|(?:depuis
        |jusqu['’]à)\s+quand|quand|où|qui|par\s+qui|(?:de\s+)?combien|quoi\s+d['’]autre|rien\s+d['’]autre|par\s+exemple
        |vraiment|c['’]est\s+sûr|qu['’]est-ce\s+que\s+(?:cela|ça)\s+(?:veut\s+dire|signifie)|(?:s['’]il\s+(?:te
        |vous)\s+pla[iî]t,?\s+)?(?:dis-m['’]en\s+plus|dites-m['’]en\s+plus|plus\s+de\s+détails|en\s+détail
        |explique(?:z)?(?:-(?:le|moi))?|continue(?:z)?))
        """
    ),
    pointers=pattern(
        r"""
        \b(?:il|elle|ils|elles|lui|leurs?|son|sa|ses|cela|ça|ceci|celui-ci|celle-ci|ceux-ci|celles-ci|là-bas
        |alors(?=\s*$)|y(?=\s+\w+\s*-)|cette?(?=\s+\w+\s*$)(?!\s+(?:année|semaine|fois)))\b
        """
    ),
    possessive=words(
        """
        leur leurs sa ses son
        """
    ),
    persons=words(
        """
        elle il lui
        """
    ),
    empty=pattern(
        r"""
        \by\s+a-t-il\b|\bil\s+y\s+a\b|\b(?:faut|fallait|faudra|fait|s['’]agit|existe-t|est|semble-t
        |reste-t)-il\b(?=\s+(?:possible|vrai|permis|nécessaire|obligatoire|autorisé|interdit|de|des|un|une|que
        |faire|au|à|en|payer|prévenir|\w+er)\b)|\b(?:faut|existe-t|s['’]agit)-il\b|\bil\s+(?:faut|existe
        |s['’]agit|est\s+\w+\s+(?:de|que))\b|\bquelle\s+heure\s+est-il\b|\bqu['’]il\b
        """
    ),
    asking=words(
        """
        a combien comment doit est est-ce faut ont où peut pourquoi qu quand que quel quelle quelles quels qui quoi
        sont était
        """
    ),
    determiners=words(
        """
        au aucun aucune aux chaque des du l la le les tous tout toute toutes un une
        """
    ),
    prepositions=words(
        """
        au aux avec chez d dans de depuis des du en entre par pendant pour sans selon sur à
        """
    ),
    places=words(
        """
        au aux dans en à
        """
    ),
    clauses=words(
        """
        et lorsqu lorsque mais ou parce puisque quand que qui si
        """
    ),
    heads=pattern(
        r"""
        ^(?:(?:quel(?:le)?s?|combien)\s+(?:est|était|étaient|sont|fut|sera|a\s+été)\s+)(?:le\s+|la\s+|les\s+
        |l['’])
        """
    ),
    before=pattern(
        r"""
        (?:(?:en|pour|pendant|dans)\s+)?(?:l['’]|le\s+)?(?:(?P<a>année|an|trimestre|mois)\s+(?:précédente?
        |d['’]avant|antérieure?))
        """
    ),
    after=pattern(
        r"""
        (?:(?:en|pour|pendant|dans)\s+)?(?:l['’]|le\s+)?(?:(?P<a>année|an|trimestre|mois)\s+(?:suivante?
        |d['’]après))
        """
    ),
)
