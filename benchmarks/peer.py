"""The only other open ankle counter beside ours: `python -m benchmarks.peer CLIPS --python PEER/bin/python`.

physiocore 0.3.5 runs as it is, in an environment of its own, which benchmarks/README.md tells how to make.
It knows ankle pumps only, of a person who lies or sits with the legs stretched out: so pumps in that posture,
other pumps, and all the rest, where it should count nothing, stand apart. It knows no jerky reps: to count
them or to leave them out is both taken for right.
"""

import argparse
import json
import subprocess
from pathlib import Path

from benchmarks.accuracy import judge, markdown
from benchmarks.clips import clips
from benchmarks.measures import mean, share
from benchmarks.scoring import SUFFIX, Score, Truth

Counts = dict[str, int]
COUNTER = Path(__file__).with_name("peer_count.py")
CLOCKS = ("as it is", "on the video's clock")
POSTURES = {"longsit", "supine"}  # in which it says that it counts
STRETCHED, SEATED, OTHERS = "pumps, legs stretched out", "pumps on a chair", "no pumps"


def peer_counts(video: Path, python: Path) -> Counts:
    """What physiocore counts in a video, by either clock."""
    command = [str(python), str(COUNTER), "--video", str(video.resolve()), "--voice_enabled", "False"]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(f"physiocore failed on {video}:\n{run.stderr[-2000:]}")
    counts: Counts = json.loads(run.stdout.splitlines()[-1])
    return counts


def all_peer_counts(truths: list[Path], python: Path, kept: Path | None) -> dict[str, Counts]:
    """For each clip, one after another, lest they slow each other's clock; those in `kept` are known."""
    known: dict[str, Counts] = json.loads(kept.read_text()) if kept and kept.exists() else {}
    for truth in truths:
        name = truth.name.removesuffix(SUFFIX)
        if name in known:
            continue
        known[name] = peer_counts(truth.with_name(f"{name}.mp4"), python)
        if kept:
            kept.write_text(json.dumps(known, indent=1))
    return known


def group(path: Path, truth: Truth) -> str:
    """Which of the three kinds of clip this is."""
    if truth.kind != "ankle pumps":
        return OTHERS
    posture = json.loads(path.read_text())["scenario"]["posture"]
    return STRETCHED if posture in POSTURES else SEATED


def wanted(truth: Truth) -> range:
    """The right counts of pumps for a counter that may know smooth from jerky or not."""
    if truth.kind != "ankle pumps":
        return range(1)
    return range(sum(rep.quality == "smooth" for rep in truth.reps), len(truth.reps) + 1)


def row(name: str, counter: str, got: list[int], right: list[range]) -> list[str]:
    """How near the counts are to the nearest right ones."""
    misses = [max(r.start - g, g - r.stop + 1, 0) for g, r in zip(got, right, strict=True)]
    of_true = [miss / max(r.start, 1) for miss, r in zip(misses, right, strict=True)]
    figures = share([not miss for miss in misses]), share([miss <= 1 for miss in misses]), mean(of_true)
    return [name, counter, *(figure.found if figure else "" for figure in figures), str(sum(got))]


def compare(kinds: list[str], scores: list[Score], peer: dict[str, Counts]) -> str:
    """Both counters side by side, as Markdown."""
    table = [["clips", "counter", "exact", "within one", "error of the true count", "counted"]]
    for kind in (STRETCHED, SEATED, OTHERS):
        these = [score for score, its in zip(scores, kinds, strict=True) if its == kind]
        if not these:
            continue
        name, right = f"{kind} ({len(these)})", [wanted(score.truth) for score in these]
        table.append(row(name, "posecount", [ours(score) for score in these], right))
        for clock in CLOCKS:
            counted = [peer[score.truth.name][clock] for score in these]
            table.append(row(name, f"physiocore, {clock}", counted, right))
    return markdown(table)


def ours(score: Score) -> int:
    """The headline, of pumps; elsewhere all that is no rep of what was really done."""
    if score.truth.kind == "ankle pumps":
        return score.count[0]
    return sum(true is None for _, true in score.reps)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peer", description=__doc__)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--python", type=Path, required=True, help="the Python of physiocore's environment")
    parser.add_argument("--counts", type=Path, metavar="FILE", help="where physiocore's counts are kept")
    parser.add_argument("--poses", type=Path, metavar="DIR", help="where posecount's landmarks are kept")
    args = parser.parse_args()
    truths = clips(args.clips)
    peer = all_peer_counts(truths, args.python, args.counts)
    scores = [judge(truth, "heavy", args.poses) for truth in truths]
    kinds = [group(truth, score.truth) for truth, score in zip(truths, scores, strict=True)]
    for kind, score in zip(kinds, scores, strict=True):
        counts = "  ".join(f"{clock}: {count}" for clock, count in peer[score.truth.name].items())
        print(f"{score.truth.name:32} {kind:28} true {len(score.truth.reps):2}  {counts}")
    print(f"\n{compare(kinds, scores, peer)}")


if __name__ == "__main__":
    main()
