"""The clinic's own settings: its name, numbers, hours, clock and languages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from db.access import Viewer
from db.errors import ConflictError
from db.stores import audit, people

SETTINGS = (
    "name",
    "phone",
    "emergency_number",
    "hours",
    "time_zone",
    "language",
    "temperature_unit",
    "digest_hour",
)


def change(
    session: Session,
    viewer: Viewer,
    before: Mapping[str, Any],
    values: Mapping[str, Any],
    now: datetime,
) -> tuple[str, ...]:
    """Change settings of the clinic; return the names of those that changed.

    The audit row holds what each was and is: a clinic's numbers are no patient data.

    Args:
        before: What the person saw; a setting left as seen is not written.
        values: What they want, by the same names; of ``SETTINGS``.

    Raises:
        ConflictError: Somebody else changed one of these settings meanwhile.
    """
    viewer.require("clinic.write")
    clinic = people.own_clinic(session, viewer)
    wanted = [name for name in SETTINGS if name in values and values[name] != before.get(name)]
    changed = tuple(name for name in wanted if getattr(clinic, name) != values[name])
    if any(getattr(clinic, name) != before.get(name) for name in changed):
        raise ConflictError(
            "A colleague changed this meanwhile; nothing was kept. Please look at it again."
        )
    if not changed:
        return ()
    detail = {name: [getattr(clinic, name), values[name]] for name in changed}
    for name in changed:
        setattr(clinic, name, values[name])
    session.add(clinic)
    session.flush()
    audit.note(session, viewer, "clinic.change", "clinic", now, detail=detail)
    return changed
