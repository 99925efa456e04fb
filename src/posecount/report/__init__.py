"""A report to look at: the annotated video beside its plot, in a folder that opens from disk, offline."""

from posecount.report.write import Entry, write

__all__ = ["Entry", "write"]
