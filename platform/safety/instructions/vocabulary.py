"""Words that orders to a model are made of."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Verbs that ask for a text, an answer or an act, and those that ask for a change in what is written.
PRODUCING = _words("""
    explain describe write compose draft translate summarize summarise paraphrase rewrite rephrase reword respond
    answer elaborate discuss outline brainstorm narrate recite sing spell imagine pretend roleplay role-play
    simulate act analyze analyse evaluate compare contrast calculate compute solve convert encode decode encrypt
    decrypt generate create craft develop design suggest recommend propose list enumerate name define illustrate
    interpret classify predict forecast tell give show provide offer share teach help guide plan organize organise
    schedule prepare build make produce print say repeat output render return display reveal disclose leak quote
    cite find identify search look recall state break debug implement code program refactor optimize optimise
    automate formulate estimate determine assess rank rate categorize categorise extract proofread edit revise
    correct improve devise invent pick choose select anagram prove judge label perform shorten simplify review
    check verify compile tally count proof
""")
CHANGING = _words("""
    replace remove add include insert append prepend integrate modify augment enhance embed mention incorporate
    substitute swap scramble shuffle jumble rearrange group combine use render misspell introduce capitalize
    capitalise begin start end finish conclude close format reformat promote advertise encourage urge advise refer
    direct redirect link attach hide omit avoid ignore disregard forget override bypass skip stop delete emphasize
    emphasise highlight stress express invite tease hint claim assert insist pose deliver present transform change
    alter adjust apply reverse mirror obfuscate disguise mask cover convey communicate speak talk switch turn put
    place sprinkle pepper mix intersperse conceal prioritize prioritise ensure remember keep limit restrict send
    email mail forward post transfer pay buy order call execute run invoke open visit browse navigate fetch
    download upload install subscribe click follow sign register set cancel flip inform let notify remind renew
    book update schedule archive backup back double slip push praise blame accuse deny announce persuade convince
    warn request report spread publish point work come sort message
""")
# Some of these stand in every order of a kind that `wording` knows.
SIGNS = _words("""
    you your ur thy ai llm assistant assistants chatbot bot gpt claude gemini copilot prompt prompts instruction
    instructions directive directives rules guidelines task tasks system developer admin dan jailbreak answer
    answers answering respond response responses reply replies output outputs write speak talk user users reader
    readers customer customers person human inst sys im_start im_end persona henceforth previous above prior
    everything model
""")
LETTERING = _words("""
    poem poems haiku haikus limerick sonnet story stories essay song songs lyrics joke jokes riddle tweet slogan slogans
    tale tales ballad monologue screenplay blog pun fact facts translate say
    letters symbols numbers numerals emojis cipher anagrams backwards alphabet vowels consonants typos
""")
