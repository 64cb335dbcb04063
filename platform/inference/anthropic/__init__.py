"""Anthropic's Messages API: chat models, through its own client, which takes about a second to import."""

from footnote.platform.inference.anthropic.chat import AnthropicChat

__all__ = ["AnthropicChat"]
