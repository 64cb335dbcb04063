"""The turns of a conversation as a tree: a branch is the path to one of them."""

import heapq
from collections import defaultdict
from collections.abc import Iterable

from footnote.modules.generation.conversations.errors import TurnNotFound
from footnote.modules.generation.conversations.models import Node


def in_order(nodes: Iterable[Node]) -> list[Node]:
    """Each after the one that it follows, else by id; without those that follow one that is not there.

    Ids are of the clocks of the processes that made them, of which one may be behind: a turn's may be less than that
    of the turn before it.
    """
    after: defaultdict[str | None, list[Node]] = defaultdict(list)
    for node in nodes:
        after[node.parent_id].append(node)
    ready = [(node.id, node) for node in after[None]]
    heapq.heapify(ready)
    found: list[Node] = []
    while ready:
        _, node = heapq.heappop(ready)
        found.append(node)
        for following in after[node.id]:
            heapq.heappush(ready, (following.id, following))
    return found


class Tree:
    def __init__(self, nodes: Iterable[Node]) -> None:
        """`nodes` oldest first."""
        self._parents = {node.id: node.parent_id for node in nodes}
        self._children: defaultdict[str | None, list[str]] = defaultdict(list)
        for turn_id, parent_id in self._parents.items():
            self._children[parent_id].append(turn_id)

    def branch(self, turn_id: str | None) -> list[str]:
        """The turns up to and with `turn_id`, oldest first; none up to nothing.

        Raises:
            TurnNotFound: There is no such turn.
        """
        found: list[str] = []
        while turn_id is not None:
            if turn_id not in self._parents:
                raise TurnNotFound(turn_id)
            found.append(turn_id)
            turn_id = self._parents[turn_id]
        return found[::-1]

    def leaf(self, turn_id: str) -> str:
        """Where the branch ends that was last gone on with after `turn_id`.

        Raises:
            TurnNotFound: There is no such turn.
        """
        if turn_id not in self._parents:
            raise TurnNotFound(turn_id)
        while children := self._children.get(turn_id):
            turn_id = children[-1]
        return turn_id

    def parent(self, turn_id: str) -> str | None:
        return self._parents[turn_id]

    def alternatives(self, turn_id: str) -> tuple[str, ...]:
        """The turns after the same one, `turn_id` among them, oldest first."""
        return tuple(self._children[self._parents[turn_id]])
