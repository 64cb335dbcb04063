"""A server that speaks S3 as far as an object store needs it, keeps objects in memory, and misbehaves when asked to.

Faults, each for the next request that fits: `slow_down` answers 503, `denied` 403; `cut` ends the connection in the
middle of the bytes; `other` sends other bytes of the same length; `short` names a length and sends less; `mute` never
answers.
"""

import hashlib
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

XML = '<?xml version="1.0" encoding="UTF-8"?>'
TIME = "2026-01-02T03:04:05.000Z"
BUCKET = "bucket"


class S3Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.faults: deque[str] = deque()
        self.requests: list[str] = []
        self.silence = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def fault(self, *names: str) -> str | None:
        """The next fault, if it is one of `names`."""
        return self.faults.popleft() if self.faults and self.faults[0] in names else None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: S3Server

    def log_message(self, *_: Any) -> None:
        pass

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def do_PUT(self) -> None:
        body = self._body()
        if self._misbehaves():
            return
        if upload := self._query.get("uploadId"):
            self.server.parts[upload][int(self._query["partNumber"])] = body
        elif self.headers.get("If-None-Match") == "*" and self._key in self.server.objects:
            self._answer(412)
            return
        else:
            self.server.objects[self._key] = body
        self._answer(200, headers={"ETag": _etag(body)})

    def do_GET(self) -> None:
        if self._misbehaves():
            return
        if "list-type" in self._query:
            self._answer(200, self._listing())
        elif self._key in self.server.objects:
            self._send(self.server.objects[self._key])
        else:
            self._answer(404, f"{XML}<Error><Code>NoSuchKey</Code></Error>".encode())

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        if self._misbehaves():
            return
        self.server.parts.pop(self._query.get("uploadId", ""), None)
        self.server.objects.pop(self._key, None)
        self._answer(204)

    def do_POST(self) -> None:
        body = self._body()
        if self._misbehaves():
            return
        if "delete" in self._query:
            keys = re.findall("<Key>(.*?)</Key>", body.decode())
            for key in keys:
                self.server.objects.pop(unescape(key), None)
            inner = f"<DeleteResult>{''.join(f'<Deleted><Key>{key}</Key></Deleted>' for key in keys)}</DeleteResult>"
        elif "uploads" in self._query:
            upload = f"upload-{len(self.server.requests)}"
            self.server.parts[upload] = {}
            names = f"<Bucket>{BUCKET}</Bucket><Key>{escape(self._key)}</Key><UploadId>{upload}</UploadId>"
            inner = f"<InitiateMultipartUploadResult>{names}</InitiateMultipartUploadResult>"
        else:
            parts = self.server.parts.pop(self._query["uploadId"])
            self.server.objects[self._key] = b"".join(parts[number] for number in sorted(parts))
            etag = escape(_etag(self.server.objects[self._key]))
            inner = f"<CompleteMultipartUploadResult><ETag>{etag}</ETag></CompleteMultipartUploadResult>"
        self._answer(200, (XML + inner).encode())

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}").lstrip("/")

    @property
    def _query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query, keep_blank_values=True).items()}

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _misbehaves(self) -> bool:
        self.server.requests.append(f"{self.command} {self.path}")
        match self.server.fault("slow_down", "mute", "denied"):
            case "denied":
                self._answer(403, f"{XML}<Error><Code>AccessDenied</Code></Error>".encode())
                return True
            case "slow_down":
                self._answer(503, f"{XML}<Error><Code>SlowDown</Code></Error>".encode())
                return True
            case "mute":
                self.server.silence.wait(60)
                self.close_connection = True
                return True
        return False

    def _send(self, content: bytes) -> None:
        start, end = _range(self.headers.get("Range"), len(content))
        body = content[start:end]
        fault = self.server.fault("cut", "short", "other") if self.command == "GET" else None
        self.send_response(206 if "Range" in self.headers else 200)
        self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", _etag(content))
        self.send_header("Last-Modified", "Fri, 02 Jan 2026 03:04:05 GMT")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(
                {"cut": body[: len(body) // 2], "short": body[:-1], "other": bytes(len(body))}.get(fault or "", body)
            )
        self.close_connection = fault in ("cut", "short")

    def _listing(self) -> bytes:
        prefix = self._query.get("prefix", "")
        found = sorted(key for key in self.server.objects if key.startswith(prefix))
        entries = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.server.objects[key])}</Size>"
            f"<LastModified>{TIME}</LastModified><ETag>x</ETag></Contents>"
            for key in found
        )
        return f"{XML}<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode()

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _range(header: str | None, size: int) -> tuple[int, int]:
    if header is None:
        return 0, size
    first, _, last = header.removeprefix("bytes=").partition("-")
    return int(first), min(int(last) + 1, size) if last else size


@contextmanager
def s3_server(port: int = 0) -> Iterator[S3Server]:
    """Listening, and gone at the end of the block."""
    server = S3Server(port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.silence.set()
        server.shutdown()
        server.server_close()
        thread.join()
