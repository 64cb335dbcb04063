"""The settings choose what verifies sentences."""

from pathlib import Path

import pytest
from support.onnx_models import make_cross_encoder

from footnote.config.embedding import local_embedder
from footnote.config.grounding import open_verifier, threshold_of
from footnote.config.settings import Settings, load_settings
from footnote.modules.generation.grounding.entailing import EntailmentVerifier
from footnote.modules.generation.grounding.judging import ModelVerifier
from footnote.modules.generation.grounding.local import LocalVerifier
from footnote.platform.settings import InvalidSettings


class Writer:
    name = "test:writer"

    async def complete(self, prompt: str, *, max_tokens: int = 256) -> str:
        return "[]"


def settings_of(folder: Path, **values: object) -> Settings:
    environ = {f"FOOTNOTE_{name.upper()}": str(value) for name, value in values.items()}
    return load_settings(environ, folder=folder).settings


@pytest.mark.parametrize(
    ("name", "kind", "threshold"), [("local", LocalVerifier, 0.4), ("onnx", EntailmentVerifier, 0.5)]
)
async def test_the_verifier_is_the_one_that_is_chosen(tmp_path: Path, name: str, kind: type, threshold: float) -> None:
    folder = make_cross_encoder(tmp_path / "entailment", logits=2)
    settings = settings_of(tmp_path, verifier=name if name == "local" else f"onnx:{folder}")
    local = local_embedder(settings, tmp_path)
    async with open_verifier(settings, local, None) as verifier:
        assert isinstance(verifier, kind)
    await local.close()
    assert threshold_of(settings) == threshold


async def test_the_query_model_judges_if_it_is_asked_to(tmp_path: Path) -> None:
    query_model = {"query_model": "compatible:any", "compatible_base_url": "http://127.0.0.1:9/v1"}
    settings = settings_of(tmp_path, verifier="model", **query_model)
    local = local_embedder(settings, tmp_path)
    async with open_verifier(settings, local, Writer()) as verifier:
        assert isinstance(verifier, ModelVerifier)
    await local.close()


@pytest.mark.parametrize("verifier", ["model", "onnx:nowhere", "remote"])
def test_a_verifier_that_cannot_be_is_refused(tmp_path: Path, verifier: str) -> None:
    with pytest.raises(InvalidSettings):
        settings_of(tmp_path, verifier=verifier)
