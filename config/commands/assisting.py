"""`footnote mcp`."""

from footnote.config.commands.console import people
from footnote.config.commands.serving import take_address
from footnote.config.mcp.server import PATH, build_server, http_app
from footnote.config.mcp.tools import Library
from footnote.config.services import Services, open_services
from footnote.config.settings import Settings
from footnote.modules.access.authenticators import KeyAuthenticator, LocalAuthenticator
from footnote.modules.access.binding import ensure_safe_binding
from footnote.modules.access.keys import parse_api_keys
from footnote.modules.access.sessions import Sessions
from footnote.platform.http.app import HttpRules
from footnote.platform.http.server import serve_on


async def serve_assistant(settings: Settings) -> None:
    """Speak over standard input and output until the input ends."""
    async with open_services(settings) as services:
        await build_server(library_of(services)).run_stdio_async()


async def serve_assistants(settings: Settings) -> None:
    """Serve over HTTP, at the settings' address, until SIGINT or SIGTERM.

    Raises:
        UnsafeBinding: Other machines could call, and no key is set.
        AddressTaken: Another program listens there.
    """
    rules = rules_of(settings)
    listener = take_address(settings)
    async with open_services(settings) as services:
        await serve_on(
            http_app(build_server(library_of(services)), rules),
            listener,
            on_listening=announce,
            grace_seconds=settings.shutdown_seconds,
            trusted_proxies=settings.trusted_proxies,
        )


def rules_of(settings: Settings) -> HttpRules:
    """Those of the product's own interface; nothing is open to all."""
    keys = parse_api_keys(key.reveal() for key in settings.api_keys)
    ensure_safe_binding(settings.host, bool(keys))
    return HttpRules(
        authenticator=KeyAuthenticator(keys, Sessions(keys)) if keys else LocalAuthenticator(),
        is_local=not keys,
        bound_host=settings.host,
        origins=settings.cors_origins,
        max_body_bytes=settings.max_body_bytes,
        public=(),
    )


def library_of(services: Services) -> Library:
    return Library(
        retriever=services.retrieval,
        answerer=services.generation,
        documents=services.ingestion,
        reader=services.reader,
    )


def announce(url: str) -> None:
    people.print(f"[bold]Footnote is ready for assistants: {url}{PATH}[/bold]", highlight=False)
