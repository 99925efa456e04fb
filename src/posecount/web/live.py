"""The Live page, and the WebSocket through which its pictures come and its scenes go."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import Response

from posecount import safety
from posecount.errors import PosecountError
from posecount.exercises import exercise
from posecount.programmes import programmes
from posecount.session import EXERCISES
from posecount.web import scenes
from posecount.web.link import NORMAL, TRY_LATER, Link, Message, Refused
from posecount.web.outbox import Outbox
from posecount.web.pages import page
from posecount.web.studio import Studio
from posecount.web.training import KEYS, Training, Wanted, wanted

HELLO_S = 10.0  # a page says at once what it wants
GOODBYE_S = 3.0

router = APIRouter()


@router.get("/")
def show(request: Request) -> Response:
    return page(
        request,
        "live",
        exercises=[exercise(name) for name in EXERCISES if name != "auto"],
        programmes=programmes(),
        questions=safety.questions(),
        advice=safety.advice(safety.QUESTIONS),
    )


@router.websocket("/ws/live")
async def live(socket: WebSocket) -> None:
    """First {exercise, side, programme, guided}, then pictures and {key} until {stop}."""
    await socket.accept()
    async with attended(socket) as outbox:
        link = Link(socket)
        asked = hello(await link.receive(HELLO_S))
        async with training(socket, asked) as place:
            place.watch(outbox)
            outbox.tell(scenes.message("ready"))
            while take(await link.receive(), place):
                pass


@asynccontextmanager
async def attended(socket: WebSocket) -> AsyncIterator[Outbox]:
    """A box that is sent, to the last event, and then closes the socket, saying why."""
    outbox = Outbox()
    sending = asyncio.create_task(outbox.run(socket))
    code, why = NORMAL, ""
    try:
        yield outbox
    except WebSocketDisconnect:
        pass
    except PosecountError as error:
        outbox.tell(scenes.message("refused", message=str(error)))
        code, why = TRY_LATER, "refused"
    except Refused as error:
        code, why = error.code, str(error)
    finally:
        outbox.close(code, why)
        await asyncio.wait([sending], timeout=GOODBYE_S)
        sending.cancel()


@asynccontextmanager
async def training(socket: WebSocket, asked: Wanted) -> AsyncIterator[Training]:
    """A place among those who train. Raises PosecountError when there is none."""
    studio: Studio = socket.app.state.studio
    place = await studio.enter(asked)
    try:
        yield place
    finally:
        await asyncio.shield(studio.leave(place))


def hello(message: Message) -> Wanted:
    """What a page wants. Raises Refused."""
    if isinstance(message, tuple):
        raise Refused("say first what you want")
    return wanted(message)


def take(message: Message, place: Training) -> bool:
    """A picture or a key for the session; False when it should end. Raises Refused."""
    if isinstance(message, tuple):
        place.put(*message, time.monotonic())
    elif message.get("key") in KEYS:
        place.press(str(message["key"]))
    else:
        if "stop" not in message:
            raise Refused("this message is not known")
        return False
    return True
