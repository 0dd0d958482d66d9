"""How often one caller may ask: so many requests within a minute, counted in this process."""

import threading
from collections import defaultdict, deque
from datetime import datetime, timedelta

CALLS_A_MINUTE = 120
WINDOW = timedelta(minutes=1)
_MOST_CALLERS = 10_000


class Pace:
    """Counts requests by caller. Several server processes count each for itself.

    Args:
        most: Requests within a minute.
    """

    def __init__(self, most: int = CALLS_A_MINUTE) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._calls: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def wait(self, caller: str, now: datetime) -> int:
        """Count one request and return 0; or the seconds to wait, and then it is not counted."""
        with self._lock:
            if len(self._calls) > _MOST_CALLERS:
                self._forget(now)
            calls = self._calls[caller]
            while calls and calls[0] <= now - WINDOW:
                calls.popleft()
            if len(calls) < self.most:
                calls.append(now)
                return 0
            left = calls[0] + WINDOW - now
            return max(1, -(-left // timedelta(seconds=1)))

    def _forget(self, now: datetime) -> None:
        gone = [who for who, calls in self._calls.items() if calls[-1] <= now - WINDOW]
        for who in gone:
            del self._calls[who]
