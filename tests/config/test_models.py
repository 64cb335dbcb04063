"""The settings choose the models that embed, rerank and word questions anew; contradictions are told at the start."""

import base64
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from support.chat_models import OneModel
from support.onnx_models import make_cross_encoder, make_encoder

from footnote.config.chat import context_of, menu_of
from footnote.config.doctor.chosen import examine_chosen
from footnote.config.embedding import OtherModels, build_embedder, embedders_of, for_questions, local_embedder
from footnote.config.model_access import endpoint_of, price_of
from footnote.config.reranking import build_reranker
from footnote.config.settings import Settings, load_settings
from footnote.modules.retrieval.repository.spaces import Space
from footnote.platform.inference.calls import Price
from footnote.platform.inference.extractive import ExtractiveModel, SentenceRanker
from footnote.platform.inference.gateway.guard import GuardedEmbedder, GuardedReranker
from footnote.platform.inference.gateway.model import PaidWriter
from footnote.platform.inference.local import LocalTokenizer
from footnote.platform.secrets import Secret
from footnote.platform.settings import InvalidSettings

SEALING = f"one:{base64.b64encode(bytes(32)).decode()}"
KEYS = {
    name: f"{name}-hidden"
    for name in ("voyage_api_key", "openai_api_key", "google_api_key", "cohere_api_key", "compatible_api_key")
}
COMPATIBLE = {"compatible_base_url": "http://127.0.0.1:9/v1"}


def settings_of(folder: Path, **values: object) -> Settings:
    environ = {f"FOOTNOTE_{name.upper()}": str(value) for name, value in values.items()}
    return load_settings(environ, folder=folder).settings


@pytest.mark.parametrize(
    ("model", "values", "name"),
    [
        ("local:all-MiniLM-L6-v2", {}, "local:all-MiniLM-L6-v2/int8"),
        ("voyage:voyage-4", {}, "voyage:voyage-4/1024"),
        ("voyage:voyage-4", {"embedding_dimension": 256, "embedding_form": "int8"}, "voyage:voyage-4/256/int8"),
        ("openai:text-embedding-3-large", {"embedding_dimension": 1024}, "openai:text-embedding-3-large/1024"),
        ("openai:text-embedding-ada-002", {}, "openai:text-embedding-ada-002/1536"),
        ("google:gemini-embedding-001", {"embedding_dimension": 768}, "google:gemini-embedding-001/768"),
        ("compatible:BAAI/bge-m3", {"embedding_dimension": 1024, **COMPATIBLE}, "compatible:BAAI/bge-m3/1024"),
    ],
)
async def test_the_embedder_is_the_chosen_one_and_its_name_tells_the_dimension(
    tmp_path: Path, model: str, values: dict[str, object], name: str
) -> None:
    settings = settings_of(tmp_path, embedding_model=model, **KEYS, **values)
    embedder = build_embedder(settings, tmp_path)
    assert embedder.name == name
    await embedder.close()
    others = embedders_of([Space(name=name, dimension=1, state="active")], settings, tmp_path, local(settings))
    assert [other.name for other in others.values()] == ([] if model.startswith("local") else [name])
    for other in others.values():
        await other.close()


def local(settings: Settings) -> object:
    return local_embedder(settings, Path(settings.home))


async def test_a_model_in_a_folder_is_named_by_its_files(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "tiny")
    embedder = build_embedder(settings_of(tmp_path, embedding_model=f"onnx:{folder}"), tmp_path)
    assert embedder.name.startswith("onnx:tiny@")
    assert embedder.name.endswith("/24")
    await embedder.close()


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"embedding_model": "voyage:voyage-4"}, "embedding_model: voyage:voyage-4 needs voyage_api_key"),
        ({"embedding_model": "openai:text-embedding-3-small"}, "needs openai_api_key"),
        ({"embedding_model": "google:gemini-embedding-001"}, "needs google_api_key"),
        ({"embedding_model": "compatible:m", "embedding_dimension": 8}, "needs compatible_base_url"),
        ({"reranker": "cohere:rerank-v3.5"}, "reranker: cohere:rerank-v3.5 needs cohere_api_key"),
        ({"reranker": "cohere:rerank-v3.5", "encryption_keys": SEALING}, "needs cohere_api_key"),
        ({"reranker": "llm"}, "reranker: llm needs query_model"),
        ({"query_model": "openai:gpt"}, "query_model: openai:gpt needs openai_api_key"),
        ({"embedding_model": "onnx:/no/such/folder"}, "there is no folder /no/such/folder"),
        ({"embedding_dimension": 100}, "gives embeddings of 384 numbers, not of 100"),
        ({"embedding_model": "voyage:voyage-4", "embedding_dimension": 100, **KEYS}, "of 256, 512, 1024, 2048 numbers"),
        ({"embedding_model": "openai:text-embedding-3-small", "embedding_dimension": 4096, **KEYS}, "of 1 to 1536"),
        ({"embedding_model": "openai:text-embedding-9", **KEYS}, "nobody knows that of openai:text-embedding-9"),
    ],
)
def test_what_cannot_be_is_told_at_the_start(tmp_path: Path, values: dict[str, object], problem: str) -> None:
    with pytest.raises(InvalidSettings) as caught:
        settings_of(tmp_path, **values)
    assert problem in str(caught.value)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("model", ["minilm", "voyage:", "cohere:embed", "local:other", "onnx:"])
def test_a_model_of_nobody_is_refused(tmp_path: Path, model: str) -> None:
    with pytest.raises(InvalidSettings, match="voyage:NAME, openai:NAME, google:NAME"):
        settings_of(tmp_path, embedding_model=model)


def test_an_own_server_needs_no_key(tmp_path: Path) -> None:
    model = "openai:text-embedding-3-small"
    settings = settings_of(tmp_path, embedding_model=model, openai_base_url="http://127.0.0.1:9/v1")
    assert not endpoint_of(settings, model).needs_key


@pytest.mark.parametrize(
    ("model", "public"),
    [
        ("openai:text-embedding-3-small", "https://api.openai.com/v1/"),
        ("anthropic:claude-haiku-5-5", "https://api.anthropic.com"),
        ("google:gemini-3.8-flash", "https://generativelanguage.googleapis.com"),
        ("deepseek:deepseek-flash", "https://api.deepseek.com/v1"),
        ("voyage:voyage-4", "https://api.voyageai.com/v1"),
        ("cohere:rerank-v3.5", "https://api.cohere.com"),
    ],
)
def test_the_list_has_no_price_for_an_address_of_ones_own(tmp_path: Path, model: str, public: str) -> None:
    setting = f"{model.partition(':')[0]}_base_url"
    listed, own = price_of(settings_of(tmp_path), model), {setting: "https://proxy.acme.example/v1"}
    assert listed is not None
    assert price_of(settings_of(tmp_path, **{setting: public}), model) == listed
    assert price_of(settings_of(tmp_path, **own), model) is None
    assert price_of(settings_of(tmp_path, model_prices=f"{model}=1/2/0.1/3", **own), model) == Price(1, 2, 0.1, 3)


def test_the_doctor_says_what_is_counted_as_nothing(tmp_path: Path) -> None:
    own = {"chat_model": "anthropic:claude-haiku-5-5", "anthropic_api_key": "x", "anthropic_base_url": "https://own"}
    found = {each.name: each for each in examine_chosen(settings_of(tmp_path, **own))}["chat model"]
    assert (found.state, "FOOTNOTE_MODEL_PRICES" in found.remedy) == ("ok", True)
    stated = settings_of(tmp_path, model_prices="anthropic:claude-haiku-5-5=1/2", **own)
    found = {each.name: each for each in examine_chosen(stated)}["chat model"]
    assert (found.remedy, "$1 a million tokens read, $2 written (as the settings say)" in found.detail) == ("", True)


async def test_other_models_of_the_store_are_those_that_can_be_opened(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, voyage_api_key="x")
    others = OtherModels(settings, "local:all-MiniLM-L6-v2/int8")
    names = ["local:all-MiniLM-L6-v2/fp32", "local:all-MiniLM-L6-v2/int8", "voyage:voyage-4/256", "openai:any/8"]
    assert [name in others for name in (*names, "onnx:tiny@1/24", "voyage:voyage-4")] == [
        True,
        False,
        True,
        *[False] * 3,
    ]


async def test_the_reranker_is_the_chosen_one(tmp_path: Path) -> None:
    folder = make_cross_encoder(tmp_path / "cross")
    settings = settings_of(tmp_path, query_model="compatible:llama", **KEYS, **COMPATIBLE)
    writer = PaidWriter(
        OneModel(ExtractiveModel(SentenceRanker(local_embedder(settings, tmp_path), LocalTokenizer()))),
        "compatible:llama",
    )
    names = []
    for model in ("voyage:rerank-2.5", "cohere:rerank-v3.5", f"onnx:{folder}", "llm"):
        reranker = build_reranker(msgspec.structs.replace(settings, reranker=model), writer)
        assert reranker is not None
        names.append(reranker.name.partition("@")[0])
        await reranker.close()
    assert names == ["voyage:rerank-2.5", "cohere:rerank-v3.5", "onnx:cross", "compatible:llama"]


async def test_questions_and_passages_reach_models_elsewhere_through_a_breaker(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, embedding_model="voyage:voyage-4", reranker="voyage:rerank-2.5", **KEYS)
    here, away = local_embedder(settings, tmp_path), build_embedder(settings, tmp_path)
    asked = for_questions(settings, (here, away))
    assert (asked[here.name] is here, type(asked[away.name])) == (True, GuardedEmbedder)
    reranker = build_reranker(settings, None)
    assert isinstance(reranker, GuardedReranker)
    for opened in (here, away, reranker):
        await opened.close()


def test_nothing_is_chosen_by_default(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    assert build_reranker(settings, None) is None


def test_the_doctor_tells_what_is_chosen_and_shows_no_key(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "tiny")
    chosen = {"embedding_model": f"onnx:{folder}", "reranker": "voyage:rerank-2.5"}
    found = {each.name: each for each in examine_chosen(settings_of(tmp_path, **chosen, **KEYS))}
    assert "24 numbers" in found["embedding"].detail
    assert "with a key, $0.05 a million tokens" in found["reranker"].detail
    assert found["query model"].state == "off"
    assert (found["verifier"].state, found["verifier"].detail) == ("ok", "local")
    (folder / "model.onnx").unlink()
    assert examine_chosen(settings_of(tmp_path, **chosen, **KEYS))[0].state == "broken"
    assert "hidden" not in str(found)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"chat_model": "openai:gpt"}, "chat model openai:gpt: openai:gpt needs openai_api_key"),
        ({"chat_model": "azure:mine", "azure_api_key": "x"}, "azure:mine needs azure_base_url"),
        ({"chat_fallbacks": "groq:llama"}, "groq:llama needs groq_api_key"),
        ({"chat_models": "anthropic:claude"}, "anthropic:claude needs anthropic_api_key"),
        ({"chat_model": "openai:mine", "budget_person_usd": 1, **KEYS}, "nobody knows the price of openai:mine"),
    ],
)
def test_a_chat_model_that_cannot_be_called_is_told_at_the_start(
    tmp_path: Path, values: dict[str, object], problem: str
) -> None:
    with pytest.raises(InvalidSettings, match=re.escape(problem)):
        settings_of(tmp_path, **values)


def test_where_tenants_may_bring_keys_none_has_to_be_set(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, chat_model="openai:gpt-6-sol", encryption_keys=SEALING)
    assert [(offer.name, offer.missing) for offer in menu_of(settings, 8).offers] == [
        ("openai:gpt-6-sol", "openai_api_key"),
        ("local:extractive", None),
    ]


@pytest.mark.parametrize(
    ("model", "values", "url", "cost"),
    [
        ("openrouter:meta/llama", {}, "https://openrouter.ai/api/v1", None),
        ("deepseek:deepseek-v4-pro", {}, "https://api.deepseek.com", 1.32 + 3.96),
        ("deepseek:mine", {"deepseek_base_url": "http://proxy/v1"}, "http://proxy/v1", None),
        ("ollama:llama", {}, "http://127.0.0.1:11434/v1", 0.0),
        ("ollama:llama", {"model_prices": "ollama:llama=0.5/2"}, "http://127.0.0.1:11434/v1", 2.5),
        ("anthropic:claude-haiku-5-5", {}, "", 0.6),
    ],
)
def test_providers_have_an_address_and_models_a_price(
    tmp_path: Path, model: str, values: dict[str, object], url: str, cost: float | None
) -> None:
    provider = model.partition(":")[0]
    settings = settings_of(tmp_path, chat_model=model, **{f"{provider}_api_key": "x", **values})
    price = price_of(settings, model)
    assert endpoint_of(settings, model).url == url
    assert (price and price.of(input_tokens=10**6, output_tokens=10**6)) == (cost and pytest.approx(cost))


def test_a_model_reads_as_much_as_is_published_or_set(tmp_path: Path) -> None:
    keys = {"anthropic_api_key": "x", "chat_model": "anthropic:claude-haiku-5-5"}
    assert context_of(settings_of(tmp_path, **keys), "anthropic:claude-haiku-5-5") == 100_000
    assert context_of(settings_of(tmp_path, **keys), "ollama:any") == 32_768
    assert context_of(settings_of(tmp_path, chat_context_tokens=9, **keys), "anthropic:claude-haiku-5-5") == 9


def test_a_model_with_a_price_may_have_a_budget(tmp_path: Path) -> None:
    priced = {"chat_model": "openai:mine", "model_prices": "openai:mine=1/2", "query_model": "ollama:any", **KEYS}
    assert settings_of(tmp_path, budget_person_usd=1, **priced).budget_person_usd == 1


def test_a_tenants_key_is_named_as_such(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, **KEYS)
    assert endpoint_of(settings, "openai:a").key_setting == "FOOTNOTE_OPENAI_API_KEY"
    assert endpoint_of(settings, "openai:a", Secret("own")).key_setting == "the tenant's key for openai"


def test_the_query_model_writes_and_cannot_be_chosen(tmp_path: Path) -> None:
    menu = menu_of(settings_of(tmp_path, query_model="ollama:small"), 8)
    assert (menu.writer, menu.names) == ("ollama:small", ["local:extractive"])


def test_no_client_of_a_provider_is_loaded_before_it_is_needed() -> None:
    modules = "footnote.config.main, footnote.config.services, footnote.config.app"
    clients = "{'openai', 'anthropic', 'google.genai', 'voyageai', 'aiohttp', 'langchain_core'}"
    command = f"import sys, {modules}; loaded = {clients} & sys.modules.keys(); assert not loaded, loaded"
    subprocess.run([sys.executable, "-P", "-c", command], check=True)
