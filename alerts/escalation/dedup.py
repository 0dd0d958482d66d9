"""Whether a new entry belongs to an alert the patient already has (rules R12a, d and f)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.escalation.ladder import Level

SAME_REASON_WITHIN = timedelta(hours=12)

_LOUDNESS = {"none": 0, "digest": 1, "prompt": 2, "urgent": 3}


@dataclass(frozen=True)
class OpenAlert:
    """What must be known of an alert to place a new entry.

    Attributes:
        level: ``prompt`` or ``urgent``.
        state: ``open``, ``acknowledged`` or ``closed``.
        reason_codes: All codes so far.
        level_since: When it reached its level, aware.
    """

    level: str
    state: str
    reason_codes: tuple[str, ...]
    level_since: datetime


@dataclass(frozen=True)
class Absorb:
    """Keep the entry with the alert; level, state and ladder stay as they are.

    Attributes:
        added_codes: Codes the alert did not have, to be added to it, in the order given.
    """

    added_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RaiseOpen:
    """Raise the open alert and restart its ladder: step -1, ``step_entered_at`` None.

    Attributes:
        level: The level from now on.
        added_codes: Codes the alert did not have, to be added to it, in the order given.
    """

    level: Level
    added_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenNew:
    """Open an alert of its own."""


Placement = Absorb | RaiseOpen | OpenNew


def absorbs(
    alert: OpenAlert, new_level: str, new_reason_codes: Collection[str], now: datetime
) -> Placement:
    """Return what a new entry of the same patient does to this alert.

    * An entry of level none or digest changes nothing; it never closes or lowers an alert.
    * An alert that nobody has taken is still being told again and again. A higher level raises
      it, a lower one is kept with it. The same level is kept with it for 12 hours, with its new
      reasons, because whoever takes the alert sees all of them; later it is a new alert.
    * An alert that a person has taken tells nobody any more. So it absorbs only what that
      person knew: no higher level, no new reason, within 12 hours. Anything else is new
      evidence and opens an alert of its own, rather than opening the taken one again, so that
      what its holder did stays on record as done.
    * A closed alert absorbs nothing.

    Args:
        alert: One alert of the patient.
        new_level: ``none``, ``digest``, ``prompt`` or ``urgent``; any other word counts as
            urgent.
        new_reason_codes: The entry's codes.
        now: The present instant, aware. Earlier than ``level_since`` counts as within 12 hours.
    """
    loudness = _loudness(new_level)
    if loudness <= _LOUDNESS["digest"]:
        return Absorb()
    if alert.state == "closed":
        return OpenNew()
    added = tuple(
        dict.fromkeys(code for code in new_reason_codes if code not in alert.reason_codes)
    )
    recent = now - alert.level_since <= SAME_REASON_WITHIN
    present = _loudness(alert.level)
    if alert.state == "acknowledged":
        known = loudness <= present and not added and recent
        return Absorb() if known else OpenNew()
    if loudness > present:
        return RaiseOpen(level="urgent", added_codes=added)
    if loudness < present or recent:
        return Absorb(added_codes=added)
    return OpenNew()


def place(
    alerts: Sequence[OpenAlert], new_level: str, new_reason_codes: Collection[str], now: datetime
) -> tuple[int | None, Placement]:
    """Return which of the patient's alerts takes a new entry, and how.

    An alert that absorbs it comes first (one that nobody has taken before a taken one), then
    one that it raises. If there is none, the entry opens an alert of its own.

    Args:
        alerts: Shape ``(n,)``, n >= 0, the patient's alerts that are not closed, in any order.
        new_level: As for ``absorbs``.
        new_reason_codes: As for ``absorbs``.
        now: The present instant, aware.

    Returns:
        Index into ``alerts``, None when no alert is touched, and the placement.
    """
    if _loudness(new_level) <= _LOUDNESS["digest"]:
        return None, Absorb()
    answers = [
        (index, absorbs(alert, new_level, new_reason_codes, now), alert.state == "open")
        for index, alert in enumerate(alerts)
    ]
    ranked = sorted(answers, key=lambda answer: (_rank(answer[1]), not answer[2]))
    if not ranked or isinstance(ranked[0][1], OpenNew):
        return None, OpenNew()
    return ranked[0][0], ranked[0][1]


def _rank(placement: Placement) -> int:
    return (Absorb, RaiseOpen, OpenNew).index(type(placement))


def _loudness(level: str) -> int:
    return _LOUDNESS.get(level, _LOUDNESS["urgent"])
