"""The Live page, and the WebSocket through which its pictures come and its scenes go."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

from fastapi import APIRouter, Request, WebSocket
from fastapi.responses import Response

from posecount import safety
from posecount.exercises import exercise
from posecount.programmes import programmes
from posecount.session import EXERCISES
from posecount.web import scenes
from posecount.web.attend import attended
from posecount.web.link import Link, Message, Refused
from posecount.web.pages import page
from posecount.web.phone import Phone
from posecount.web.studio import Studio
from posecount.web.training import KEYS, Training, Wanted, wanted

HELLO_S = 10.0  # a page says at once what it wants

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
            with _looking_through_phone(socket, place, asked):
                place.watch(outbox, pictures=asked.phone)
                outbox.tell(scenes.message("ready"))
                while take(await link.receive(), place, link.now_s):
                    pass


@asynccontextmanager
async def training(socket: WebSocket, asked: Wanted) -> AsyncIterator[Training]:
    """A place among those who train. Raises PosecountError when there is none."""
    studio: Studio = socket.app.state.studio
    place = await studio.enter(asked)
    try:
        yield place
    finally:
        await asyncio.shield(studio.leave(place))


def _looking_through_phone(socket: WebSocket, place: Training, asked: Wanted) -> AbstractContextManager[None]:
    phone: Phone = socket.app.state.phone
    return phone.used_by(place) if asked.phone else nullcontext()


def hello(message: Message) -> Wanted:
    """What a page wants. Raises Refused."""
    if isinstance(message, tuple):
        raise Refused("say first what you want")
    return wanted(message)


def take(message: Message, place: Training, now_s: float) -> bool:
    """A picture or a key for the session; False when it should end. Raises Refused."""
    if isinstance(message, tuple):
        place.put(*message, now_s)
    elif message.get("key") in KEYS:
        place.press(str(message["key"]))
    else:
        if "stop" not in message:
            raise Refused("this message is not known")
        return False
    return True
