"""Who may ask: checked before any page sees a request.

A page on the internet can make a browser ask anything of 127.0.0.1, under a name of its own that it has made
to mean 127.0.0.1 (DNS rebinding), or from itself (cross-site requests and WebSockets). So the name asked for
must be this machine's, and whoever changes something or opens a WebSocket must come from our own pages.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from posecount.web.lan import Lan
from posecount.web.pairing import COOKIE

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
LARGE = ("/analyse/jobs",)  # where files are received, which counts for itself
LARGEST = 64 << 10  # bytes of any other request


# On the door for phones: to become known, and the page that says how. All else needs the cookie,
# and even then a phone is a camera, not someone who may look into the history.
FOR_ANYONE = ("/phone", "/phone/pair", "/static/", "/fonts/")
FOR_PHONE = ("/ws/camera",)


class Guard:
    """ASGI middleware. A page that needs a policy of its own sets the header itself."""

    def __init__(self, app: ASGIApp, lan: Lan) -> None:
        self._app, self._lan = app, lan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif refusal := refused(scope, self._lan):
            await _refuse(scope, receive, send, refusal)
        else:
            await self._app(scope, _limited(scope, receive), _with_headers(send))


def refused(scope: Scope, lan: Lan) -> str:
    """Why this request is not answered, in words; '' when it is."""
    headers = Headers(scope=scope)
    secure = scope["scheme"] in ("https", "wss")
    host = headers.get("host", "")
    if (host != lan.host) if secure else (_name(host) not in LOOPBACK):
        return f"posecount is not {host[:100]}; ask for it by its own address."
    origin = headers.get("origin")
    wants_origin = scope["type"] == "websocket" or scope["method"] not in READING
    if (wants_origin or origin) and origin != f"{'https' if secure else 'http'}://{host}":
        return "Only posecount's own pages may ask for this."
    if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
        return "Only posecount's own pages may load this."
    if secure and not _open_to_phone(scope["path"], headers, lan):
        return "Scan the code on your computer first."
    return ""


def _open_to_phone(path: str, headers: Headers, lan: Lan) -> bool:
    if any(path == each or (each.endswith("/") and path.startswith(each)) for each in FOR_ANYONE):
        return True
    cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
    return path in FOR_PHONE and lan.pairing.knows(cookie)


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _limited(scope: Scope, receive: Receive) -> Receive:
    """Ends whoever sends more than any page of ours does."""
    if scope["type"] != "http" or scope["path"] in LARGE:
        return receive
    left = LARGEST

    async def receiving() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return receiving


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
