"""The models that the settings choose: what is said of them here, for nothing is asked of a service."""

from importlib.metadata import version
from pathlib import Path

from footnote.config.doctor.report import Finding
from footnote.config.model_access import endpoint_of, price_list, price_of
from footnote.config.settings import PREFIX, Settings
from footnote.platform.errors import Unavailable
from footnote.platform.inference.calls import Price
from footnote.platform.inference.dimensions import dimension_of
from footnote.platform.safety.personal.names import NamesMissing, PresidioNames
from footnote.platform.secrets import SecretUrl


def examine_chosen(settings: Settings) -> tuple[Finding, ...]:
    reranker = settings.query_model if settings.reranker == "llm" else settings.reranker
    verifier = settings.query_model if settings.verifier == "model" else settings.verifier
    return (
        examine_model("embedding", settings.embedding_model, settings),
        examine_model("query model", settings.query_model, settings),
        examine_model("reranker", reranker, settings),
        examine_model("verifier", verifier, settings),
        examine_model("chat model", settings.chat_model, settings),
        *(examine_model("chat model too", name, settings) for name in settings.chat_models),
        *(examine_model("fallback", name, settings) for name in settings.chat_fallbacks),
        *examine_names(settings.person_names),
    )


def examine_names(pipeline: str) -> tuple[Finding, ...]:
    if not pipeline:
        return ()
    try:
        PresidioNames(pipeline)
    except NamesMissing as error:
        return (Finding("names of people", "broken", error.title, error.detail),)
    return (Finding("names of people", "ok", f"Presidio {version('presidio-analyzer')} with {pipeline}"),)


def examine_model(name: str, model: str, settings: Settings) -> Finding:
    if not model:
        return Finding(name, "off", "none is chosen")
    provider = model.partition(":")[0]
    if provider == "onnx":
        return _in_folder(name, Path(model.partition(":")[2]), settings)
    size = _size(name, model, settings)
    if provider in {"local", "transformers"}:
        return Finding(name, "ok", f"{model}{size}")
    endpoint = endpoint_of(settings, model)
    where = f"at {SecretUrl(endpoint.url)}" if endpoint.url else "at its provider's address"
    key = "with a key" if endpoint.key else "without a key"
    price = price_of(settings, model)
    remedy = "" if price else f"what it costs is counted as nothing: state its price in {PREFIX}MODEL_PRICES"
    return Finding(name, "ok", f"{model}{size}, {where}, {key}, {_cost(price, model)}", remedy)


def _size(name: str, model: str, settings: Settings) -> str:
    return f", {dimension_of(model, settings.embedding_dimension)} numbers" if name == "embedding" else ""


def _in_folder(name: str, path: Path, settings: Settings) -> Finding:
    from footnote.platform.inference.onnx_folder import ModelFolder

    folder = ModelFolder(path)
    try:
        size = f", {settings.embedding_dimension or folder.dimension} numbers" if name == "embedding" else ""
        return Finding(name, "ok", f"onnx:{folder.name}{size}, {folder.max_tokens} tokens of a text, in {path}")
    except Unavailable as error:
        return Finding(name, "broken", error.title, error.detail)
    except OSError as error:
        return Finding(name, "broken", f"{path}: {error.strerror}", "make the folder readable")


def _cost(price: Price | None, model: str) -> str:
    if price is None:
        return "price unknown"
    source = f"read {price_list().read}" if price == price_list().models.get(model) else "as the settings say"
    if not (price.search or price.input or price.output):
        return "for nothing"
    per = f"${price.search:g} a thousand searches" if price.search else f"${price.input:g} a million tokens"
    if price.output:
        per += f" read, ${price.output:g} written"
    return f"{per} ({source})"
