"""Access: who is asking. Other slices learn it from the kernel's `Principal`; here are the errors."""

from footnote.modules.access.errors import InvalidApiKeys, NotSignedIn, TooManyLogins, UnsafeBinding, WrongKey

__all__ = ["InvalidApiKeys", "NotSignedIn", "TooManyLogins", "UnsafeBinding", "WrongKey"]
