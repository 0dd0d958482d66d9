"""Lines of JSON outside the product: what was promised, what was received."""

import json
import os
from pathlib import Path
from typing import Any


class Lines:
    """A file that only grows; a line noted with ``safe`` survives everything."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8")
        self._file.write("\n")  # whoever wrote before may have been killed within a line
        self._file.flush()

    def note(self, *, safe: bool = False, **values: Any) -> None:
        self._file.write(json.dumps(values) + "\n")
        self._file.flush()
        if safe:
            os.fsync(self._file.fileno())


class Reader:
    """Reads a growing file; ``more()`` takes in what came since, ``all`` is everything."""

    def __init__(self, file: Path) -> None:
        self._file, self._place, self.all = file, 0, []

    def more(self) -> list[dict[str, Any]]:
        if not self._file.exists():
            return []
        with self._file.open("rb") as opened:
            opened.seek(self._place)
            whole = opened.read()
        whole = whole[: whole.rfind(b"\n") + 1]  # a line may be half written
        self._place += len(whole)
        new = [found for line in whole.splitlines() if (found := _whole(line)) is not None]
        self.all += new
        return new


def _whole(line: bytes) -> dict[str, Any] | None:
    """Return what a line says; None for one whose writer was killed before it was noted."""
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return found
