"""Where the master key comes from: a file, the environment, or a command that asks a key service.

The command is called with the word ``wrap`` or ``unwrap`` after its own words. It reads bytes from
its standard input and writes the answer to its standard output; what it writes on standard error is
left to be seen. With it the file holds the key wrapped: alone it opens nothing.

While the key is changed, the next one waits beside the file as ``master.key.new``.
"""

import os
import shlex
import subprocess
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Literal

from db.errors import KeyMissingError
from db.keys import (
    KEY_BYTES,
    MasterKey,
    load_master_key,
    load_or_create_master_key,
    sync_folder,
    write_durably,
)

SECONDS = 30.0
LARGEST_WRAPPED_BYTES = 64 * 1024


@dataclass(frozen=True)
class KeySource:
    """Where the master key of an installation is.

    Attributes:
        file: The key, or the wrapped key when there is a command.
        text: The key as 64 hex digits, from the environment; empty = it is in the file.
        command: Wraps and unwraps; empty = the file holds the key as it is.
    """

    file: Path
    text: str = field(default="", repr=False)
    command: str = ""

    def load(self) -> MasterKey:
        """Return the key; never make one.

        Raises:
            KeyMissingError: If it is not there, or is none; the sentence says what to do.
        """
        if self.text:
            return _from_text(self.text)
        if not self.command:
            return load_master_key(self.file)
        try:
            wrapped = self.file.read_bytes()
        except OSError as error:
            raise KeyMissingError(
                f"The wrapped key file {self.file} cannot be read ({error.strerror}); put it back, "
                "or run `diary keys wrap` to make it from the key."
            ) from error
        return _checked(self._run("unwrap", wrapped))

    def load_or_create(self) -> MasterKey:
        """Return the key, made first if this installation has none.

        Raises:
            KeyMissingError: As `load`.
        """
        if self.text:
            return self.load()
        if not self.command:
            return load_or_create_master_key(self.file)
        if not self.file.exists():
            self.wrap(MasterKey(token_bytes(KEY_BYTES)))
        return self.load()

    def wrap(self, key: MasterKey) -> None:
        """Write a key to the file, wrapped by the command, after proof that it comes back.

        Raises:
            KeyMissingError: If the command fails or gives another key back; nothing is written.
        """
        wrapped = self._run("wrap", key.secret)
        if self._run("unwrap", wrapped) != key.secret:
            raise KeyMissingError(
                "DIARY_KEY_COMMAND does not give back the key that it wrapped; nothing was changed."
            )
        draft = self.file.with_name(f".{self.file.name}.{token_hex(8)}")
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(draft, wrapped)
            os.replace(draft, self.file)
            sync_folder(self.file.parent)
        except OSError as error:
            raise KeyMissingError(
                f"The wrapped key file {self.file} cannot be written ({error.strerror})."
            ) from error
        finally:
            draft.unlink(missing_ok=True)

    def waiting(self) -> "KeySource":
        """Return where the next key waits until it is put in the place of this one."""
        return replace(self, file=_beside(self.file, "new"), text="")

    def is_cut_off(self) -> bool:
        """Return whether a change of this key was begun, and no run of it reached its end."""
        return not self.text and self.waiting().file.exists()

    def settle(self, now: datetime) -> Path | None:
        """Put the next key that waits in the place of this one, at one instant.

        Killed in the middle, it can be called again; before its end the next key waits as it did.

        Args:
            now: Names the file of this one from now on, such as
                ``master.key.until-20260302T190400Z``.

        Returns:
            Where this one lies from now on; None = there was none in the file.

        Raises:
            KeyMissingError: If the disk refuses; the next key waits still.
        """
        new, file = self.waiting().file, self.file.resolve()
        try:
            former = _kept_beside(file, now) if file.exists() else None
            for draft in new.parent.glob(f".{new.name}.*"):  # of a run that was killed
                draft.unlink()
            os.replace(new, file)
            sync_folder(file.parent)
        except OSError as error:
            raise KeyMissingError(
                f"{new} cannot be put in the place of {file} ({error.strerror})."
            ) from error
        return former

    def told(self) -> str:
        """Return where the key comes from, for people."""
        if self.text:
            return "the environment (DIARY_KEY)"
        return f"{self.file}, unwrapped by DIARY_KEY_COMMAND" if self.command else str(self.file)

    def _run(self, word: Literal["wrap", "unwrap"], content: bytes) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - the administrator's own command
                [*shlex.split(self.command), word],
                input=content,
                stdout=subprocess.PIPE,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, ValueError) as error:
            raise KeyMissingError(
                "DIARY_KEY_COMMAND cannot be run; check that the program is there."
            ) from error
        except subprocess.TimeoutExpired as error:
            raise KeyMissingError(
                f"DIARY_KEY_COMMAND did not answer within {SECONDS:.0f} seconds."
            ) from error
        if done.returncode != 0 or not 0 < len(done.stdout) <= LARGEST_WRAPPED_BYTES:
            raise KeyMissingError(
                f"DIARY_KEY_COMMAND could not {word} the key (exit status {done.returncode}); "
                "what it says stands above."
            )
        return done.stdout


def _beside(file: Path, word: str) -> Path:
    """Return the name beside a file, in the folder where it really lies."""
    real = file.resolve()
    return real.with_name(f"{real.name}.{word}")


def _kept_beside(file: Path, now: datetime) -> Path:
    """Give a key file a second name that stays, unless it has one; return that."""
    content = file.read_bytes()
    for known in sorted(file.parent.glob(f"{file.name}.until-*")):
        if known.read_bytes() == content:
            return known
    until = f"until-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    former, others = _beside(file, until), 0
    while former.exists():  # that of a run in the same second
        others += 1
        former = _beside(file, f"{until}-{others}")
    os.link(file, former)
    sync_folder(file.parent)
    return former


def _from_text(text: str) -> MasterKey:
    try:
        return _checked(bytes.fromhex(text.strip()))
    except ValueError:
        raise KeyMissingError("DIARY_KEY must be the key as 64 hex digits.") from None


def _checked(secret: bytes) -> MasterKey:
    if len(secret) != KEY_BYTES:
        raise KeyMissingError(
            f"What should be the master key has {len(secret)} bytes, not {KEY_BYTES}."
        )
    return MasterKey(secret)
