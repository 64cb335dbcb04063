"""Composes the gateway to chat models. Adapters are imported when their model is first asked."""

from footnote.config.model_access import endpoint_of, price_list, price_of, tolerance_of
from footnote.config.model_settings import chat_models_of, missing_for
from footnote.config.providers import LOCAL, PROVIDERS
from footnote.config.settings import Settings
from footnote.config.stores import Store
from footnote.modules.access.provider_keys import ProviderKeys
from footnote.platform.inference.calls.chat import ChatService
from footnote.platform.inference.extractive import ExtractiveModel
from footnote.platform.inference.gateway.budgets import Allowance, Budgets
from footnote.platform.inference.gateway.cache import AnswerCache
from footnote.platform.inference.gateway.gateway import Gateway, KeySource, Menu, Offer
from footnote.platform.inference.gateway.line import Waits
from footnote.platform.inference.gateway.opening import Persistence
from footnote.platform.sealing import KeyRing, parse_sealing_key
from footnote.platform.secrets import Secret

CONTEXT = 32_768  # tokens, of a model that nobody knows
SLACK = 5.0  # seconds by which an adapter waits longer than the gateway, whose word counts


def build_gateway(settings: Settings, store: Store, extractive: ExtractiveModel, keys: KeySource | None) -> Gateway:
    """`keys` are those that tenants have given, where they may."""
    return Gateway(
        menu_of(settings, extractive.context_tokens),
        lambda name, key: open_service(settings, name, key),
        Budgets(store.storage, store.spending, allowance_of(settings)),
        local={extractive.name: extractive},
        keys=keys,
        persistence=persistence_of(settings),
        tolerance=tolerance_of(settings),
        concurrency=settings.chat_concurrency,
        cache=AnswerCache(seconds=settings.chat_cache_seconds),
    )


def menu_of(settings: Settings, local_context: int) -> Menu:
    names = chat_models_of(settings)
    writer = settings.query_model or None
    hidden = {writer} if writer and writer not in names else set[str]()
    return Menu(
        offers=tuple(
            Offer(name=LOCAL, context_tokens=local_context) if name == LOCAL else offer_of(settings, name)
            for name in (*names, *hidden)
        ),
        fallbacks=tuple(settings.chat_fallbacks),
        writer=writer,
        hidden=frozenset(hidden),
    )


def offer_of(settings: Settings, name: str) -> Offer:
    return Offer(
        name=name,
        context_tokens=context_of(settings, name),
        price=price_of(settings, name),
        missing=missing_for(settings, name),
    )


def context_of(settings: Settings, name: str) -> int:
    """Tokens."""
    published = price_list().models.get(name)
    return settings.chat_context_tokens or (published.context if published else None) or CONTEXT


def allowance_of(settings: Settings) -> Allowance:
    return Allowance(
        tenant=settings.budget_tenant_usd or None,
        person=settings.budget_person_usd or None,
        unpriced=settings.budget_allows_unpriced,
    )


def persistence_of(settings: Settings) -> Persistence:
    return Persistence(
        waits=Waits(
            first=settings.chat_first_seconds,
            next=settings.chat_next_seconds,
            opening=settings.chat_opening_seconds,
            whole=settings.chat_total_seconds,
        ),
        attempts=settings.chat_attempts,
        hedge=settings.chat_hedge_seconds,
    )


def open_service(settings: Settings, name: str, key: Secret | None) -> ChatService:
    """
    Raises:
        Unavailable: There is no key for it, or what it needs is not installed.
    """
    endpoint, context = endpoint_of(settings, name, key), context_of(settings, name)
    timeout = max(settings.chat_first_seconds, settings.chat_next_seconds) + SLACK
    match PROVIDERS[name.partition(":")[0]].adapter:
        case "openai":
            from footnote.platform.inference.openai_models import OpenAIChat

            return OpenAIChat(endpoint, context_tokens=context, timeout=timeout)
        case "anthropic":
            from footnote.platform.inference.anthropic import AnthropicChat

            return AnthropicChat(endpoint, context_tokens=context, timeout=timeout)
        case "google":
            from footnote.platform.inference.google import GoogleChat

            return GoogleChat(endpoint, context_tokens=context, timeout=timeout)
        case "compatible":
            from footnote.platform.inference.compatible import CompatibleChat

            return CompatibleChat(endpoint, context_tokens=context, timeout=timeout)
        case "transformers":
            from footnote.platform.inference.transformers import TransformersChat

            return TransformersChat(endpoint, context_tokens=context, timeout=timeout)


def build_provider_keys(settings: Settings, store: Store) -> ProviderKeys:
    parsed = [parse_sealing_key(key.reveal()) for key in settings.encryption_keys]
    keyed = {name for name, provider in PROVIDERS.items() if provider.adapter != "transformers"}
    return ProviderKeys(store.provider_keys, store.storage, KeyRing(parsed) if parsed else None, keyed)
