"""Which models are asked, where, with which keys and for how much."""

from typing import Annotated, Literal

from msgspec import Meta

from footnote.config.model_settings import (
    ChatModelName,
    EmbeddingForm,
    EmbeddingModel,
    ModelPrice,
    RerankingModel,
    VerifierName,
    WritingModel,
)
from footnote.config.server_settings import ServerSettings
from footnote.config.setting_kinds import Count, Seconds
from footnote.config.setting_types import BaseUrl, EncryptionKeyText, OptionalUrl, ServiceKey


class InferenceSettings(ServerSettings, frozen=True, kw_only=True):
    embedding_model: Annotated[EmbeddingModel, Meta(description="Model that embeds")]
    embedding_dimension: Annotated[
        int, Meta(ge=0, le=8192, description="Numbers of an embedding; 0: as many as the model gives of itself")
    ]
    embedding_form: Annotated[EmbeddingForm, Meta(description="Form in which Voyage sends embeddings")]
    embedding_precision: Annotated[Literal["int8", "fp32"], Meta(description="Precision of the local embedding model")]
    embedding_threads: Annotated[int, Meta(ge=0, le=256, description="Threads that embed; 0: one for each core")]
    chat_model: Annotated[ChatModelName, Meta(description="Model that answers")]
    chat_models: Annotated[list[ChatModelName], Meta(description="Other models that a question may name")]
    chat_fallbacks: Annotated[
        list[ChatModelName], Meta(description="Models that take the place of one that fails, in this order")
    ]
    chat_context_tokens: Annotated[
        int,
        Meta(
            ge=0, description="Tokens that a chat model reads and writes together; 0: as prices.toml says, else 32768"
        ),
    ]
    chat_first_seconds: Annotated[Seconds, Meta(description="Longest wait for an answer to begin, for one attempt")]
    chat_next_seconds: Annotated[Seconds, Meta(description="Longest wait within an answer")]
    chat_opening_seconds: Annotated[
        Seconds, Meta(description="Longest wait for an answer to begin, with all attempts and other models")
    ]
    chat_total_seconds: Annotated[Seconds, Meta(description="Longest wait for the rest of an answer")]
    chat_attempts: Annotated[Count, Meta(le=20, description="Attempts at each chat model until an answer begins")]
    chat_concurrency: Annotated[Count, Meta(le=10_000, description="Answers of one chat model at once in one process")]
    chat_hedge_seconds: Annotated[
        float, Meta(ge=0, le=3600, description="Time after which the next model is asked as well; 0: never")
    ]
    chat_cache_seconds: Annotated[
        float, Meta(ge=0, le=604_800, description="Time for which the same request gets the same answer; 0: never")
    ]
    breaker_failures: Annotated[
        Count, Meta(le=1000, description="Failures in a row after which a model elsewhere is left alone")
    ]
    breaker_seconds: Annotated[Seconds, Meta(description="Time for which it is, at first")]
    budget_tenant_usd: Annotated[
        float, Meta(ge=0, description="US dollars a day (UTC) that a tenant may spend on chat models; 0: no limit")
    ]
    budget_person_usd: Annotated[float, Meta(ge=0, description="The same for a person")]
    budget_allows_unpriced: Annotated[
        bool, Meta(description="Whether, with a budget, models may be asked whose price nobody knows")
    ]
    model_prices: Annotated[
        list[ModelPrice], Meta(description="Prices of models that prices.toml does not know, or has other ones for")
    ]
    encryption_keys: Annotated[
        list[EncryptionKeyText],
        Meta(description="Keys that tenants' keys for providers are encrypted with; the first encrypts, all decrypt"),
    ]
    query_model: Annotated[WritingModel, Meta(description="Model that words questions anew; empty: none")]
    reranker: Annotated[RerankingModel, Meta(description="Model that orders passages anew; empty: none")]
    verifier: Annotated[VerifierName, Meta(description="What decides whether passages say a sentence of an answer")]
    rerank_deadline_seconds: Annotated[Seconds, Meta(description="Time after which the order stays as it was")]
    model_timeout_seconds: Annotated[Seconds, Meta(description="Longest wait for one answer of a model elsewhere")]
    model_attempts: Annotated[Count, Meta(le=20, description="Attempts at such an answer")]
    model_concurrency: Annotated[Count, Meta(le=64, description="Such answers that are waited for at once")]
    openai_api_key: Annotated[ServiceKey, Meta(description="Key for the OpenAI API, where a model of it is chosen")]
    openai_base_url: Annotated[BaseUrl, Meta(description="Address of that API, or of a server that answers like it")]
    compatible_api_key: Annotated[ServiceKey, Meta(description="Key for another server that answers like OpenAI's")]
    compatible_base_url: Annotated[OptionalUrl, Meta(description="Address of that server")]
    voyage_api_key: Annotated[ServiceKey, Meta(description="Key for Voyage's API, where a model of it is chosen")]
    voyage_base_url: Annotated[OptionalUrl, Meta(description="Address of that API; empty: the one for the key")]
    google_api_key: Annotated[ServiceKey, Meta(description="Key for the Gemini API, where a model of it is chosen")]
    google_base_url: Annotated[OptionalUrl, Meta(description="Address of that API; empty: Google's")]
    cohere_api_key: Annotated[ServiceKey, Meta(description="Key for Cohere's API, where a model of it is chosen")]
    cohere_base_url: Annotated[OptionalUrl, Meta(description="Address of that API; empty: Cohere's")]
    anthropic_api_key: Annotated[ServiceKey, Meta(description="Key for Anthropic's API, where a model of it is chosen")]
    anthropic_base_url: Annotated[OptionalUrl, Meta(description="Address of that API; empty: the usual one")]
    openrouter_api_key: Annotated[ServiceKey, Meta(description="Key for OpenRouter, where a model of it is chosen")]
    openrouter_base_url: Annotated[OptionalUrl, Meta(description="Address of it; empty: the usual one")]
    groq_api_key: Annotated[ServiceKey, Meta(description="Key for Groq, where a model of it is chosen")]
    groq_base_url: Annotated[OptionalUrl, Meta(description="Address of it; empty: the usual one")]
    deepseek_api_key: Annotated[ServiceKey, Meta(description="Key for DeepSeek, where a model of it is chosen")]
    deepseek_base_url: Annotated[OptionalUrl, Meta(description="Address of it; empty: the usual one")]
    azure_api_key: Annotated[ServiceKey, Meta(description="Key for Azure OpenAI, where a model of it is chosen")]
    azure_base_url: Annotated[
        OptionalUrl, Meta(description="Address of it, such as https://RESOURCE.openai.azure.com/openai/v1")
    ]
    ollama_api_key: Annotated[ServiceKey, Meta(description="Key for Ollama, if it wants one")]
    ollama_base_url: Annotated[OptionalUrl, Meta(description="Address of it; empty: the usual port of this machine")]
    vllm_api_key: Annotated[ServiceKey, Meta(description="Key for vLLM, if it wants one")]
    vllm_base_url: Annotated[OptionalUrl, Meta(description="Address of it; empty: the usual port of this machine")]
