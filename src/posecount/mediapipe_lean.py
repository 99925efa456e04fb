"""MediaPipe loaded without what nobody here uses of it: five sixths of the time that importing it takes."""

import contextlib
import importlib
import sys
from types import ModuleType
from typing import Any

UNUSED = ("matplotlib", "matplotlib.pyplot", "sounddevice")  # for its plots and its microphone


class _Later(ModuleType):
    """Stands in for a module, and loads it should somebody want something of it after all."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


def load() -> None:
    """Import it, if nobody has. What goes wrong is left to be told by whoever needs it."""
    if "mediapipe" in sys.modules or any(name in sys.modules for name in UNUSED):
        return
    standing_in = {name: _Later(name) for name in UNUSED}
    for name, module in standing_in.items():
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(standing_in[parent], child, module)
    sys.modules.update(standing_in)
    try:
        with contextlib.suppress(ImportError, OSError):
            import mediapipe.tasks.python.vision  # noqa: F401
    finally:
        for name in UNUSED:
            del sys.modules[name]
