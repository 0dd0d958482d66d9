"""How often somebody may try: failed tries are counted before they are judged."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from db.keys import MasterKey
from db.stores import doors
from diary_app.services.refusals import TooManyTriesError
from diary_app.text import _

WINDOW = timedelta(minutes=15)
_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """At most so many failed tries by one subject within 15 minutes.

    Attributes:
        kind: What is counted: ``account``, ``address``, ``pin``.
        subject: Whose tries; never stored, only its keyed hash.
        most: Failed tries allowed within the window; at least 1.
    """

    kind: str
    subject: str
    most: int

    def hashed(self, key: MasterKey) -> str:
        """Return the keyed hash under which the tries are counted."""
        return key.mac(b"attempt", f"{self.kind}\0{self.subject}".encode()).hex()


@dataclass(frozen=True)
class Admission:
    """One try that may be made; it counts as failed until it is forgiven.

    Attributes:
        tries_left: How many more may follow if this one fails; 0 or more.
    """

    tries_left: int
    row_ids: tuple[UUID, ...]


def admit(session: Session, key: MasterKey, limits: Sequence[Limit], now: datetime) -> Admission:
    """Count one try in advance, so that tries made at the same moment count too.

    Raises:
        TooManyTriesError: If a limit is reached; this try is then not counted.
    """
    doors.forget_tries_before(session, now - _KEPT)
    left: list[int] = []
    for limit in limits:
        tried = doors.tries_since(session, limit.hashed(key), now - WINDOW)
        if len(tried) >= limit.most:
            raise TooManyTriesError(_wait_sentence(tried[-limit.most] + WINDOW - now))
        left.append(limit.most - len(tried) - 1)
    kept = doors.add_tries(session, [limit.hashed(key) for limit in limits], now)
    return Admission(min(left), kept)


def forgive(session: Session, admission: Admission) -> None:
    """Take back a try that turned out right."""
    doors.take_back_tries(session, admission.row_ids)


def tries_left_sentence(tries_left: int) -> str:
    """Return how many tries are left in the window, as a sentence."""
    if tries_left == 0:
        return _("You have no tries left; please wait 15 minutes.")
    if tries_left == 1:
        return _("You have 1 try left in the next 15 minutes.")
    return _("You have {n} tries left in the next 15 minutes.").format(n=tries_left)


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _wait_sentence(wait: timedelta) -> str:
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    if minutes == 1:
        return _("Too many wrong tries. Please try again in 1 minute.")
    return _("Too many wrong tries. Please try again in {n} minutes.").format(n=minutes)
