"""What is done against planted instructions, and with personal data in answers."""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from footnote.config.inference_settings import InferenceSettings
from footnote.platform.safety.policy import InvalidPolicy, read_policy


class SafetySettings(InferenceSettings, frozen=True, kw_only=True):
    planted_instructions: Annotated[
        Literal["ignore", "keep"],
        Meta(description="Whether models see orders to them that somebody planted in a document"),
    ]
    answer_personal_data: Annotated[
        Literal["keep", "mask", "withhold"],
        Meta(description="What becomes of personal data in answers; withhold: of the sentence that it stands in"),
    ]
    person_names: Annotated[
        str,
        Meta(
            description="Name or folder of a pipeline of spaCy that finds names of people as personal data; empty: none"
        ),
    ]
    policy_file: Annotated[
        str, Meta(description="TOML file of words and patterns that are not to be asked or answered; empty: none")
    ]


def policy_problems(settings: SafetySettings) -> list[str]:
    """A line for what is wrong with the policy file, if there is one."""
    try:
        if settings.policy_file:
            read_policy(Path(settings.policy_file))
    except InvalidPolicy as error:
        return [f"policy_file: {error}"]
    return []
