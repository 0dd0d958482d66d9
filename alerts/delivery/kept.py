"""Connections kept open between messages, shared by threads."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

C = TypeVar("C")


@dataclass(frozen=True)
class Kept(Generic[C]):
    """A stack of connections nobody uses at the moment, the latest used on top.

    Attributes:
        close: Closes one; must not raise.
    """

    close: Callable[[C], None]
    _stack: list[tuple[float, C]] = field(default_factory=list, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def take(self, idle_seconds: float) -> C | None:
        """Return the one used last; None when none was used for less than this long."""
        self.let_go(idle_seconds)
        with self._lock:
            return self._stack.pop()[1] if self._stack else None

    def put(self, connection: C, *, most: int) -> bool:
        """Keep a connection; False when this many are kept already."""
        with self._lock:
            if len(self._stack) >= most:
                return False
            self._stack.append((time.monotonic(), connection))
            return True

    def let_go(self, idle_seconds: float, by: Callable[[C], None] | None = None) -> None:
        """Close those that nobody used for this long, in another way if given; 0 closes all."""
        oldest = time.monotonic() - idle_seconds
        with self._lock:
            stale = [pair for pair in self._stack if pair[0] <= oldest]
            self._stack[:] = [pair for pair in self._stack if pair[0] > oldest]
        for _used, connection in stale:
            (by or self.close)(connection)
