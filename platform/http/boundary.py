"""The outermost catch: what fails around the framework is a problem too."""

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from footnote.platform.http.headers import is_http
from footnote.platform.http.problem import MEDIA_TYPE, Problem, report

POLICY_VIOLATION = 1008  # WebSocket close codes
INTERNAL_ERROR = 1011


class ProblemBoundary:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_started = False

        async def watched(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            report(error)
            if not has_started:
                await send_problem(error, scope, send)


async def send_problem(error: Exception, scope: Scope, send: Send) -> None:
    problem = Problem.of(error)
    if not is_http(scope):
        code = INTERNAL_ERROR if problem.status >= 500 else POLICY_VIOLATION
        await send({"type": "websocket.close", "code": code, "reason": ""})
        return
    headers = {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(problem.body)), **problem.headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": raw})
    await send({"type": "http.response.body", "body": problem.body, "more_body": False})
