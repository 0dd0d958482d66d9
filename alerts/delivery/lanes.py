"""Lanes to the ways out: what is slow in one stops no other."""

import heapq
import itertools
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

Work = Callable[[], None]


@dataclass
class Lanes:
    """Runs work in threads that live as long as their lane has any; urgent work goes first.

    Attributes:
        width: Most threads of a lane, by its name.
    """

    width: Callable[[str], int]
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _waiting: dict[str, list[tuple[bool, int, Work]]] = field(default_factory=dict, init=False)
    _running: Counter[str] = field(default_factory=Counter, init=False)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count, init=False)

    def put(self, lane: str, work: Work, *, urgent: bool) -> None:
        """Run this work when the lane is free. It must not raise."""
        with self._lock:
            waiting = self._waiting.setdefault(lane, [])
            heapq.heappush(waiting, (not urgent, next(self._numbers), work))
            if self._running[lane] >= self.width(lane):
                return
            self._running[lane] += 1
        threading.Thread(target=self._run, args=(lane,), name="diary-lane", daemon=True).start()

    def waiting(self) -> dict[str, int]:
        """Return how much work waits in each lane."""
        with self._lock:
            return {lane: len(work) for lane, work in self._waiting.items()}

    @property
    def running(self) -> int:
        """How much work is being done."""
        with self._lock:
            return self._running.total()

    def drop(self) -> int:
        """Forget all work that was not begun; returns how much."""
        with self._lock:
            dropped = sum(map(len, self._waiting.values()))
            self._waiting.clear()
            return dropped

    def _run(self, lane: str) -> None:
        while True:
            with self._lock:
                waiting = self._waiting.get(lane)
                if not waiting:
                    self._running[lane] -= 1
                    if self._running[lane] == 0:
                        del self._running[lane]
                        self._waiting.pop(lane, None)
                    return
                work = heapq.heappop(waiting)[2]
            work()
