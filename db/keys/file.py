"""The file that holds the master key, outside the database and its backups."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from db.errors import KeyMissingError
from db.keys.durable import POSIX, sync_folder, write_durably
from db.keys.master import KEY_BYTES, MasterKey


def load_or_create_master_key(path: Path) -> MasterKey:
    """Return the key kept at ``path``, written there first if the file does not exist yet.

    Two processes that start together end up with the same key. Where data was sealed before, call
    `load_master_key` instead: a new key opens none of it.

    Args:
        path: The key file. Its folder is made, for this user alone, if it is missing.

    Raises:
        KeyMissingError: If the file cannot be written or read, is readable by others, or does
            not hold a key.
    """
    if not os.path.lexists(path):
        _create(path)
    return load_master_key(path)


def load_master_key(path: Path) -> MasterKey:
    """Return the key kept at ``path``; never write one.

    Raises:
        KeyMissingError: If there is no such file, or it cannot be read, is readable by others,
            or does not hold exactly 32 bytes.
    """
    try:
        # Non-blocking: opening a named pipe would otherwise wait for a writer for ever.
        descriptor = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except FileNotFoundError:
        raise KeyMissingError(
            f"The key file {path} is missing; put it back from where it was kept safe."
        ) from None
    except OSError as error:
        raise KeyMissingError(
            f"The key file {path} cannot be read ({error.strerror}); let this user read it."
        ) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise KeyMissingError(f"The key file {path} is not a file; name the file of the key.")
        if POSIX and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyMissingError(
                f"Other users of this machine can read the key file {path}; "
                f"run `chmod 600` on it, and replace the key if they should not have seen it."
            )
        secret = os.read(descriptor, KEY_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(secret) != KEY_BYTES:
        raise KeyMissingError(
            f"The key file {path} does not hold a key of {KEY_BYTES} bytes; "
            "put it back from where it was kept safe."
        )
    return MasterKey(secret)


def _create(path: Path) -> None:
    """Write a new key at ``path``, whole or not at all, and never over another."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            write_durably(draft, secrets.token_bytes(KEY_BYTES))
            # A link, not a rename: it fails if another process was first, whose key then counts.
            with suppress(FileExistsError):
                os.link(draft, path)
            sync_folder(path.parent)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise KeyMissingError(
            f"The key file {path} cannot be written ({error.strerror}); "
            "choose a folder on a local disk where this user may write."
        ) from error
