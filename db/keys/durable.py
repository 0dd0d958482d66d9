"""Files that survive a power cut and are readable by nobody else."""

import os
from pathlib import Path

POSIX = os.name == "posix"


def write_durably(path: Path, content: bytes) -> None:
    """Write a new file that only this user can read, and wait until it is on the disk.

    Raises:
        OSError: If the name is taken or the disk refuses.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a new name in ``folder`` survive a power cut; Windows cannot and need not."""
    if not POSIX:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
