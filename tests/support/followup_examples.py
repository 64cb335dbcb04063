"""Questions in conversations, written for this purpose: those that lean on what was said, and those that stand alone.

Every second one (`SEEN`) was looked at while the rules were made; the others (`UNSEEN`) tell how well they do.
"""

from typing import NamedTuple


class FollowUp(NamedTuple):
    before: str
    answer: str
    question: str
    holds: tuple[str, ...]  # what stands in it once it stands alone
    lacks: tuple[str, ...] = ()


class Standing(NamedTuple):
    before: str
    answer: str
    question: str


REVENUE = "What was Apple's revenue in 2023?"
REVENUE_WAS = "Apple's revenue was 383 billion dollars."
MOONS = "How many moons does Mars have?"
MOONS_ARE = "Mars has two moons."

FOLLOW_UPS = (
    FollowUp(REVENUE, REVENUE_WAS, "and in the year before?", ("Apple", "revenue", "2022"), ("2023",)),
    FollowUp(REVENUE, REVENUE_WAS, "And in 2021?", ("Apple", "revenue", "2021"), ("2023",)),
    FollowUp(REVENUE, REVENUE_WAS, "What about Microsoft?", ("Microsoft", "revenue", "2023"), ("Apple",)),
    FollowUp(REVENUE, REVENUE_WAS, "how about Nvidia", ("Nvidia", "revenue", "2023"), ("Apple",)),
    FollowUp(REVENUE, REVENUE_WAS, "And the profit?", ("Apple", "profit", "2023")),
    FollowUp(REVENUE, REVENUE_WAS, "What was its net income?", ("Apple", "net income")),
    FollowUp(REVENUE, REVENUE_WAS, "Why?", ("Apple", "revenue", "2023", "why")),
    FollowUp(REVENUE, REVENUE_WAS, "in Europe?", ("Apple", "revenue", "2023", "Europe")),
    FollowUp(MOONS, MOONS_ARE, "Who discovered them?", ("Mars", "discovered")),
    FollowUp(MOONS, MOONS_ARE, "What about Venus?", ("moons", "Venus"), ("Mars",)),
    FollowUp("Who founded Tesla?", "Tesla was founded by Martin Eberhard.", "When was he born?", ("Martin Eberhard",)),
    FollowUp("What is the capital of France?", "Paris.", "How many people live there?", ("Paris",)),
    FollowUp("Where is the Eiffel Tower?", "It is in Paris.", "How tall is it?", ("Eiffel Tower",)),
    FollowUp("Who wrote Dracula?", "Bram Stoker wrote it.", "What else did he write?", ("Bram Stoker",)),
    FollowUp("How long is the notice period in Germany?", "Four weeks.", "And in France?", ("notice period", "France")),
    FollowUp("Who may approve travel?", "The head of the department.", "tell me more", ("approve travel",)),
    FollowUp(
        "What was the turnover in the third quarter of 2022?", "5 million.", "and the quarter before?", ("second",)
    ),
    FollowUp("Does the policy cover dental care?", "It does.", "since when?", ("dental care", "since when")),
    FollowUp("What is the fee for transfers?", "Two euros.", "What about withdrawals?", ("withdrawals", "fee")),
    FollowUp("When did Rome fall?", "In 476.", "Who ruled it then?", ("Rome",)),
    FollowUp("How many employees does SAP have?", "SAP has 100000.", "Where is their headquarters?", ("SAP",)),
    FollowUp("Is remote work allowed?", "Up to two days.", "Are there exceptions to this?", ("remote work",)),
    FollowUp(
        "Wie hoch war der Umsatz von Siemens 2022?", "72 Milliarden.", "Und im Vorjahr?", ("Siemens", "2021"), ("2022",)
    ),
    FollowUp(
        "Wie hoch war der Umsatz von Siemens 2022?", "72 Milliarden.", "Und bei Bosch?", ("Bosch", "2022"), ("Siemens",)
    ),
    FollowUp("Wie viele Monde hat der Mars?", "Zwei.", "Und die Venus?", ("Monde", "Venus"), ("Mars",)),
    FollowUp("Wie viele Monde hat der Mars?", "Zwei.", "Wer hat sie entdeckt?", ("Mars", "entdeckt")),
    FollowUp("Was ist die Hauptstadt von Frankreich?", "Paris.", "Wie viele Einwohner hat sie?", ("Paris",)),
    FollowUp("Wie hoch ist der Beitrag?", "Zehn Euro.", "Warum?", ("Beitrag", "Warum")),
    FollowUp("Wer leitet die Firma Henkel?", "Carsten Knobel.", "Seit wann?", ("Henkel", "Seit wann")),
    FollowUp(
        "Wie lange gilt die Garantie in Österreich?", "Zwei Jahre.", "Was ist mit der Schweiz?", ("Garantie", "Schweiz")
    ),
    FollowUp(
        "¿Cuál fue el beneficio de Iberdrola en 2022?",
        "4339 millones.",
        "¿Y el año anterior?",
        ("Iberdrola", "2021"),
        ("2022",),
    ),
    FollowUp(
        "¿Cuál fue el beneficio de Iberdrola en 2022?",
        "4339 millones.",
        "¿Y Endesa?",
        ("Endesa", "2022"),
        ("Iberdrola",),
    ),
    FollowUp("¿Cuántos habitantes tiene Sevilla?", "684000.", "¿Y en Madrid?", ("habitantes", "Madrid")),
    FollowUp("¿Quién fundó Inditex?", "Amancio Ortega.", "¿Cuándo nació?", ("Amancio Ortega",)),
    FollowUp("¿Se permite el teletrabajo?", "Sí, dos días.", "¿Por qué?", ("teletrabajo",)),
    FollowUp("¿Cuál es la capital de Perú?", "Lima.", "¿Cuál es su población?", ("Lima",)),
    FollowUp(
        "Quel était le chiffre d'affaires de Renault en 2022 ?",
        "46 milliards.",
        "Et l'année précédente ?",
        ("Renault", "2021"),
        ("2022",),
    ),
    FollowUp(
        "Quel était le chiffre d'affaires de Renault en 2022 ?",
        "46 milliards.",
        "Et pour Peugeot ?",
        ("Peugeot", "2022"),
        ("Renault",),
    ),
    FollowUp("Quelle est la capitale de l'Italie ?", "Rome.", "Quelle est sa population ?", ("Rome",)),
    FollowUp("Le télétravail est-il permis ?", "Oui.", "Pourquoi ?", ("télétravail",)),
    FollowUp(
        "Combien de jours de congé ont les salariés en France ?",
        "25.",
        "Et en Belgique ?",
        ("congé", "Belgique"),
        ("France",),
    ),
    FollowUp("Qui a fondé Michelin ?", "André Michelin.", "Quand est-il né ?", ("André Michelin",)),
)

STANDING = (
    Standing(REVENUE, REVENUE_WAS, "What was Microsoft's revenue in 2021?"),
    Standing(REVENUE, REVENUE_WAS, "How many employees does Nvidia have?"),
    Standing(REVENUE, REVENUE_WAS, "When did Apple publish its first annual report?"),
    Standing(REVENUE, REVENUE_WAS, "Is it possible to cancel an order after payment?"),
    Standing(REVENUE, REVENUE_WAS, "How long does it take to process a refund?"),
    Standing(REVENUE, REVENUE_WAS, "Are there any restrictions on international travel?"),
    Standing(REVENUE, REVENUE_WAS, "What is the weather like this year in Spain?"),
    Standing(REVENUE, REVENUE_WAS, "Which employees have to sign their contracts twice?"),
    Standing(REVENUE, REVENUE_WAS, "What happens if a customer loses his card?"),
    Standing(REVENUE, REVENUE_WAS, "Who is responsible for data protection?"),
    Standing(REVENUE, REVENUE_WAS, "operating margin Samsung 2020"),
    Standing(REVENUE, REVENUE_WAS, "List all products that were recalled in 2019."),
    Standing(REVENUE, REVENUE_WAS, "Why did sales of the iPhone fall in China?"),
    Standing(REVENUE, REVENUE_WAS, "What does the contract say about termination?"),
    Standing(REVENUE, REVENUE_WAS, "When a company sells goods, how does it recognise revenue?"),
    Standing(REVENUE, REVENUE_WAS, "Explain how photosynthesis works."),
    Standing(MOONS, MOONS_ARE, "Which planet has the most moons?"),
    Standing(MOONS, MOONS_ARE, "What is the name of the book that Tolkien wrote in 1937?"),
    Standing(MOONS, MOONS_ARE, "Is there a limit on cash withdrawals?"),
    Standing(MOONS, MOONS_ARE, "Who said that the Earth orbits the Sun?"),
    Standing(MOONS, MOONS_ARE, "What is inflation and why does it matter?"),
    Standing(MOONS, MOONS_ARE, "In 2022, how many people visited the Louvre?"),
    Standing("Wie viele Monde hat der Mars?", "Zwei.", "Wie hoch ist der Umsatz von Bosch?"),
    Standing("Wie viele Monde hat der Mars?", "Zwei.", "Wann hat der Vorstand seinen Bericht vorgelegt?"),
    Standing("Wie viele Monde hat der Mars?", "Zwei.", "Gibt es eine Obergrenze für Spesen?"),
    Standing("Wie viele Monde hat der Mars?", "Zwei.", "Welche Unterlagen brauchen Sie für den Antrag?"),
    Standing("Wie viele Monde hat der Mars?", "Zwei.", "Wie lange dauert es, einen Antrag zu bearbeiten?"),
    Standing("Wie viele Monde hat der Mars?", "Zwei.", "Was müssen Mieter tun, wenn sie ausziehen?"),
    Standing("Wie viele Monde hat der Mars?", "Zwei.", "Kündigungsfrist Mietvertrag Österreich"),
    Standing("¿Quién fundó Inditex?", "Amancio Ortega.", "¿Cuál es la capital de Chile?"),
    Standing("¿Quién fundó Inditex?", "Amancio Ortega.", "¿Qué documentos necesita un empleado para su solicitud?"),
    Standing("¿Quién fundó Inditex?", "Amancio Ortega.", "¿Hay un límite para los gastos de viaje?"),
    Standing("¿Quién fundó Inditex?", "Amancio Ortega.", "¿Cuánto cuesta el envío a Canarias?"),
    Standing("¿Quién fundó Inditex?", "Amancio Ortega.", "¿Es posible cancelar el pedido?"),
    Standing("¿Quién fundó Inditex?", "Amancio Ortega.", "¿Cuándo vence el plazo de entrega?"),
    Standing("Qui a fondé Michelin ?", "André Michelin.", "Quel est le prix du billet pour Lyon ?"),
    Standing("Qui a fondé Michelin ?", "André Michelin.", "Y a-t-il une limite de dépenses ?"),
    Standing("Qui a fondé Michelin ?", "André Michelin.", "Comment le salarié obtient-il son certificat ?"),
    Standing("Qui a fondé Michelin ?", "André Michelin.", "Est-il possible d'annuler une commande ?"),
    Standing("Qui a fondé Michelin ?", "André Michelin.", "Que faut-il faire en cas d'accident ?"),
    Standing("Qui a fondé Michelin ?", "André Michelin.", "Pourquoi les ventes de Peugeot ont-elles baissé en 2020 ?"),
    Standing("Qui a fondé Michelin ?", "André Michelin.", "Combien d'habitants a la ville de Lyon ?"),
)
SEEN, UNSEEN = slice(0, None, 2), slice(1, None, 2)
