"""A server on this machine that speaks the wire format of OpenAI's transcription endpoint, faults included."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER = {
    "task": "transcribe",
    "language": "english",
    "duration": 3.0,
    "text": "The harvest was good. Nobody knows why.",
    "segments": [
        {"id": 0, "seek": 0, "start": 0.0, "end": 1.2, "text": " The harvest was good.", "tokens": [440]},
        {"id": 1, "seek": 0, "start": 1.4, "end": 2.6, "text": " Nobody knows why.", "tokens": [9297]},
    ],
    "words": [
        {"word": word, "start": 0.3 * number, "end": 0.3 * number + 0.2}
        for number, word in enumerate(["The", "harvest", "was", "good", "Nobody", "knows", "why"])
    ],
}


class Reply:
    """What to answer: JSON, or these bytes as they are; one that hangs is kept back until the server stops."""

    def __init__(
        self, content: object, status: int = 200, headers: dict[str, str] | None = None, hangs: bool = False
    ) -> None:
        self.body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.status = status
        self.headers = headers or {}
        self.hangs = hangs


def fault(message: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


class Request:
    """One upload, taken apart."""

    def __init__(self, path: str, headers: Any, body: bytes) -> None:
        self.path = path
        self.key = headers["Authorization"]
        head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
        form = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + body)
        self.fields: dict[str, list[str]] = {}
        for part in form.iter_parts():
            name = str(part.get_param("name", header="Content-Disposition"))
            if (filename := part.get_filename()) is not None:
                self.filename, self.media_type = filename, part.get_content_type()
                self.file: bytes = part.get_payload(decode=True)
            else:
                self.fields.setdefault(name, []).append(part.get_content().strip())


class TranscriptionServer:
    def __init__(self) -> None:
        self.replies: list[Reply] = []  # in turn; the last one stays
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.requests.append(Request(self.path, self.headers, body))
                reply = server.replies[0] if len(server.replies) == 1 else server.replies.pop(0)
                if reply.hangs:
                    server.stopping.wait(60)
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                with suppress(ConnectionError):  # who asked may not have waited
                    self.wfile.write(reply.body)

            def log_message(self, *_: object) -> None: ...

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @contextmanager
    def serving(self) -> Iterator["TranscriptionServer"]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self
        finally:
            self.stopping.set()
            self._http.shutdown()
            thread.join()
            self._http.server_close()
