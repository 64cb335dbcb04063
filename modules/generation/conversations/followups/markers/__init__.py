"""By which words a follow-up is known, language by language."""

from footnote.modules.generation.conversations.followups.markers.english import ENGLISH
from footnote.modules.generation.conversations.followups.markers.french import FRENCH
from footnote.modules.generation.conversations.followups.markers.german import GERMAN
from footnote.modules.generation.conversations.followups.markers.kinds import Markers
from footnote.modules.generation.conversations.followups.markers.spanish import SPANISH

__all__ = ["ENGLISH", "MARKERS", "MONTHS", "Markers"]

MARKERS = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "fr": FRENCH}
MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
