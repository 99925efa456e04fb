"""`posecount serve`: the app on this machine's own loopback address, and the browser to look at it."""

import asyncio
import http.client
import socket
import threading
import webbrowser

import uvicorn
from fastapi import FastAPI

from posecount.web.app import create_app
from posecount.web.lan import LARGEST_MESSAGE
from posecount.web.listen import listening
from posecount.web.phone import for_terminal
from posecount.web.settings import Settings

HOST = "127.0.0.1"


def serve(settings: Settings, port: int, browser: bool, lan: bool) -> None:
    """Until Ctrl-C. Raises PosecountError when the port is taken, or there is no network for `lan`."""
    if browser and is_posecount(port):  # started twice: the other one is as good
        webbrowser.open(f"http://{HOST}:{port}/")
        return
    listener = listening(HOST, port, f"open http://{HOST}:{port}/ or say --port")
    url = f"http://{HOST}:{listener.getsockname()[1]}/"
    app = create_app(settings)
    threading.Thread(target=app.state.studio.prepare, daemon=True).start()
    if browser:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
    asyncio.run(_serve(app, listener, url, lan))


async def _serve(app: FastAPI, listener: socket.socket, url: str, lan: bool) -> None:
    if lan:
        await app.state.lan.open(app)
        print(for_terminal(app.state.lan))
    print(f"posecount is at {url} (only on this machine). Ctrl-C ends it.", flush=True)
    await uvicorn.Server(config(app)).serve([listener])


def is_posecount(port: int) -> bool:
    """Whether another posecount answers there."""
    asking = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        asking.request("GET", "/")
        return b"posecount" in asking.getresponse().read(4096)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def config(app: FastAPI) -> uvicorn.Config:
    # Nobody stands before us who could say who asks; and a compressed message could be a bomb.
    return uvicorn.Config(
        app,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=2,
    )
