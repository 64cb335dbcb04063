"""Passages as a search finds them."""

from typing import Any

from footnote.modules.retrieval import Passage, Ranks, Scores


def found(text: str, *, document: str = "d", start: int = 0, score: float = 1.0, **more: Any) -> Passage:
    defaults: dict[str, Any] = {
        "id": f"{document}:{start}:{start + len(text)}",
        "version": 1,
        "title": document,
        "pages": (),
        "boxes": (),
        "heading_path": (),
        "scores": Scores(fused=score),
        "ranks": Ranks(),
    }
    return Passage(
        document_id=document, text=text, start=start, end=start + len(text), score=score, **(defaults | more)
    )
