"""How a phone becomes known: a token that is good once and for five minutes, then a cookie."""

import secrets
import time
from collections.abc import Callable

LIFE_S = 300.0
COOKIE = "posecount-phone"


class Pairing:
    """One token and one phone at a time: a new one takes the place of the old."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._token = self._cookie = ""
        self._offered_s = 0.0

    @property
    def token(self) -> str:
        """The one that is good now; a fresh one when it was used or is too old."""
        if self.left_s <= 0:
            self._token, self._offered_s = secrets.token_urlsafe(16), self._clock()
        return self._token

    @property
    def left_s(self) -> float:
        """How long the token is good for; 0 when there is none."""
        return max(self._offered_s + LIFE_S - self._clock(), 0.0) if self._token else 0.0

    def redeem(self, token: str) -> str | None:
        """The cookie for whoever shows the token; None for any other."""
        if self.left_s <= 0 or not secrets.compare_digest(token.encode(), self._token.encode()):
            return None
        self._token, self._cookie = "", secrets.token_urlsafe(32)
        return self._cookie

    def knows(self, cookie: str) -> bool:
        return bool(self._cookie) and secrets.compare_digest(cookie.encode(), self._cookie.encode())

    def forget(self) -> None:
        self._token = self._cookie = ""
