"""A place to listen at, or one line about who has it."""

import socket

from posecount.errors import PosecountError


def listening(address: str, port: int, advice: str) -> socket.socket:
    """Listening at once, so that whoever is quicker than the server waits; port 0 is any free one.

    Raises PosecountError, which ends with the advice, when the port is taken.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OSError:
        listener.close()
        raise PosecountError(f"port {port} is taken, perhaps by another posecount: {advice}") from None
    listener.listen()
    return listener
