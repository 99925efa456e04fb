"""How right posecount is: `python -m benchmarks.accuracy CLIPS [--model full] [--poses DIR] [--markdown]`.

CLIPS holds NAME.mp4 with NAME.truth.json, as the renderer writes them. Every clip goes through the whole
pipeline with nothing told about it. Landmarks kept in DIR are not looked for again.
"""

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.clips import analyse, clips, poses
from benchmarks.measures import MEASURES
from benchmarks.scoring import Score, read_truth, score

WORKERS = 2  # MediaPipe keeps one core busy per landmarker


def judge(truth: Path, model: str, kept: Path | None) -> Score:
    """The score of one clip."""
    return score(read_truth(truth), analyse(poses(truth, model, kept), model))


def line(score: Score) -> str:
    """One clip in one line."""
    got, true = score.count
    words = [f"{score.truth.name:28} smooth {got}/{true}"]
    if score.reps:
        both = [(f, t) for f, t in score.reps if f and t]
        quality, side = (sum(getattr(f, w) == getattr(t, w) for f, t in both) for w in ("quality", "side"))
        words += [_found("all", score.reps), f"quality {quality}/{len(both)}", f"side {side}/{len(both)}"]
    if score.holds:
        late = [f.duration_s - t.end_s + t.start_s for f, t in score.holds if f and t]
        words += [_found("holds", score.holds), " ".join(f"{error:+.1f} s" for error in late)]
    if score.angle:
        words.append(f"angle {score.angle.shifted_deg:.1f} deg, range x{score.angle.range_ratio:.2f}")
    return "  ".join(words)


def _found(what: str, pairs: Sequence[tuple[object, object]]) -> str:
    found, false = sum(bool(f and t) for f, t in pairs), sum(t is None for _, t in pairs)
    return f"{what} {found}/{len(pairs) - false}" + (f" (+{false} false)" if false else "")


def table(scores: list[Score]) -> str:
    """Every measure of all clips with its aim and interval, then by kind of clip, as Markdown."""
    rows = [["measure", "aim", f"found on {len(scores)} clips", "95 % interval"]]
    for measure in MEASURES:
        if figure := measure.of(scores):
            rows.append([measure.name, measure.aim, figure.found, figure.interval])
    groups = dict(_groups(scores))
    split = [["measure", *(f"{name} ({len(group)})" for name, group in groups.items())]]
    for measure in MEASURES:
        figures = [measure.of(group) for group in groups.values()]
        split.append([measure.name, *(figure.found if figure else "" for figure in figures)])
    return f"{markdown(rows)}\n\n{markdown(split)}"


def markdown(rows: list[list[str]]) -> str:
    """A table whose first row is its head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _groups(scores: list[Score]) -> Iterator[tuple[str, list[Score]]]:
    for kind in ("heel raises", "ankle pumps", "stretches", "nothing to count"):
        if group := [score for score in scores if score.truth.kind == kind]:
            yield kind, group
    if group := [score for score in scores if not score.truth.side_on]:
        yield "oblique or front", group


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--model", choices=("heavy", "full"), default="heavy")
    parser.add_argument("--poses", type=Path, metavar="DIR", help="where landmarks are kept")
    parser.add_argument("--markdown", action="store_true", help="only the table")
    args = parser.parse_args()
    scores = []
    with ProcessPoolExecutor(WORKERS) as pool:
        for score in pool.map(partial(judge, model=args.model, kept=args.poses), clips(args.clips)):
            scores.append(score)
            if not args.markdown:
                print(line(score), flush=True)
    if not args.markdown:
        print()
    print(table(scores))


if __name__ == "__main__":
    main()
