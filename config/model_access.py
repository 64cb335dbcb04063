"""Where models over a network are, with what key, at what price, and how patiently they are asked."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from footnote.config.model_settings import OPENAI
from footnote.config.providers import PROVIDERS, Provider
from footnote.config.settings import PREFIX, Settings
from footnote.platform.inference.calls import Endpoint, Patience, Price, PriceList
from footnote.platform.inference.gateway.breaker import Breaker, State, Tolerance
from footnote.platform.inference.gateway.guard import Guard
from footnote.platform.secrets import Secret
from footnote.platform.telemetry.metrics import breaker_changed

PRICES = Path(__file__).with_name("prices.toml")
HOSTS: Mapping[str, Collection[str]] = {
    "openai": {"api.openai.com"},
    "anthropic": {"api.anthropic.com"},
    "google": {"generativelanguage.googleapis.com"},
    "voyage": {"api.voyageai.com", "ai.mongodb.com"},
    "cohere": {"api.cohere.com", "api.cohere.ai"},
    "openrouter": {"openrouter.ai"},
    "groq": {"api.groq.com"},
    "deepseek": {"api.deepseek.com"},
}  # where the prices of the list hold


def endpoint_of(settings: Settings, model: str, key: Secret | None = None) -> Endpoint:
    """Of the model `provider:model`; `key` takes the place of that of the settings."""
    name = model.partition(":")[0]
    provider = PROVIDERS.get(name, Provider(adapter="compatible"))
    if provider.adapter == "transformers":
        return Endpoint(name=model, key_setting="", url_setting="", needs_key=False)
    return Endpoint(
        name=model,
        key=key or getattr(settings, f"{name}_api_key"),
        key_setting=f"the tenant's key for {name}" if key else f"{PREFIX}{name}_api_key".upper(),
        url=getattr(settings, f"{name}_base_url").reveal() or provider.url,
        url_setting=f"{PREFIX}{name}_base_url".upper(),
        needs_key=is_official(settings, model) if name == "openai" else provider.needs_key,
    )


def is_official(settings: Settings, model: str) -> bool:
    """Whether the model is asked for at OpenAI itself."""
    return model.startswith("openai:") and settings.openai_base_url.reveal().rstrip("/") == OPENAI


def price_of(settings: Settings, model: str) -> Price | None:
    """As the settings state it, else as the list does; nothing where nobody knows it.

    At an address of one's own it is not for the list to say: a proxy or another cloud has prices of its own.
    """
    for entry in settings.model_prices:
        name, _, dollars = entry.rpartition("=")
        if name == model:
            stated = zip(("input", "output", "cached", "written"), map(float, dollars.split("/")), strict=False)
            return msgspec.convert(dict(stated), Price)
    if (provider := PROVIDERS.get(model.partition(":")[0])) and provider.is_free:
        return Price()
    return price_list().models.get(model) if is_at_provider(settings, model) else None


def is_at_provider(settings: Settings, model: str) -> bool:
    """Whether the model is asked for at its provider's own address."""
    name = model.partition(":")[0]
    setting = getattr(settings, f"{name}_base_url", None)
    host = urlsplit(setting.reveal()).hostname if setting is not None else None
    return host is None or host in HOSTS.get(name, ())


@cache
def price_list() -> PriceList:
    return PriceList.load(PRICES)


def patience_of(settings: Settings) -> Patience:
    """For work in the background: all attempts together may take as long as each of them, and pauses as well."""
    request = settings.model_timeout_seconds
    return Patience(attempts=settings.model_attempts, request=request, total=settings.model_attempts * (request + 20))


def hurry_of(settings: Settings, seconds: float) -> Patience:
    """For what somebody waits for, `seconds` at most."""
    return Patience(
        attempts=min(3, settings.model_attempts),
        request=min(seconds, settings.model_timeout_seconds),
        total=seconds,
        longest_pause=2.0,
    )


def tolerance_of(settings: Settings) -> Tolerance:
    return Tolerance(failures=settings.breaker_failures, seconds=settings.breaker_seconds)


def guard_of(settings: Settings, name: str, *, seconds: float, only_time: bool = False) -> Guard:
    """Of a model that a search asks, for `seconds` at most. Metrics know it by its setting, not as a chat model."""

    def told(state: State) -> None:
        breaker_changed(name, state)

    return Guard(name, Breaker(tolerance_of(settings), told=told), seconds=seconds, only_time=only_time)
