"""`footnote serve` and `footnote worker`."""

import asyncio
import socket
import sys
from collections.abc import Sequence

from loguru import logger
from prometheus_client import CollectorRegistry

from footnote.config.app import create_app
from footnote.config.commands.console import people, stop_on_signals
from footnote.config.commands.files import working
from footnote.config.services import open_services, try_store
from footnote.config.settings import Settings
from footnote.config.upkeep import upkeep
from footnote.modules.access.binding import ensure_safe_binding
from footnote.platform.errors import Unavailable
from footnote.platform.http.server import listen, serve_on

RESTART_PAUSE = 1.0  # seconds, so that a process that cannot start does not spin


class AddressTaken(Unavailable):
    title = "The address cannot be listened on"

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"{host} port {port}: {reason}. Choose another with --port, or stop what listens there.")


async def serve_from(settings: Settings, registry: CollectorRegistry, processes: int, descriptor: int | None) -> None:
    """Serve in this process, or in several that share one address; `descriptor` is the parent's listening socket."""
    ensure_safe_binding(settings.host, bool(settings.api_keys))
    listener = take_address(settings) if descriptor is None else socket.socket(fileno=descriptor)
    if processes == 1:
        await serve_here(settings, registry, listener)
    else:
        await supervise(settings, listener, processes)


async def serve_here(settings: Settings, registry: CollectorRegistry, listener: socket.socket) -> None:
    """Serve on `listener` until SIGINT or SIGTERM, with one worker in this process."""
    async with open_services(settings, may_change_model=True) as services:
        app = create_app(settings, services, registry)
        async with working(services) as stop_working, upkeep(services):
            await serve_on(
                app,
                listener,
                on_listening=announce,
                on_stopping=stop_working.set,  # jobs and requests share one time of grace
                grace_seconds=settings.shutdown_seconds,
                trusted_proxies=settings.trusted_proxies,
            )


async def work_here(settings: Settings) -> None:
    """Run background jobs until SIGINT or SIGTERM."""
    stop = stop_on_signals()
    async with open_services(settings, may_change_model=True) as services, upkeep(services):
        people.print("Footnote's worker is running; Ctrl-C ends it.")
        await services.worker.run(stop)


async def supervise(settings: Settings, listener: socket.socket, processes: int) -> None:
    """Keep `processes` server processes running that share `listener`, until SIGINT or SIGTERM."""
    await try_store(settings)  # what refuses it would refuse each of them, again and again
    listener.set_inheritable(True)
    descriptor = listener.fileno()
    # -P: the working directory may hold a folder called platform.
    command = (sys.executable, "-P", "-m", "footnote", "serve", "--host", settings.host, "--fd", str(descriptor))
    stop = stop_on_signals()
    async with asyncio.TaskGroup() as group:
        for _ in range(processes):
            group.create_task(keep_running(command, descriptor, stop))


async def keep_running(command: Sequence[str], descriptor: int, stop: asyncio.Event) -> None:
    while not stop.is_set():
        process = await asyncio.create_subprocess_exec(*command, pass_fds=[descriptor])
        ended, stopped = asyncio.create_task(process.wait()), asyncio.create_task(stop.wait())
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done() and not stop.is_set():
            logger.bind(exit_code=process.returncode).error("A server process ended; starting another")
            await asyncio.wait({stopped}, timeout=RESTART_PAUSE)
        elif not ended.done():
            process.terminate()
        await ended
        stopped.cancel()


def take_address(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say.

    Raises:
        AddressTaken: Another program listens there, or this user may not.
    """
    try:
        return listen(settings.host, settings.port)
    except OSError as error:
        raise AddressTaken(settings.host, settings.port, error.strerror or str(error)) from error


def announce(url: str) -> None:
    people.print(f"[bold]Footnote is ready: {url}[/bold]", highlight=False)
