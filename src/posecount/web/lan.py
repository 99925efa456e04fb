"""The door for a phone: HTTPS on this machine's home address, shut until someone asks for it."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from posecount.errors import PosecountError
from posecount.web.certificate import Certificate, context, made_for
from posecount.web.listen import listening
from posecount.web.pairing import Pairing

PORT = 8766
LARGEST_MESSAGE = 1 << 20  # bytes: a picture of 1080p as the page sends it takes a fourth
GUESTS = 32  # connections at once: a phone needs a handful
NOWHERE = ("192.0.2.1", 9)  # an address for documentation: asked for the way there, nothing is sent


class Lan:
    """`open` and `close` from the event loop; `host` is '' while shut."""

    def __init__(self, address: str = "", port: int = PORT) -> None:
        """`address` '' finds this machine's own; port 0 takes any that is free."""
        self._address, self._port = address, port
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None
        self.pairing = Pairing()
        self.host = ""
        self.certificate: Certificate | None = None

    @property
    def url(self) -> str:
        """Where the phone goes; the token is behind a #, which browsers keep to themselves."""
        return f"https://{self.host}/phone#{self.pairing.token}"

    async def open(self, app: FastAPI) -> None:
        """Does nothing when it is open. Raises PosecountError without a network."""
        if self.host:
            return
        address = self._address or own_address()
        listener = listening(address, self._port, "end that one first")
        self.certificate = await asyncio.to_thread(made_for, address)
        self._server = _Beside(_config(app, self.certificate))
        self._task = asyncio.create_task(self._server.serve([listener]))
        self.host = f"{address}:{listener.getsockname()[1]}"

    async def close(self) -> None:
        self.host = ""
        self.pairing.forget()
        if self._server and self._task:
            self._server.should_exit = True
            await self._task
        self._server = self._task = None


class _Beside(uvicorn.Server):
    """Ctrl-C is for the main server."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: FastAPI, made: Certificate) -> uvicorn.Config:
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_level="critical",  # a phone that does not like the certificate is no news
        proxy_headers=False,
        server_header=False,
        limit_concurrency=GUESTS,
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=2,
    )
    config.load()
    config.ssl = context(made)
    return config


def own_address() -> str:
    """Of this machine in its network. Raises PosecountError when it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
            address: str = probe.getsockname()[0]
        except OSError:
            address = "127.0.0.1"
    if address.startswith("127."):
        raise PosecountError("this machine is in no network: join the Wi-Fi that your phone is in")
    return address
