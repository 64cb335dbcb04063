"""The order of turns, and branches of them."""

from support.conversations import conversation

from footnote.modules.generation.conversations.models import Node
from footnote.modules.generation.conversations.repository.moving import ConversationRecord
from footnote.modules.generation.conversations.tree import Tree, in_order

# Of two processes, one whose clock is behind: the turn `b` was asked there, after `c`.
BEHIND = [Node(id="b", parent_id="c"), Node(id="c", parent_id=None), Node(id="d", parent_id="b")]


def test_turns_are_in_the_order_of_their_branch_also_where_a_clock_was_behind() -> None:
    assert [node.id for node in in_order(BEHIND)] == ["c", "b", "d"]
    assert Tree(in_order(BEHIND)).branch("d") == ["c", "b", "d"]


def test_a_turn_whose_parent_is_not_there_is_left_out_with_those_after_it() -> None:
    assert in_order([*BEHIND[:1], *BEHIND[2:]]) == []


def test_no_turn_is_lost_on_its_way_to_another_store() -> None:
    talk = conversation(turns=3, active_id="d")
    record = ConversationRecord(tenant="acme", owner="ann", touched="e", conversation=talk, nodes=tuple(BEHIND))
    assert record.with_turns(BEHIND) == record
    fewer = record.with_turns(BEHIND[:2])
    assert ([node.id for node in fewer.nodes], fewer.conversation.active_id) == (["c", "b"], "b")
