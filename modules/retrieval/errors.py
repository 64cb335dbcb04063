"""Errors of retrieval."""

from footnote.platform.errors import Conflict, Invalid, NotFound


class StaleFence(Conflict):
    type = "/problems/stale-fence"
    title = "A newer job has published this document"

    def __init__(self, document_id: str, fence: int) -> None:
        super().__init__(
            "The index kept what a newer job published; this job's work was not used.",
            document_id=document_id,
            fence=fence,
        )


class InvalidFilter(Invalid):
    type = "/problems/invalid-filter"
    title = "Invalid filter"

    def __init__(self, reason: str, at: str) -> None:
        super().__init__(f"{reason} - at `{at}`", at=at)


class EmptyQuery(Invalid):
    type = "/problems/empty-query"
    title = "Empty query"

    def __init__(self) -> None:
        super().__init__("The query has nothing to search for. Type a word or a question.")


class QueryTooLong(Invalid):
    type = "/problems/query-too-long"
    title = "Query too long"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"The query has {length} characters; at most {limit} are allowed. Shorten it.", length=length, limit=limit
        )


class InvalidTopK(Invalid):
    type = "/problems/invalid-top-k"
    title = "Invalid number of results"

    def __init__(self, top_k: int, limit: int) -> None:
        super().__init__(f"`top_k` is {top_k}; it must be from 1 to {limit}.", top_k=top_k, limit=limit)


class NoPassages(NotFound):
    type = "/problems/passages-not-found"
    title = "No passages"

    def __init__(self, document_id: str) -> None:
        super().__init__("There is no indexed document of this id that you may read.", document_id=document_id)
