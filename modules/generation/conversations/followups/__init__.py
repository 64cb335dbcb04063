"""Questions that lean on what was said before, made to stand alone."""

from footnote.modules.generation.conversations.followups.resolving import FollowUps

__all__ = ["FollowUps"]
