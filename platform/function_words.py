"""The words of a language that say nothing of what a text is about: articles, pronouns, particles, question words."""

from footnote.platform.stop_words import STOP_WORDS

_WORDS = {
    "bg": """
        и в на с за от да се не е са по до като което които който която този тази това тези той тя те беше са бил има
        или но при след през какво кой коя кое кога къде как защо колко ще му ѝ им
    """,
    "ca": """
        el la els les l d s de del dels que en un una uns unes per amb és no es al als com més va ser són o i aquest
        aquesta això seva seu quin quina quins quines qui què quan on per
    """,
    "cs": """
        a na se je že do to v ve z ze s o u k i jako za by ale po pro jsou které který která byl byla bylo od tak nebo
        při si jeho jejich kdo co kdy kde jak proč kolik jaký jaká jaké jsem být má
    """,
    "da": """
        og det at en et er som på de den den til af for ikke der var har han hun jeg fra ved eller kan blev i med om sig
        hvad hvem hvor hvornår hvordan hvorfor hvilken hvilke hvilket dette denne disse blive skal vi man
    """,
    "de": """
        der die und das den dem des von zu zum zur mit ist im in am an auf aus bei für nicht ein eine einen einem einer
        eines als auch sich werden wird wurde wurden sind war waren oder aber nach vom über um durch er sie es wir ihr
        ihre sein seine man hat haben hatte hatten kann können wie was wer wen wem wessen wo wann warum wieso weshalb
        welche welcher welches welchen welchem woher wohin womit wofür dass daß noch nur so wenn ob
        weil ich du mich mir dich dir uns euch ihnen ihm soll sollte muss müssen darf dürfen habe kein keine keinen
    """,
    "el": """
        ο η το οι τα του της των τον την τους τις στο στη στον στην στα στους στις και να με σε για από που δεν θα είναι
        ήταν ένα ένας μια μία ως ότι αυτό αυτή αυτός τι ποιος ποια ποιο ποιοι πότε πού πώς γιατί πόσο πόσα ή αλλά κατά
    """,
    "es": """
        el la los las lo de del que en un una unos unas con por para es ser son fue fueron era eran se no al como más su
        sus este esta estos estas eso esa pero le les o y e ha han hay entre sobre sin qué quién quiénes cuál cuáles
        cómo dónde cuándo cuánto cuánta cuántos cuántas quien cual donde cuando está están muy ya si
        porque desde hasta tiene tienen nos me te mi tu también
    """,
    "et": "ja on ei see et oli ta kui ka mis oma või aga kes ning selle nad mida kus millal miks kuidas kelle milline",
    "eu": "eta da ez bat du dira zen ere izan dute zuen edo baina hau hori zer nor non noiz nola zergatik zein",
    "fa": "و در به از که این را با است برای آن یک خود تا کرد بر هم نیز شد یا چه چرا کجا کی چگونه کدام بود می ها های",
    "fi": """
        ja on ei se että oli hän mutta ovat kun niin myös joka jotka tai kuin sen ole mukaan vain jos ne sekä mitä mikä
        kuka missä milloin miten miksi mihin kuinka minkä ketkä tämä nämä oliko onko
    """,
    "fr": """
        le la les l d qu j n s c m t de du des et est sont était que qui qui quoi une un dans pour sur pas au aux par
        plus avec ce cet cette ces il elle ils elles on ne ou où se sa son ses leur leurs quel quelle quels quelles
        comment quand pourquoi combien a ont été être en y mais à ça aussi très nous vous je tu lui si sans
        entre depuis dont mon ton
    """,
    "ga": "agus an na ar i is le do a go de ag bhí tá sé sí ní cad cé conas cathain nach mar leis",
    "he": "של את על לא הוא היא זה כי עם או גם אל מה מי איך מתי איפה למה כמה היו היה הם זו כל אם אבל יותר איזה איזו",
    "hi": """
        के का की में है और से को पर हैं यह एक ने भी कि नहीं तो ही कर था थे थी जो इस वह वे लिए गया हुआ या
        क्या कौन कब कहाँ कैसे क्यों कितने कितना किस किसने कौन
    """,
    "hr": "i je u na se da su za od s a o kao koji koja koje ne bi sa do te ili što tko gdje kada kako zašto koliko to",
    "hu": """
        a az és hogy nem egy is ez meg csak de van volt már mint vagy ha el még azt ki kell minden után lehet mi mit
        hol mikor hogyan miért melyik hány milyen ezt voltak
    """,
    "id": """
        yang dan di ke dari untuk dengan pada adalah ini itu dalam tidak oleh sebagai akan atau juga apa siapa kapan
        di mana bagaimana mengapa berapa telah mereka ia
    """,
    "it": """
        il lo la i gli le l d un una uno di del dello della dei degli delle dell da dal dalla dall in nel nella nell con
        su sul sulla sull per tra che chi cui non è sono era erano fu e o ma come più si se al alla ai alle anche ha
        hanno quale quali quando dove cosa perché quanto quanti quanta quante questo questa
    """,
    "lt": "ir yra į iš su kad buvo o ne bet kaip ar tai jo jos jie už po per nuo kas kur kada kodėl kiek kuris kuri",
    "lv": "un ir no ar uz kas par ka bija kā vai pie to tas tā bet arī pēc lai kur kad kāpēc cik kurš kura",
    "nl": """
        de het een van en in is dat die dit op te zijn met voor niet aan er om ook als maar door bij naar wordt werd
        werden uit of tot over was waren heeft hebben hij ze zij wat wie waar wanneer waarom hoe welke welk hoeveel
    """,
    "no": """
        og det som en et er på av for med den til ikke har de var fra jeg ved eller kan ble hun han etter i om seg hva
        hvem hvor når hvordan hvorfor hvilken hvilke hvilket dette denne å vi man
    """,
    "pl": """
        i w z na do się nie to jest są że jak za od po ale przez dla tym ten ta te był była było oraz czy które który
        która jego jej ich o u a co kto kogo gdzie kiedy dlaczego jaki jaka jakie ile ze
    """,
    "pt": """
        o a os as de do da dos das em no na nos nas um uma que não com para por pelo pela se mais como mas ao à foi
        foram era eram ser é são e ou seu sua qual quais quem quando onde quanto quantos quantas porque este esta isso
    """,
    "ro": """
        și de în la cu pe nu este sunt a al ai ale o un din că pentru mai se sau ca prin dar fost au lui care ce cine
        când unde cum câți câte cât după între era erau
    """,
    "ru": """
        и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее её мне было вот от меня о из
        ему для при это этот эта эти который которая которое которые был была были или до чем кто когда где почему
        сколько какой какая какое какие их
    """,
    "sk": "a na sa je že do to v vo z zo s o ako za by ale po pre sú ktoré ktorý bol od alebo pri čo kto kde kedy",
    "sl": "in je v na se da za so ki z s po od pa tudi kot ne ali ter do bil bila kaj kdo kje kdaj kako zakaj koliko",
    "sr": "и је у на се да су за од с а о као који која које не би са до те или што ко где када како зашто колико то",
    "sv": """
        och att det som en ett på är av för med den till i inte har hade de om var jag så men från vid eller kan han hon
        sig vad vem vilka vilken vilket när hur varför denna detta man blev
    """,
    "tr": """
        ve bir bu için ile da de olarak daha çok olan gibi en ne kadar sonra ama değil olduğu her ya o mi mı mu mü kim
        nerede zaman nasıl neden niçin kaç hangi nedir kimdir veya ancak fakat çünkü eğer ise bunun bunu buna bunlar
        onun onlar biz siz göre karşı önce bazı tüm bütün hiç şey kendi olup olur olmak edilir edilen yapılır vardır
        yoktur değildir içinde üzerinde üzere arasında tarafından rağmen ayrıca yalnızca sadece artık henüz böyle
        diye şu
    """,
    "uk": """
        і й в у на з із що не як до та за це є про від його її але для при він вона вони який яка яке які був була було
        або чи по хто коли де чому скільки
    """,
    "vi": """
        và của là có được trong cho các một những với không này đã để khi từ người đến như ở ra gì ai nào đâu sao bao
        nhiêu thế
    """,
}
FUNCTION_WORDS = {"en": STOP_WORDS, **{language: frozenset(words.split()) for language, words in _WORDS.items()}}
