"""One picture out of a video: what a page shows before it plays, and what paper shows instead."""

from pathlib import Path

import av
from PIL import Image

from posecount.files import replacing
from posecount.types import Summary

WIDEST_PX = 960
QUALITY = 82


def moment(found: Summary) -> float:
    """Seconds: the top of the last smooth repetition, else the middle of the longest stretch, or of all."""
    reps = [rep for rep in found.reps if rep.quality == "smooth"] or found.reps
    if reps:
        return reps[-1].peak_s
    if found.holds:
        hold = max(found.holds, key=lambda hold: hold.duration_s)
        return (hold.start_s + hold.end_s) / 2
    return found.seconds / 2


def write_poster(video: Path, time_s: float, path: Path) -> None:
    """The JPEG of the first picture at or after `time_s`, at most WIDEST_PX wide."""
    with av.open(str(video.absolute())) as container:
        stream = container.streams.video[0]
        container.seek(int(time_s * av.time_base))
        picture = None
        for picture in container.decode(stream):
            if picture.time is not None and picture.time >= time_s:
                break
    if picture is None:
        return
    image = Image.fromarray(picture.to_ndarray(format="rgb24"))
    image.thumbnail((WIDEST_PX, 4 * WIDEST_PX))
    with replacing(path) as part:
        image.save(part, quality=QUALITY)
