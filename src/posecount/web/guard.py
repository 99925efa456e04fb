"""Who may ask: checked before any page sees a request.

A page on the internet can make a browser ask anything of 127.0.0.1, under a name of its own that it has made
to mean 127.0.0.1 (DNS rebinding), or from itself (cross-site requests and WebSockets). So the name asked for
must be this machine's, and whoever changes something or opens a WebSocket must come from our own pages.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
READING = ("GET", "HEAD")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
POLICY_VIOLATION = 1008  # RFC 6455


class Guard:
    """ASGI middleware. A page that needs a policy of its own sets the header itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif refusal := refused(scope):
            await _refuse(scope, receive, send, refusal)
        else:
            await self._app(scope, receive, _with_headers(send))


def refused(scope: Scope) -> str:
    """Why this request is not answered, in words; '' when it is."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if _name(host) not in LOOPBACK:
        return f"This is posecount on another machine's name ({host}); ask for 127.0.0.1 or localhost."
    wants_origin = scope["type"] == "websocket" or scope["method"] not in READING
    origin = headers.get("origin")
    if (wants_origin or origin) and origin != f"http://{host}":
        return "Only posecount's own pages may ask for this."
    if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
        return "Only posecount's own pages may load this."
    return ""


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


async def _refuse(scope: Scope, receive: Receive, send: Send, why: str) -> None:
    if scope["type"] == "websocket":  # closed before it is accepted: the browser sees 403
        await receive()
        await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": why})
    else:
        await PlainTextResponse(why + "\n", 403)(scope, receive, _with_headers(send))
