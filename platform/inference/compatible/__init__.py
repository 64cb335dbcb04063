"""Chat models of any server that answers like OpenAI's chat completions, through OpenAI's client."""

from footnote.platform.inference.compatible.chat import CompatibleChat

__all__ = ["CompatibleChat"]
