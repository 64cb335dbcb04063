"""Conversations: what a question comes with from earlier ones, and what is kept of it. README.md tells how."""

from footnote.modules.generation.conversations.models import Conversation, Memory, Turn
from footnote.modules.generation.conversations.service import Conversations

__all__ = ["Conversation", "Conversations", "Memory", "Turn"]
