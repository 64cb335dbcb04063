"""Words that count, measure and date."""

from collections.abc import Mapping

UNITS: Mapping[str, str] = {
    form: line.split()[0]
    for line in """
    second seconds sec
    minute minutes min
    hour hours h hr hrs
    day days
    week weeks
    month months
    year years yr yrs
    decade decades
    century centuries
    kilometre kilometres kilometer kilometers km
    metre metres meter meters m
    centimetre centimetres centimeter centimeters cm
    millimetre millimetres millimeter millimeters mm
    mile miles mi
    foot feet ft
    inch inches
    acre acres
    hectare hectares ha
    gram grams g
    kilogram kilograms kg
    pound pounds lb lbs
    tonne tonnes ton tons
    litre litres liter liters l
    gallon gallons
    watt watts w
    kilowatt kilowatts kw
    megawatt megawatts mw
    volt volts v
    byte bytes
    kilobyte kb
    megabyte megabytes mb
    gigabyte gigabytes gb
    degree degrees
    dollar dollars usd
    euro euros eur
    yen jpy
    people person persons inhabitants
    """.strip().splitlines()
    for form in line.split()
}
SCALES: Mapping[str, int] = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "millions": 10**6, "billion": 10**9, "billions": 10**9,
    "trillion": 10**12, "bn": 10**9, "mn": 10**6,
}  # fmt: skip
_SMALL = """
    zero _ two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
"""
_ORDINALS = """
    _ first _ third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS: Mapping[str, int] = {
    **{word: value for value, word in enumerate(_SMALL.split()) if word != "_"},
    **{word: value for value, word in enumerate(_ORDINALS.split()) if word != "_"},
    **{word: 10 * tens for tens, word in enumerate(_TENS.split(), 2)},
}
MONTHS: Mapping[str, int] = {
    form: number
    for number, line in enumerate(
        """january jan januar enero janvier
    february feb februar febrero février
    march mar märz marzo mars
    april apr abril avril
    may mai mayo
    june jun juni junio juin
    july jul juli julio juillet
    august aug agosto août
    september sep sept septiembre septembre
    october oct oktober octubre octobre
    november nov noviembre novembre
    december dec dezember diciembre décembre""".splitlines(),
        start=1,
    )
    for form in line.split()
}
