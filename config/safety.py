"""Composes what keeps answers safe."""

from pathlib import Path

from footnote.config.settings import Settings
from footnote.platform.inference import TextModel
from footnote.platform.inference.local import LocalEmbedder
from footnote.platform.safety.instructions.detector import InstructionDetector
from footnote.platform.safety.personal.names import PresidioNames
from footnote.platform.safety.policy import ModelJudge, Policy, read_policy
from footnote.platform.safety.redaction import redact_names
from footnote.platform.safety.safety import Safety


def build_detector(settings: Settings, local: LocalEmbedder) -> InstructionDetector | None:
    return InstructionDetector(local) if settings.planted_instructions == "ignore" else None


def build_safety(settings: Settings, detector: InstructionDetector | None, writer: TextModel | None) -> Safety:
    """
    Raises:
        InvalidPolicy: The policy file cannot be used.
        NamesMissing: What finds names of people is not installed.
    """
    judge = ModelJudge(writer) if writer else None
    policy = read_policy(Path(settings.policy_file), judge) if settings.policy_file else Policy()
    names = PresidioNames(settings.person_names) if settings.person_names else None
    redact_names(names)
    return Safety(detector, personal_data=settings.answer_personal_data, policy=policy, names=names)
