"""The annotated picture. `Painter` is all that others need."""

from posecount.draw.painter import Painter

__all__ = ["Painter"]
