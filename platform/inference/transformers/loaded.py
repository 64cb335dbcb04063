"""A model of Hugging Face in memory. Importing this takes seconds, and it is used by one thread."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
import transformers

from footnote.platform.inference import ChatRequest, Stop, Usage
from footnote.platform.inference.calls.content import clean, schema_words
from footnote.platform.inference.calls.thinking import OPEN, ROOM, effort_of

SMALL = 10_000_000  # weights of a model that would wait longer for several threads than it computes


class TooLong(Exception):
    """The prompt leaves no room for an answer."""


class Loaded:
    def __init__(self, name: str) -> None:
        """`name` is a folder, of which files are read and nothing else; or a name of the hub, fetched once.

        Weights are read from safetensors alone, and no code that comes with a model is run.
        """
        transformers.logging.disable_progress_bar()
        known = {"local_files_only": Path(name).is_dir(), "trust_remote_code": False}
        self._tokenizer = transformers.AutoTokenizer.from_pretrained(name, **known)
        self._model = transformers.AutoModelForCausalLM.from_pretrained(
            name, dtype="auto", use_safetensors=True, **known
        ).eval()
        if self._model.num_parameters() < SMALL:
            torch.set_num_threads(1)
        self.context_tokens: int | None = getattr(self._model.config, "max_position_embeddings", None)

    def prompt(self, request: ChatRequest) -> str:
        turns = list(_turns(request))
        if not self._tokenizer.chat_template:
            return "\n\n".join([*(f"{turn['role']}: {turn['content']}" for turn in turns), "assistant:"])
        is_thinking = effort_of(request) != "none"
        text: str = self._tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, tokenize=False, enable_thinking=is_thinking
        )
        return text

    def opens_thoughts(self, prompt: str) -> bool:
        """Whether the model is in its thoughts already when it begins to write."""
        return prompt.rstrip().endswith(OPEN)

    def write(
        self, prompt: str, request: ChatRequest, said: Callable[[str], None], is_left: Callable[[], bool]
    ) -> tuple[Usage, Stop]:
        """Say what is written, word by word; it ends within a token when `is_left`.

        Raises:
            TooLong: There is no room for any.
        """
        is_templated = bool(self._tokenizer.chat_template)
        asked = self._tokenizer(prompt, return_tensors="pt", add_special_tokens=not is_templated)
        read = int(asked["input_ids"].shape[1])
        limit = request.max_tokens + ROOM[effort_of(request)]
        room = (self.context_tokens or read + limit) - read
        if room < 1:
            raise TooLong(f"the prompt has {read} tokens, and the model reads and writes {self.context_tokens}")
        with torch.inference_mode():
            told = self._model.generate(
                **asked,
                **_sampling(request),
                max_new_tokens=min(limit, room),
                streamer=self._streamer(said),
                stopping_criteria=transformers.StoppingCriteriaList([_stopping(is_left)]),
            )
        written = told.shape[1] - read
        is_ended = int(told[0, -1]) in _ends(self._model.generation_config)
        usage = Usage(input_tokens=read, output_tokens=written)
        return usage, Stop(reason="end" if is_ended else "length")

    def _streamer(self, said: Callable[[str], None]) -> Any:
        streamer = transformers.TextStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)

        def finalized(text: str, stream_end: bool = False) -> None:
            if text:
                said(text)

        streamer.on_finalized_text = finalized  # in the place of printing
        return streamer


def _sampling(request: ChatRequest) -> dict[str, Any]:
    if not request.temperature:
        return {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    return {"do_sample": True, "temperature": request.temperature}


def _stopping(is_left: Callable[[], bool]) -> Callable[..., Any]:
    def stops(written: Any, _scores: object, **_: object) -> Any:
        return torch.full((written.shape[0],), is_left(), dtype=torch.bool)

    return stops


def _ends(config: Any) -> set[int]:
    ends = config.eos_token_id
    return set(ends) if isinstance(ends, list) else {ends}


def _turns(request: ChatRequest) -> Iterator[dict[str, str]]:
    system = [request.system] if request.system else []
    if request.schema is not None:
        system.append(schema_words(request.schema))
    if system:
        yield {"role": "system", "content": clean("\n\n".join(system))}
    for message in request.messages:
        yield {"role": message.role, "content": clean(message.text)}
