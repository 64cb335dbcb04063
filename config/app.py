"""The HTTP application over open services."""

from importlib.metadata import version
from typing import TypeVar

from litestar import Litestar
from litestar.di import Provide
from litestar.enums import MediaType
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from prometheus_client import CollectorRegistry

from footnote.config.services import Services
from footnote.config.settings import Settings
from footnote.modules.access.api import router as access_router
from footnote.modules.access.attempts import LoginAttempts
from footnote.modules.access.authenticators import KeyAuthenticator, LocalAuthenticator
from footnote.modules.access.binding import ensure_safe_binding
from footnote.modules.access.keys import parse_api_keys
from footnote.modules.access.provider_keys_api import router as provider_keys_router
from footnote.modules.access.service import AccessService
from footnote.modules.access.sessions import Sessions
from footnote.modules.generation.api import router as generation_router
from footnote.modules.generation.conversations_api import router as conversations_router
from footnote.modules.generation.feedback.service import FeedbackService
from footnote.modules.generation.feedback_api import router as feedback_router
from footnote.modules.generation.openai_api.errors import openai_error
from footnote.modules.generation.openai_api.handlers import ModelList
from footnote.modules.generation.openai_api.handlers import router as openai_router
from footnote.modules.generation.prompting.api import router as prompts_router
from footnote.modules.generation.socket_api import router as answer_socket_router
from footnote.modules.generation.streams import AnswerStreams
from footnote.modules.ingestion.api import router as ingestion_router
from footnote.modules.ingestion.fetching_api import router as fetching_router
from footnote.modules.portal.api import router as portal_router
from footnote.modules.retrieval.api import router as retrieval_router
from footnote.platform.http.app import HttpRules, install
from footnote.platform.http.error_form import ErrorForm
from footnote.platform.http.health import health_router
from footnote.platform.http.principal import provide_principal
from footnote.platform.http.problem import problem_details
from footnote.platform.http.summaries import SummariesInWords
from footnote.platform.inference.gateway.api import router as models_router
from footnote.platform.inference.gateway.usage import UsageReader

FORM_BYTES = 1 << 20  # room for the other fields of an upload

T = TypeVar("T")


def create_app(settings: Settings, services: Services, registry: CollectorRegistry) -> Litestar:
    """
    Raises:
        UnsafeBinding: Other machines could call, and no key is set.
        InvalidApiKeys: A key in the settings is malformed.
    """
    keys = parse_api_keys(key.reveal() for key in settings.api_keys)
    ensure_safe_binding(settings.host, bool(keys))
    sessions = Sessions(keys)
    streams = AnswerStreams(services.generation)
    app = Litestar(
        route_handlers=[
            ingestion_router,
            fetching_router,
            retrieval_router,
            generation_router,
            conversations_router,
            prompts_router,
            answer_socket_router,
            feedback_router,
            openai_router,
            access_router,
            provider_keys_router,
            models_router,
            portal_router,
            health_router({**services.store.checks, "disk": services.check_room}, registry, services.store.abilities),
        ],
        dependencies={
            "principal": Provide(provide_principal),
            "ingestion": given(services.ingestion),
            "fetcher": given(services.fetcher),
            "reader": given(services.reader),
            "watcher": given(services.watcher),
            "retrieval": given(services.retrieval),
            "generation": given(services.generation),
            "conversations": given(services.talks.browsing),
            "memories": given(services.talks.memories),
            "prompts": given(services.prompts),
            "streams": given(streams),
            "model_list": given(ModelList(services.chats)),
            "feedback": given(FeedbackService(services.store.feedback, services.store.answers, services.store.storage)),
            "provider_keys": given(services.provider_keys),
            "chats": given(services.chats),
            "usage": given(UsageReader(services.store.spending, services.chats.budgets)),
            "access": given(AccessService(keys, sessions, LoginAttempts())),
        },
        on_shutdown=[streams.close],
        plugins=[problem_details(), SummariesInWords()],
        logging_config=None,  # ours intercepts what the framework logs
        openapi_config=OpenAPIConfig(
            title="Footnote",
            version=version("footnote"),
            path="/schema",
            use_handler_docstrings=True,
            render_plugins=[JsonRenderPlugin(media_type=MediaType.JSON)],  # others load scripts from elsewhere
        ),
        request_max_body_size=None,  # the middleware counts, upload and other bodies apart
    )
    rules = HttpRules(
        authenticator=KeyAuthenticator(keys, sessions) if keys else LocalAuthenticator(),
        is_local=not keys,
        bound_host=settings.host,
        origins=settings.cors_origins,
        max_body_bytes=settings.max_body_bytes,
        max_upload_bytes=settings.max_upload_bytes,
        form_bytes=FORM_BYTES,
    )
    app = install(app, rules)
    app.asgi_handler = ErrorForm(app.asgi_handler, prefix="/v1/", translate=openai_error)
    return app


def given(service: T) -> Provide:
    return Provide(lambda: service, sync_to_thread=False)
