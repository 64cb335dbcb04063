"""What chat models say, in the wire format of each provider, as streams of server-sent events."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TEXTS = ("It is ", "red. ", "[1]")
READ, CACHED, KEPT = 120, 100, 15  # tokens that were read; some from the provider's cache, some put into it
WRITTEN, THOUGHT = 30, 20  # tokens; of what was written, some were thoughts


@dataclass(frozen=True, kw_only=True)
class Said:
    texts: tuple[str, ...] = TEXTS
    thoughts: tuple[str, ...] = ()
    calls: tuple[tuple[str, str, str], ...] = ()  # id, name and arguments
    stop: str = "end"  # or length, refused
    is_tagged: bool = False  # thoughts stand amidst the text, in a tag


Format = Callable[[Said], list[bytes]]


def event(content: object, name: str | None = None) -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(content)}\n\n".encode()


def openai_stream(said: Said) -> list[bytes]:
    kinds = list(_openai_events(said))
    return [event({**kind, "sequence_number": at}, kind["type"]) for at, kind in enumerate(kinds)]


def _openai_events(said: Said) -> Iterator[dict[str, Any]]:
    response: dict[str, Any] = {"id": "resp_1", "object": "response", "created_at": 0, "model": "m", "output": []}
    response |= {"parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "status": "in_progress"}
    at = {"item_id": "item_1", "output_index": 0}
    yield {"type": "response.created", "response": response}
    if said.thoughts:
        item = {"type": "reasoning", "id": "rs_1", "summary": []}
        yield {"type": "response.output_item.added", "output_index": 0, "item": item}
    for place, thought in enumerate(said.thoughts):
        part = {"type": "summary_text", "text": ""}
        yield {"type": "response.reasoning_summary_part.added", **at, "summary_index": place, "part": part}
        yield {"type": "response.reasoning_summary_text.delta", **at, "summary_index": place, "delta": thought}
    kind = "response.refusal.delta" if said.stop == "refused" else "response.output_text.delta"
    for text in said.texts:
        yield {"type": kind, **at, "content_index": 0, "delta": text, "logprobs": []}
    for place, (call, name, arguments) in enumerate(said.calls):
        item = {"type": "function_call", "id": f"fc_{place}", "call_id": call, "name": name, "arguments": arguments}
        yield {"type": "response.function_call_arguments.delta", **at, "delta": arguments}
        yield {"type": "response.output_item.done", "output_index": place, "item": item}
    usage = {
        "input_tokens": READ,
        "input_tokens_details": {"cached_tokens": CACHED, "cache_write_tokens": KEPT},
        "output_tokens": WRITTEN,
        "output_tokens_details": {"reasoning_tokens": THOUGHT},
        "total_tokens": READ + WRITTEN,
    }
    is_cut = said.stop == "length"
    done = {**response, "status": "incomplete" if is_cut else "completed", "usage": usage}
    done["incomplete_details"] = {"reason": "max_output_tokens"} if is_cut else None
    yield {"type": "response.incomplete" if is_cut else "response.completed", "response": done}


def anthropic_stream(said: Said) -> list[bytes]:
    return [event(kind, kind["type"]) for kind in _anthropic_events(said)]


def _anthropic_events(said: Said) -> Iterator[dict[str, Any]]:
    usage: dict[str, Any] = {"input_tokens": READ - CACHED - KEPT, "cache_read_input_tokens": CACHED}
    usage |= {"cache_creation_input_tokens": KEPT, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": "m", "usage": usage}
    yield {"type": "message_start", "message": {**message, "stop_reason": None, "stop_sequence": None}}
    yield {"type": "ping"}
    for place, (block, deltas) in enumerate(_anthropic_blocks(said)):
        yield {"type": "content_block_start", "index": place, "content_block": block}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": place, "delta": delta}
        yield {"type": "content_block_stop", "index": place}
    stops = {"end": "tool_use" if said.calls else "end_turn", "length": "max_tokens", "refused": "refusal"}
    told = {"output_tokens": WRITTEN, "output_tokens_details": {"thinking_tokens": THOUGHT}}
    yield {"type": "message_delta", "delta": {"stop_reason": stops[said.stop], "stop_sequence": None}, "usage": told}
    yield {"type": "message_stop"}


def _anthropic_blocks(said: Said) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    if said.thoughts:
        thoughts = [{"type": "thinking_delta", "thinking": thought} for thought in said.thoughts]
        signed = {"type": "signature_delta", "signature": "c2ln"}
        yield {"type": "thinking", "thinking": "", "signature": ""}, [*thoughts, signed]
    if said.texts:
        yield {"type": "text", "text": ""}, [{"type": "text_delta", "text": text} for text in said.texts]
    for call, name, arguments in said.calls:
        halves = (arguments[: len(arguments) // 2], arguments[len(arguments) // 2 :])
        deltas = [{"type": "input_json_delta", "partial_json": half} for half in halves]
        yield {"type": "tool_use", "id": call, "name": name, "input": {}}, deltas


def google_stream(said: Said) -> list[bytes]:
    parts: list[dict[str, Any]] = [{"text": thought, "thought": True} for thought in said.thoughts]
    parts += [{"text": text} for text in said.texts]
    parts += [
        {"functionCall": {"id": call, "name": name, "args": json.loads(arguments)}}
        for call, name, arguments in said.calls
    ]
    stops = {"end": "STOP", "length": "MAX_TOKENS", "refused": "SAFETY"}
    usage = {
        "promptTokenCount": READ,
        "cachedContentTokenCount": CACHED,
        "candidatesTokenCount": WRITTEN - THOUGHT,
        "thoughtsTokenCount": THOUGHT,
    }
    chunks: list[dict[str, Any]] = [
        {"candidates": [{"content": {"role": "model", "parts": [part]}, "index": 0}]} for part in parts
    ]
    chunks.append({"candidates": [{"finishReason": stops[said.stop], "index": 0}], "usageMetadata": usage})
    return [event({**chunk, "modelVersion": "m"}) for chunk in chunks]


def compatible_stream(said: Said) -> list[bytes]:
    return [event(chunk) for chunk in _compatible_chunks(said)] + [b"data: [DONE]\n\n"]


def _compatible_chunks(said: Said) -> Iterator[dict[str, Any]]:
    thoughts: list[dict[str, Any]] = [{"reasoning_content": thought} for thought in said.thoughts]
    if said.is_tagged:
        thoughts = [{"content": piece} for piece in ("<th", "ink>\n", *said.thoughts, "</thi", "nk>\n\n")]
    deltas = [{"role": "assistant", "content": ""}, *thoughts, *({"content": text} for text in said.texts)]
    for place, (call, name, arguments) in enumerate(said.calls):
        head = {"index": place, "id": call, "type": "function", "function": {"name": name, "arguments": ""}}
        rest = {"index": place, "function": {"arguments": arguments}}
        deltas += [{"tool_calls": [head]}, {"tool_calls": [rest]}]
    stops = {"end": "tool_calls" if said.calls else "stop", "length": "length", "refused": "content_filter"}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "usage": None}
    for delta in deltas:
        yield {**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": stops[said.stop]}]}
    usage = {
        "prompt_tokens": READ,
        "completion_tokens": WRITTEN,
        "total_tokens": READ + WRITTEN,
        "prompt_tokens_details": {"cached_tokens": CACHED, "cache_write_tokens": KEPT},
        "completion_tokens_details": {"reasoning_tokens": THOUGHT},
    }
    yield {**chunk, "choices": [], "usage": usage}


STREAMS: Mapping[str, Format] = {
    "openai": openai_stream,
    "anthropic": anthropic_stream,
    "google": google_stream,
    "compatible": compatible_stream,
}
