"""Follow-ups in English."""

from footnote.modules.generation.conversations.followups.markers.kinds import Markers, pattern, words

ENGLISH = Markers(
    openers=pattern(
        r"""
        (?:(?:and|but|or|so|now)\s+)?(?:(?:what|how)\s+about|what\s+of|(?:the\s+)?same\s+(?:for
        |question\s+for))\s+|(?:and|but|or)(?:\s+(?:now|then|also))?\s*,?\s+
        """
    ),
    bare=pattern(
        r"""
        (?:(?:and|but)\s+)?(?:why(?:\s+not|\s+so|\s+is\s+that)?|how(?:\s+so|\s+come)?|(?:since\s+)?when|where
        |who(?:se)?|by\s+whom|(?:by\s+)?how\s+(?:many|much|long|often)|until\s+when|for\s+how\s+long|what\s+else
        |anything\s+else|who\s+else|for\s+example|such\s+as|are\s+you\s+sure|really|is\s+that\s+(?:so|true|all)
        |what\s+does\s+(?:that|this|it)\s+mean|(?:please\s+)?(?:tell\s+me\s+more|more(?:\s+details?)?
        |in\s+more\s+detail|elaborate|go\s+on|continue|explain(?:\s+(?:that|this|it|why))?)|(?:can
        |could)\s+you\s+(?:elaborate|explain(?:\s+(?:that|this|it))?))(?:\s+please)?
        """
    ),
    pointers=pattern(
        r"""
        \b(?:(?:he|she|it|they)(?!['’])|him|his|hers?|its|them|theirs?|(?:this|that|these|those)(?=\s*$)|(?:this
        |that)(?=\s+(?:is|was|mean|means|work|works|happen|happened|more|less|true|so|compared?)\b)
        |(?<=is\s)(?:this|that)|(?<=was\s)(?:this|that)|(?<=does\s)(?:this|that)|(?<=did\s)(?:this|that)
        |(?:this|that|these|those)\s+(?!(?:year|month|week|quarter|time|morning|day|century|is|was|are
        |were)\b)(?=\w+\s*$)|there|then(?=\s*$)|the\s+(?:former|latter)|(?:which|the\s+(?:first|second|third
        |other|last))\s+ones?)\b
        """
    ),
    possessive=words(
        """
        her his its their
        """
    ),
    persons=words(
        """
        he her hers him his she
        """
    ),
    empty=pattern(
        r"""
        \b(?:is|are|was|were|will|would|can|could|must|should|has|have|had)(?:n['’]t)?\s+there\b
        |\bthere(?:['’]s|\s+(?:is|are|was|were|be))\b|\b(?:do|did|have|had)\s+they(?=(?:\W+\w+){4})\b|\b(?:is|was|would|will|does|did|how\s+long\s+(?:does|did|will)|when\s+(?:is|was)
        |why\s+(?:is|was)|how\s+\w+\s+is)\s+it\s+(?:be\s+)?(?:possible|true|allowed|legal|necessary|required
        |safe|better|worth|important|mandatory|customary|permitted|correct|take|takes|cost|costs|mean|means
        |rain|raining|snow|make\s+sense|matter)\b(?=.*\b(?:to|that|if|when|for|in)\b)|\bwhat\s+time\s+is\s+it\b
        |\bit\s+(?:is|was)\s+\w+\s+(?:to|that)\b
        """
    ),
    asking=words(
        """
        are can could did do does had has have how is may must should was were what when where which who whom whose
        why will would
        """
    ),
    determiners=words(
        """
        a all an any each every my our some that the these this those your
        """
    ),
    prepositions=words(
        """
        about after at before between by during for from in of on over per since under until with without
        """
    ),
    places=words(
        """
        at in near
        """
    ),
    clauses=words(
        """
        after and as because before but how if or that what when where whether which while who whom
        """
    ),
    heads=pattern(
        r"""
        ^(?:(?:what|which|how\s+(?:high|large|big|low|much))\s+(?:is|was|were|are
        |will\s+be)\s+)(?:the\s+)?(?:[^?,]*?['’]s\s+)?
        """
    ),
    before=pattern(
        r"""
        (?:in\s+|for\s+|during\s+)?(?:the\s+)?(?:(?:previous|preceding|prior)\s+(?P<a>year|quarter|month)
        |(?P<b>year|quarter|month)\s+(?:before|earlier)(?:\s+that)?)
        """
    ),
    after=pattern(
        r"""
        (?:in\s+|for\s+|during\s+)?(?:the\s+)?(?:(?:next|following|subsequent)\s+(?P<a>year|quarter|month)
        |(?P<b>year|quarter|month)\s+(?:after|later)(?:\s+that)?)
        """
    ),
)
