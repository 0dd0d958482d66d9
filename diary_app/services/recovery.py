"""Recovery codes: ten, each once, shown once, for somebody without their authenticator."""

from dataclasses import dataclass
from datetime import datetime

from db.stores import factors
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.recovery_codes import hash_of_code, in_groups, new_code
from diary_app.services.step_up import require_recent

HOW_MANY = 10


@dataclass(frozen=True)
class CodesLeft:
    """How many of one's recovery codes are left; ``made_at`` None = none were made."""

    left: int
    made_at: datetime | None


def codes_left(kit: Kit, visitor: Visitor) -> CodesLeft:
    """Return how many of one's own codes are left."""
    with kit.database.reading(visitor.viewer.clinic_id) as session:
        kept = factors.recovery_codes(session, visitor.viewer)
    made_at = max((row.made_at for row in kept), default=None)
    return CodesLeft(sum(row.used_at is None for row in kept), made_at)


def make_codes(kit: Kit, visitor: Visitor, now: datetime) -> tuple[str, ...]:
    """Make ten new codes and return them, this once; the older ones stop working.

    Returns:
        Such as ``7KQ2-M8PX-41CV-ZT9D``.

    Raises:
        StepUpError: A second factor must be given first.
    """
    viewer = visitor.viewer
    require_recent(kit, viewer, now)
    codes = [new_code() for _ in range(HOW_MANY)]
    with kit.database.writing(viewer.clinic_id) as session:
        hashes = [hash_of_code(viewer.actor_id, code) for code in codes]
        factors.renew_recovery_codes(session, viewer, hashes, now)
    return tuple(in_groups(code) for code in codes)
