"""A disk without room: a small tmpfs when this account may mount one, else a limit on files."""

import errno
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TMPFS = "a tmpfs without room"
LIMIT = "files that may not grow (RLIMIT_FSIZE)"
IMPOSSIBLE = ""


def without_mount() -> str:
    """Return how a disk can be full here when no small one may be mounted."""
    return LIMIT if hasattr(resource, "prlimit") else IMPOSSIBLE


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """Mount a tmpfs on the folder; False when that is not allowed here."""
    folder.mkdir(parents=True, exist_ok=True)
    size = ["-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", *size], capture_output=True, check=False)
        mounted = done.returncode == 0
    except OSError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave no byte free on the folder's disk."""
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as opened:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while opened.write(b"x" * size):
                        pass
        yield
    finally:
        filler.unlink(missing_ok=True)


def forbid_growth(process_id: int, *, forbidden: bool) -> None:
    """Let no file of a process grow beyond 4 KiB: every write to the database fails."""
    most = resource.RLIM_INFINITY
    try:
        resource.prlimit(process_id, resource.RLIMIT_FSIZE, (4096 if forbidden else most, most))
    except OSError as error:
        if error.errno != errno.ESRCH:
            raise
