"""A few numbers shared by the processes of a torture run, in a mapped file that survives them."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

_NUMBER = struct.Struct("d")
_FIELDS = ("clock_ahead", "may_write", "peer_is_kind")


class Dial:
    """``clock_ahead`` in seconds, ``may_write`` and ``peer_is_kind`` as 0 or 1."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(_NUMBER.size * len(_FIELDS)))
        with file.open("r+b") as opened:
            self._map = mmap.mmap(opened.fileno(), 0)

    def __getitem__(self, name: str) -> float:
        return _NUMBER.unpack_from(self._map, _FIELDS.index(name) * _NUMBER.size)[0]

    def __setitem__(self, name: str, value: float) -> None:
        _NUMBER.pack_into(self._map, _FIELDS.index(name) * _NUMBER.size, value)

    def now(self) -> datetime:
        """The clock that every process of the run goes by."""
        return datetime.now(UTC) + timedelta(seconds=self["clock_ahead"])
