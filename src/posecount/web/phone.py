"""A phone as the camera: its page, its WebSocket, and what the computer's page asks about it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request, WebSocket
from fastapi.responses import JSONResponse, Response

from posecount.errors import PosecountError
from posecount.web import scenes
from posecount.web.attend import attended
from posecount.web.lan import Lan
from posecount.web.link import TRY_LATER, Link
from posecount.web.outbox import Outbox
from posecount.web.pages import page
from posecount.web.pairing import COOKIE
from posecount.web.training import Training

router = APIRouter()


class Phone:
    """The one camera that is elsewhere, and the session that looks through it."""

    def __init__(self) -> None:
        self._camera: Outbox | None = None
        self._training: Training | None = None

    @property
    def connected(self) -> bool:
        return self._camera is not None

    @contextmanager
    def camera(self, outbox: Outbox) -> Iterator[None]:
        """While the phone is connected; a new one takes the place of the old."""
        if self._camera:
            self._camera.close(TRY_LATER, "another phone has taken over")
        self._camera = outbox
        if self._training:
            self._training.watch(outbox)
        try:
            yield
        finally:
            if self._training:
                self._training.unwatch(outbox)
            if self._camera is outbox:
                self._camera = None

    @contextmanager
    def used_by(self, training: Training) -> Iterator[None]:
        """Raises PosecountError when another session has it."""
        if self._training:
            raise PosecountError("The phone is the camera of another session; finish that one first.")
        self._training = training
        if self._camera:
            training.watch(self._camera)
        try:
            yield
        finally:
            self._training = None

    def put(self, captured_ms: float, jpeg: bytes, now_s: float) -> None:
        if self._training:
            self._training.put(captured_ms, jpeg, now_s)
        elif self._camera:
            self._camera.show(scenes.message("waiting", captured=captured_ms))


@router.get("/phone")
def show(request: Request) -> Response:
    return page(request, "phone")


@router.post("/phone/pair")
def pair(request: Request, token: Annotated[str, Body(embed=True, max_length=64)]) -> Response:
    """A cookie for the token."""
    cookie = _lan(request).pairing.redeem(token)
    if cookie is None:
        raise HTTPException(403, "This code has been used, or is older than five minutes.")
    response = Response(status_code=204)
    response.set_cookie(COOKIE, cookie, secure=True, httponly=True, samesite="strict")
    return response


@router.websocket("/ws/camera")
async def camera(socket: WebSocket) -> None:
    """Pictures come, scenes go."""
    await socket.accept()
    phone: Phone = socket.app.state.phone
    async with attended(socket) as outbox:
        link = Link(socket)
        with phone.camera(outbox):
            while True:
                message = await link.receive()
                if isinstance(message, tuple):
                    phone.put(*message, link.now_s)


@router.post("/api/phone")
async def invite(request: Request) -> Response:
    """Open the door, if it is shut, and say what the phone needs."""
    await _lan(request).open(request.app)
    return JSONResponse(invitation(_lan(request)) | {"connected": request.app.state.phone.connected})


@router.delete("/api/phone")
async def dismiss(request: Request) -> Response:
    """Shut the door; the phone is forgotten."""
    await _lan(request).close()
    return Response(status_code=204)


def invitation(lan: Lan) -> dict[str, Any]:
    import segno

    drawn = io.BytesIO()
    segno.make(lan.url, error="m", micro=False).save(drawn, kind="svg", border=2, scale=4, xmldecl=False)
    return {
        "url": lan.url,
        "host": lan.host,
        "qr": drawn.getvalue().decode(),
        "left_s": round(lan.pairing.left_s),
        "fingerprint": lan.certificate.fingerprint if lan.certificate else "",
    }


def for_terminal(lan: Lan) -> str:
    """The same for whoever looks at the terminal."""
    import segno

    drawn = io.StringIO()
    segno.make(lan.url, error="l", micro=False).terminal(drawn, compact=True, border=2)
    fingerprint = lan.certificate.fingerprint if lan.certificate else ""
    return f"""{drawn.getvalue()}
Your phone as the camera: point its camera at this code, or open
  {lan.url}
The code is good once, for five minutes. The phone will warn that it does not know who certifies this address:
nobody certifies addresses at home, so posecount made a certificate just now. Go on when its fingerprint is
  {fingerprint}"""


def _lan(request: Request) -> Lan:
    lan: Lan = request.app.state.lan
    return lan
