"""How much one tenant may keep and have under way; 0 sets no limit."""

import msgspec

from footnote.modules.ingestion.errors import QuotaReached, TooManyWaiting
from footnote.modules.ingestion.models import Usage


class TenantLimits(msgspec.Struct, frozen=True, kw_only=True):
    documents: int = 0
    size: int = 0  # bytes of originals
    waiting: int = 0  # documents that are not settled

    def check(self, usage: Usage, size: int, *, is_new: bool = True) -> None:
        """Whether there is room for `size` more bytes, in a document more if it `is_new`.

        Raises:
            QuotaReached: There are as many documents, or bytes, as there may be.
            TooManyWaiting: As many are under way as may be.
        """
        if self.documents and is_new and usage.documents >= self.documents:
            raise QuotaReached("documents", self.documents, "FOOTNOTE_TENANT_MAX_DOCUMENTS")
        if self.size and size > 0 and usage.size + size > self.size:
            raise QuotaReached("bytes", self.size, "FOOTNOTE_TENANT_MAX_BYTES")
        if self.waiting and usage.waiting >= self.waiting:
            raise TooManyWaiting(self.waiting)
