"""The window: shows a picture, hears the keys. OpenCV's own, which is here with all else that we need."""

import os
import socket
import sys

import cv2

from posecount.draw.ink import Image
from posecount.errors import PosecountError

NAME = "posecount"
FIRST_SIZE = (1280, 720)
FIRST_PORT = 6000  # of X over the network, as through ssh
ESCAPE, CLOSED = "esc", "closed"
KEYS = {27: ESCAPE, 32: "space"} | {ord(key): key.lower() for key in "qrcmsnhQRCMSNH"}

NO_WINDOW = "no window can be shown here (no display): use --no-window, or run it on the desktop"


class Window:
    """A context manager. Raises PosecountError where no window can be shown."""

    def __init__(self) -> None:
        check_display()

    def __enter__(self) -> "Window":
        cv2.namedWindow(NAME, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
        cv2.resizeWindow(NAME, *FIRST_SIZE)
        self._shown = False
        return self

    def __exit__(self, *_: object) -> None:
        cv2.destroyWindow(NAME)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as the user has made it."""
        _, _, width, height = cv2.getWindowImageRect(NAME)
        return (width, height) if width > 0 and height > 0 else FIRST_SIZE

    def show(self, image: Image) -> None:
        shown = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        size = self.size
        if shown.shape[1::-1] != size:  # Qt would enlarge it too, but in 20 ms for 4K, and in steps
            shown = cv2.resize(shown, size, interpolation=cv2.INTER_LINEAR)
        cv2.imshow(NAME, shown)
        self._shown = True

    def key(self) -> str:
        """The key pressed since the last call, 'closed' when the window is; '' for none."""
        code = cv2.pollKey()
        if self._shown and cv2.getWindowProperty(NAME, cv2.WND_PROP_VISIBLE) < 1:
            return CLOSED
        return KEYS.get(code & 0xFF, "") if code >= 0 else ""


def check_display() -> None:
    """Raises PosecountError where opening a window would end the whole program, as Qt does."""
    if sys.platform == "linux" and not _answers(os.environ.get("DISPLAY", "")):
        raise PosecountError(NO_WINDOW)


def _answers(display: str) -> bool:
    """Whether an X server listens at a name like `:0` or `localhost:10.0`: it may be gone."""
    host, colon, number = display.partition("/")[0].rpartition(":")
    screen = number.partition(".")[0]
    if not colon or not screen.isdigit():
        return False
    if host not in ("", "unix"):
        return _connects(socket.AF_INET, (host, FIRST_PORT + int(screen)))
    path = f"/tmp/.X11-unix/X{screen}"
    return _connects(socket.AF_UNIX, path) or _connects(socket.AF_UNIX, f"\0{path}")


def _connects(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family) as client:
        client.settimeout(3)
        try:
            client.connect(address)
        except OSError:
            return False
    return True
