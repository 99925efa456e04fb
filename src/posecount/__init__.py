"""A coach for calves and ankles that needs nothing but a camera."""

__version__ = "0.1.0"
