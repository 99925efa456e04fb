"""Attending to one browser's WebSocket until it ends, whoever ends it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import WebSocket, WebSocketDisconnect

from posecount.errors import PosecountError
from posecount.web import scenes
from posecount.web.link import NORMAL, TRY_LATER, Refused
from posecount.web.outbox import Outbox

GOODBYE_S = 3.0


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
