import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from litestar import get

from footnote.platform.http.server import listen

PROGRAM = """
import asyncio
from litestar import Litestar, get
from footnote.platform.http.server import listen, serve_on

@get("/slow")
async def slow() -> str:
    print("asked", flush=True)
    await asyncio.sleep(0.5)
    return "finished"

async def closed() -> None:
    print("closed", flush=True)

app = Litestar([slow], on_shutdown=[closed], logging_config=None)
asyncio.run(
    serve_on(
        app,
        listen("127.0.0.1", 0),
        on_listening=lambda url: print(url, flush=True),
        on_stopping=lambda: print("stopping", flush=True),
    )
)
print("returned", flush=True)
"""


@get("/notes")
async def read_notes() -> str:
    return "notes"


async def test_a_response_names_no_server(make_app: Callable[..., Any], running: Any) -> None:
    async with running(make_app(read_notes)) as (_, client):
        headers = (await client.get("/notes")).headers
    assert "server" not in headers
    assert "date" in headers


def test_a_port_in_use_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_an_ipv6_address_can_be_listened_on() -> None:
    with listen("::1", 0) as listener:
        assert listener.family == socket.AF_INET6


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_requests_finish(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        connection = HTTPConnection(urlsplit(process.stdout.readline()).netloc.strip())
        connection.request("GET", "/slow")
        assert process.stdout.readline() == "asked\n"
        process.send_signal(number)
        assert process.stdout.readline() == "stopping\n"
        assert connection.getresponse().read() == b"finished"
        connection.close()
        assert process.stdout.read() == "closed\nreturned\n"
    assert process.returncode == 0
