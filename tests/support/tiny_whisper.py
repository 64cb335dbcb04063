"""A Whisper checkpoint of random weights that always says the same words, made in a moment.

Its decoder is all positions: the embedding of each position is that of the token to say next, far louder than
anything the blocks add. Encoder, attention and with them the words' times are random.
Run as a program with the target's path, so that the tests themselves need not load torch.
"""

import sys
from pathlib import Path

SAYS = ((0.0, " The harvest was good.", 1.2), (1.4, " Nobody knows why.", 2.6))  # begins, text, ends
STATE, HEADS, LAYERS, POSITIONS, VOCABULARY = 64, 2, 2, 128, 51865


def build(target: Path) -> None:
    import torch
    from whisper.model import ModelDimensions, Whisper

    torch.manual_seed(3)
    audio = {"n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": STATE, "n_audio_head": HEADS, "n_audio_layer": 1}
    words = {"n_text_ctx": POSITIONS, "n_text_state": STATE, "n_text_head": HEADS, "n_text_layer": LAYERS}
    dimensions = ModelDimensions(**audio, **words, n_vocab=VOCABULARY)
    model = Whisper(dimensions)
    embedding = torch.nn.functional.normalize(torch.randn(VOCABULARY, STATE), dim=1)
    said = script()
    with torch.no_grad():
        model.decoder.token_embedding.weight.copy_(8 * embedding)
        model.decoder.positional_embedding.copy_(1000 * embedding[said + said[-1:] * (POSITIONS - len(said))])
    torch.save({"dims": vars(dimensions), "model_state_dict": model.state_dict()}, target)


def script() -> list[int]:
    """The token to say at each position; what the decoder is asked from comes before the first that counts."""
    from whisper.tokenizer import get_tokenizer

    tokenizer = get_tokenizer(multilingual=True, language="en", task="transcribe")
    english, transcribe, begin = tokenizer.sot_sequence[1], tokenizer.transcribe, tokenizer.timestamp_begin
    said = [english, transcribe]
    for begins, text, ends in SAYS:
        said += [begin + round(begins / 0.02), *tokenizer.encode(text), begin + round(ends / 0.02)]
    return [*said, tokenizer.eot]


if __name__ == "__main__":
    build(Path(sys.argv[1]))
