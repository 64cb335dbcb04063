"""A server on this machine that answers as a script says, whatever the wire format."""

import json
import socket
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

Answer = dict[str, Any]


class Reply:
    """An answer that is not the usual one: JSON, or bytes as they are; one that hangs waits until the server stops."""

    def __init__(
        self, content: object = None, status: int = 200, headers: dict[str, str] | None = None, hangs: bool = False
    ) -> None:
        self.body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.status = status
        self.headers = headers or {}
        self.hangs = hangs


class Streamed(Reply):
    """An answer in parts; `ends` says what comes after the last one: its end, nothing more, or a broken connection."""

    def __init__(self, parts: Sequence[bytes], ends: Literal["whole", "silence", "cut"] = "whole") -> None:
        super().__init__(b"", headers={"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
        self.parts = parts
        self.ends = ends


class Request:
    def __init__(self, path: str, headers: Any, body: bytes) -> None:
        self.path = path
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.content: Answer = json.loads(body)


Changed = Callable[[Answer], object]  # the usual answer, changed


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # of those that ask at once

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # who asked may have gone away
            super().handle_error(request, client_address)


class WireServer(ABC):
    """Subclasses give `answer`, the usual one."""

    def __init__(self) -> None:
        self.replies: list[Reply | Changed] = []  # in turn, to the next requests; then come the usual answers
        self.requests: list[Request] = []
        self.left = threading.Event()  # who asked went away before the end
        self._stopping = threading.Event()
        self._turn = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                request = Request(self.path, self.headers, self.rfile.read(int(self.headers["Content-Length"])))
                reply = server._reply(request)
                if reply.hangs:
                    server._stopping.wait(60)
                try:
                    self._send(reply)
                except ConnectionError:  # who asked did not wait
                    server.left.set()

            def _send(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                if isinstance(reply, Streamed):
                    self.end_headers()
                    self._send_parts(reply)
                    return
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def _send_parts(self, reply: Streamed) -> None:
                for part in reply.parts:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
                if reply.ends == "whole":
                    self.wfile.write(b"0\r\n\r\n")
                    return
                self.close_connection = True
                if reply.ends == "silence":
                    server._wait_until_left(self.connection)

            def log_message(self, *_: object) -> None: ...

        self._http = _Http(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    @abstractmethod
    def answer(self, request: Request) -> Reply: ...

    def _reply(self, request: Request) -> Reply:
        with self._turn:
            self.requests.append(request)
            scripted = self.replies.pop(0) if self.replies else None
        if isinstance(scripted, Reply):
            return scripted
        usual = self.answer(request)
        return Reply(scripted(json.loads(usual.body))) if scripted else usual

    def _wait_until_left(self, connection: socket.socket) -> None:
        connection.settimeout(0.05)
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                if not connection.recv(1):
                    raise ConnectionError

    @contextmanager
    def serving(self) -> Iterator[Self]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self
        finally:
            self._stopping.set()
            self._http.shutdown()
            thread.join()
            self._http.server_close()
