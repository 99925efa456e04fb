"""The Dask cluster: one on this machine, reachable from nowhere else, or one that is already there."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from distributed import Client, LocalCluster

from posecount import __version__
from posecount.batch import work
from posecount.errors import PosecountError

CONNECT_S = 20
LOOPBACK = "127.0.0.1"


@contextmanager
def connected(address: str | None, workers: int) -> Iterator[Client]:
    """A client of the scheduler at `address`, or of one begun here with so many processes.

    Raises PosecountError when it cannot be reached, or its workers lack posecount.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # or every worker that goes is told
    if address:
        with _client(address) as client:
            _demand_posecount(client, address)
            yield client
        return
    with (
        tempfile.TemporaryDirectory(prefix="posecount-dask-", ignore_cleanup_errors=True) as scratch,
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,  # a landmarker keeps one core busy
            host=LOOPBACK,
            dashboard_address=f"{LOOPBACK}:0",  # or it would listen to the whole network
            worker_dashboard_address=f"{LOOPBACK}:0",
            silence_logs=logging.CRITICAL,
            local_directory=scratch,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def _client(address: str) -> Client:
    try:
        return Client(address, timeout=CONNECT_S)
    except (OSError, TimeoutError, ValueError) as error:
        raise PosecountError(f"no scheduler answers at {address}; is it running there? ({error})") from None


def _demand_posecount(client: Client, address: str) -> None:
    try:
        versions = client.run(work.version, on_error="return")
    except Exception as error:
        raise PosecountError(f"the workers of {address} cannot run posecount: {error}") from None
    for worker, found in versions.items():
        if found != __version__:
            raise PosecountError(
                f"the worker {worker} has not posecount {__version__} but {found}: install the same there"
            )
