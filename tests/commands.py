"""Runs the `diary` command in a process of its own that begins with everything imported."""

import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from diary_app.cli import main


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run_command(
    words: Sequence[str],
    *,
    stdin: bytes = b"",
    settings: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    before: Callable[[], None] = lambda: None,
) -> Done:
    """Run `diary` with these words as a child of this process.

    Args:
        before: Called in the child before the command begins.
        stdin: What it reads.
        settings: Its environment beside that of the tests, whose own settings it does not see.
        cwd: The folder it runs in; None = where the tests run.
    """
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(stdin)
        given.flush()
        given.seek(0)
        child = os.fork()
        if child == 0:
            for fd, file in enumerate((given, out, err)):
                os.dup2(file.fileno(), fd)
            before()
            os._exit(_run(words, settings or {}, cwd))
        _child, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        return Done(os.waitstatus_to_exitcode(status), out.read(), err.read())


def _run(words: Sequence[str], settings: Mapping[str, str], cwd: Path | None) -> int:
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.argv = ["diary", *words]
    for name in [name for name in os.environ if name.startswith("DIARY_")]:
        del os.environ[name]
    os.environ.update(settings)
    if cwd is not None:
        os.chdir(cwd)
    try:
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    else:
        status = 0
    sys.stdout.flush()
    sys.stderr.flush()
    return status
