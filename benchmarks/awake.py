"""Cores that never sleep: what has nothing else to do spins, and gives way to everything.

A virtual machine whose cores have slept may wake up with two of them on one real core: for seconds everything
takes twice as long, and nothing in the machine tells why.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SPIN = """
import os
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
os.sched_setaffinity(0, [{core}])
while True: pass
"""


@contextmanager
def awake() -> Iterator[Sequence[int]]:
    """Gives the processes' numbers, one a core. Linux only: others have no such priority."""
    each_core = sorted(os.sched_getaffinity(0))
    spinners = [subprocess.Popen([sys.executable, "-c", SPIN.format(core=core)]) for core in each_core]
    try:
        yield [each.pid for each in spinners]
    finally:
        for each in spinners:
            each.kill()
            each.wait()


def processor_s(pid: int) -> float:
    """The processor's time that another process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
