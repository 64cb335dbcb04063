"""A chat model of no use that says the same words each time, made in a moment, in the form of any other model.

It has words for tokens. Its blocks add nothing, and the weights that choose the next token hold, for each token, the
one that the script puts after it.
"""

import os
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ANSWER = "<|assistant|>", "It", " is", " red", ".", " [1]", "<|end|>"
THOUGHT = "<think>", " Fire", " burns", "</think>", "\n\n", "It"
FOREVER = "<|loop|>", " round", " and", " about", " round"
MARKS = ("<|user|>", "<|system|>", "<|assistant|>", "<|loop|>", "<|end|>")
TEMPLATE = """{%- for turn in messages %}<|{{ turn.role }}|>{{ turn.content }}{% endfor -%}
{%- if 'loop' in messages[-1].content %}<|loop|>{% else %}<|assistant|>{% endif -%}
{%- if enable_thinking %}<think>{% endif -%}"""
POSITIONS = 512


def tiny_chat_model(folder: Path) -> Path:
    """Its folder. Skips the test where the extra is not installed, but fails it in CI."""
    if find_spec("transformers") is None or find_spec("torch") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("transformers is not installed: `make transformers`")
        pytest.skip("transformers is not installed")
    build(folder)
    return folder


def build(folder: Path) -> None:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = word_tokenizer()
    end = tokenizer.convert_tokens_to_ids("<|end|>")
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=256,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=POSITIONS,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
        tie_word_embeddings=False,
    )
    model = LlamaForCausalLM(config)
    tokens = torch.nn.functional.normalize(torch.randn(len(tokenizer), config.hidden_size), dim=1)
    with torch.no_grad():
        model.model.embed_tokens.weight.copy_(tokens)
        for layer in (model.model.layers[0].self_attn.o_proj, model.model.layers[0].mlp.down_proj):
            layer.weight.zero_()
        model.lm_head.weight.zero_()
        for script in (ANSWER, THOUGHT, FOREVER):
            said = tokenizer.convert_tokens_to_ids(list(script))
            for token, following in pairwise(said):
                model.lm_head.weight[following] += tokens[token]
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def word_tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = {letter: number for number, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    bare = Tokenizer(models.BPE(vocab=letters, merges=[]))
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bare, eos_token="<|end|>", pad_token="<|end|>")
    tokenizer.add_special_tokens({"additional_special_tokens": list(MARKS)})
    tokenizer.add_tokens([word for word in (*ANSWER, *THOUGHT, *FOREVER) if word not in MARKS])
    tokenizer.chat_template = TEMPLATE
    return tokenizer
