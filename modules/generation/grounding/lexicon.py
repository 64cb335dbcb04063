"""Words whose exchange turns a sentence into another claim, and those that say nothing by themselves."""

from collections.abc import Mapping


def words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NEGATORS = words("""
    no not never none neither nor without cannot nobody nothing nowhere hardly scarcely unable fail failed fails failing
    refuse refused refuses refusing deny denied denies denying lack lacked lacks lacking false untrue except
    kein keine keinen keiner keinem nicht nie niemals ohne weder
    ningún ninguna ninguno nunca jamás sin tampoco ne pas jamais aucun aucune sans ni
    不 没 沒 無 无 未 非
""")

# One word of a group excludes the others: where the source has one, a sentence with another says something else.
EXCLUSIVE: tuple[frozenset[str], ...] = tuple(
    words(line)
    for line in """
    more less fewer
    most least fewest fewer
    majority minority
    over under
    above below
    before after until
    all none some most few many several
    every no some
    always never sometimes often rarely seldom usually
    both neither either
    everyone nobody someone
    north south east west
    northern southern eastern western
    northeast northwest southeast southwest
    northeastern northwestern southeastern southwestern
    first last second third fourth fifth
    early late
    earlier later
    earliest latest
    old new
    older younger newer
    oldest youngest newest
    largest smallest
    larger smaller
    large small
    big small
    highest lowest
    higher lower
    high low
    longest shortest
    longer shorter
    long short
    biggest smallest
    bigger smaller
    greater smaller lesser
    greatest smallest least
    best worst
    better worse
    strong weak
    stronger weaker
    faster slower
    fast slow
    hot cold
    heavy light
    rich poor
    increase decrease decline
    rise fall
    rose fell
    grow shrink
    gain lose
    gained lost
    win lose
    won lost
    victory defeat
    begin end
    begin finish
    begin stop
    start end
    start finish
    start stop
    open close
    join leave
    accept reject
    approve reject
    allow forbid prohibit ban
    permit forbid prohibit
    support oppose
    agree disagree
    succeed fail
    success failure
    buy sell
    bought sold
    import export
    attack defend
    enter exit
    arrive depart
    create destroy
    build destroy
    love hate
    male female
    man woman
    men women
    boy girl
    father mother
    son daughter
    brother sister
    husband wife
    king queen
    born died
    birth death
    alive dead
    public private
    positive negative
    major minor
    maximum minimum
    upper lower
    inside outside
    left right
    front back
    top bottom
    domestic foreign
    internal external
    legal illegal
    rural urban
    winter summer spring autumn
    day week month year decade century
    daily weekly monthly annual
    morning evening night
    second minute hour day
    kilometre mile metre foot
    euro dollar pound yen
    thousand million billion trillion
    primary secondary
    active passive
    true false
    same different
    include exclude
    present absent
    near far
    single double
    half third quarter
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    red blue green yellow black white orange brown purple
    mehr weniger
    alle einige keine
    vor nach
    erste letzte zweite
    más menos
    antes después
    todos algunos ninguno
    """.strip().splitlines()
)
PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "mis")

IRREGULAR: Mapping[str, str] = {
    form: line.split()[0]
    for line in """
    be is are was were been being am
    begin began begun
    break broke broken
    bring brought
    build built
    buy bought
    catch caught
    choose chose chosen
    come came
    deal dealt
    do did done does
    draw drew drawn
    drive drove driven
    eat ate eaten
    fall fell fallen
    feel felt
    fight fought
    find found
    fly flew flown
    get got gotten
    give gave given
    go went gone
    grow grew grown
    have has had
    hear heard
    hold held
    keep kept
    know knew known
    lay laid
    lead led
    leave left
    lend lent
    lose lost
    make made
    man men
    mean meant
    meet met
    pay paid
    person people
    rise rose risen
    run ran
    say said
    see saw seen
    seek sought
    sell sold
    send sent
    set sets setting
    shoot shot
    sing sang sung
    sink sank sunk
    sit sat
    speak spoke spoken
    spend spent
    stand stood
    steal stole stolen
    strike struck
    swear swore sworn
    take took taken
    teach taught
    tell told
    think thought
    throw threw thrown
    wear wore worn
    win won
    woman women
    write wrote written
    child children
    century centuries
    colour color colours colors
    centre center
    kilometre kilometer kilometres kilometers km
    metre meter metres meters
    percent per-cent
    """.strip().splitlines()
    for form in line.split()
}

# Lower-case words that carry no claim by themselves; beside the function words of the language.
FRAME = words("""
    according answer question passage document documents source sources text article context provided states stated
    mentions mentioned says also additionally furthermore moreover however overall therefore thus hence indeed
    specifically essentially basically namely well
    notes noted explains explained shows describes indicates reports confirms short summary
""")
PRONOUNS = words("""
    he she it they him her them his hers its their theirs this that these those who which whose we our us i my
    er sie es ihr sein ihre seine dieser diese dieses él ella ellos su sus este esta il elle ils elles son sa ses ce
""")
SUBJECTS = words("""
    he she it they his her its their him them this these we our er sie es il elle ils él ella
""")
AUXILIARY = words("""
    am is are was were be been being do does did have has had will would shall should can could may might must having
""")
# With a capital at the beginning of a sentence these are no names.
OPENERS = NEGATORS | words("""
    people many most several some all both few originally today later prior despite among although though since until
    within throughout along around during following like unlike only even still yet once twice each every other others
    another various numerous modern early late first last second next new old large small high low water children men
    women students companies revenue sales net total income years work research
""")
COMPARATORS: Mapping[str, str] = {
    word: line.split()[0]
    for line in """
    more over above exceeding exceeded
    less under below fewer
    least
    most maximum
    almost nearly
    before
    after
    until till
    since
    """.strip().splitlines()
    for word in line.split()
}
