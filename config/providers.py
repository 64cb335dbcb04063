"""Services that give chat models: who speaks with them, and where they are."""

from typing import Literal

import msgspec

Adapter = Literal["openai", "anthropic", "google", "compatible", "transformers"]


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    adapter: Adapter
    url: str = ""  # unless the settings say otherwise; empty: the adapter's own, or one that has to be set
    needs_key: bool = True
    needs_url: bool = False
    is_free: bool = False  # runs on machines of one's own: tokens cost nothing


PROVIDERS = {
    "openai": Provider(adapter="openai"),
    "anthropic": Provider(adapter="anthropic"),
    "google": Provider(adapter="google"),
    "compatible": Provider(adapter="compatible", needs_key=False, needs_url=True),
    "openrouter": Provider(adapter="compatible", url="https://openrouter.ai/api/v1"),
    "groq": Provider(adapter="compatible", url="https://api.groq.com/openai/v1"),
    "deepseek": Provider(adapter="compatible", url="https://api.deepseek.com"),
    "azure": Provider(adapter="compatible", needs_url=True),
    "ollama": Provider(adapter="compatible", url="http://127.0.0.1:11434/v1", needs_key=False, is_free=True),
    "vllm": Provider(adapter="compatible", url="http://127.0.0.1:8000/v1", needs_key=False, is_free=True),
    "transformers": Provider(adapter="transformers", needs_key=False, is_free=True),
}
LOCAL = "local:extractive"
