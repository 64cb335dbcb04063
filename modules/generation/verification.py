"""What decides whether passages say a sentence: the port, and the verifier that needs no network."""

from footnote.modules.generation.grounding import Claim, Evidence, Support, Verifier
from footnote.modules.generation.grounding.local import LocalVerifier

__all__ = ["Claim", "Evidence", "LocalVerifier", "Support", "Verifier"]
