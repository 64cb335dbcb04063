"""A Whisper checkpoint of random weights that always says the same words at the same times, made in a moment.

Its decoder is all positions: the embedding of each position is that of the token to say next, far louder than anything
the blocks add. Its encoder hears nothing but positions, too, and the one head of attention between them is fitted so
that the words come at an even pace; from that Whisper reads their times.
Run as a program with the target's path, so that the tests themselves need not load torch.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

SAYS = ((0.0, " The harvest was good.", 1.2), (1.4, " Nobody knows why.", 2.6))  # begins, text, ends
PACE = 0.25  # seconds a token, of which all words but the full stops are one
STATE, POSITIONS, VOCABULARY, FRAMES = 64, 32, 51865, 1500


def checkpoint(folder: Path) -> Path:
    """The weights' file. Skips the test where Whisper is not installed, but fails it in CI."""
    if find_spec("whisper") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("openai-whisper is not installed: `make audio`")
        pytest.skip("openai-whisper is not installed")
    target = folder / "random.pt"
    subprocess.run([sys.executable, "-P", __file__, target], check=True)
    return target


def build(target: Path) -> None:
    import torch
    from whisper.model import ModelDimensions, Whisper

    torch.manual_seed(3)
    dimensions = ModelDimensions(80, FRAMES, STATE, 1, 1, VOCABULARY, POSITIONS, STATE, 1, 1)
    model = Whisper(dimensions)
    embedding = torch.nn.functional.normalize(torch.randn(VOCABULARY, STATE), dim=1)
    said = script()
    with torch.no_grad():
        model.decoder.token_embedding.weight.copy_(8 * embedding)
        model.decoder.positional_embedding.copy_(1000 * embedding[said] + 100 * torch.randn(POSITIONS, STATE))
        hear_only_positions(model.encoder)
        align(model)
    torch.save({"dims": vars(dimensions), "model_state_dict": model.state_dict()}, target)


def hear_only_positions(encoder: Any) -> None:
    block = encoder.blocks[0]
    for layer in (encoder.conv2, block.attn.out, block.mlp[2]):
        layer.weight.zero_()
        layer.bias.zero_()


def align(model: Any) -> None:
    """Fit the attention's query to the frame at which each token of text is to come; three others stand before them."""
    import torch

    block = model.decoder.blocks[0]
    heard = model.encoder.ln_post(model.encoder.positional_embedding)
    frames = [min(max(round((position - 3 + 0.5) * PACE / 0.02), 0), FRAMES - 1) for position in range(POSITIONS)]
    spoken = block.cross_attn_ln(model.decoder.positional_embedding)
    block.cross_attn.query.weight.copy_(torch.linalg.lstsq(spoken, 10 * heard[frames]).solution.T)
    block.cross_attn.query.bias.zero_()
    block.cross_attn.key.weight.copy_(torch.eye(STATE))
    block.cross_attn.out.weight.zero_()


def script() -> list[int]:
    """The token to say at each position; what the decoder is asked from comes before the first that counts."""
    from whisper.tokenizer import get_tokenizer

    tokenizer = get_tokenizer(multilingual=True, language="en", task="transcribe")
    english, transcribe, begin = tokenizer.sot_sequence[1], tokenizer.transcribe, tokenizer.timestamp_begin
    said = [english, transcribe]
    for begins, text, ends in SAYS:
        said += [begin + round(begins / 0.02), *tokenizer.encode(text), begin + round(ends / 0.02)]
    return said + [tokenizer.eot] * (POSITIONS - len(said))


if __name__ == "__main__":
    build(Path(sys.argv[1]))
