"""Who looked at a patient's diary, in words that the patient understands; from the audit."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.access import PROGRAM, Viewer
from db.models import AuditEvent
from db.stores import audit, people
from diary_app.services.kit import Kit
from diary_app.text import _

PAGE = 100
Word = Callable[[], str]

ROLES: Mapping[str, Word] = {
    "nurse": lambda: _("nurse"),
    "clinician": lambda: _("clinician"),
    "administrator": lambda: _("administrator"),
    PROGRAM: lambda: _("another program of the clinic"),
}
# What somebody did, by the audit's verb; the longest beginning that fits counts.
ACTS: Mapping[str, Word] = {
    "patient.read": lambda: _("opened your diary"),
    "patient.export": lambda: _("took a copy of your diary, such as the report for a visit"),
    "patient.enroll": lambda: _("put you on the clinic's list"),
    "patient.end": lambda: _("ended your follow-up"),
    "patient.resume": lambda: _("began your follow-up again"),
    "patient.moved_in": lambda: _("took over your follow-up from another clinic"),
    "patient.moved_out": lambda: _("handed your follow-up over to another clinic"),
    "handover.": lambda: _("arranged your move to another clinic"),
    "photo.read": lambda: _("looked at a photo"),
    "diary.read": lambda: _("read your entries"),
    "diary.write": lambda: _("sent an entry for you"),
    "diary.import": lambda: _("brought in your diary from a file"),
    "diary.export": lambda: _("took a copy of your diary"),
    "diary.regrade": lambda: _("let the diary estimate the grades of your entries again"),
    "dose.": lambda: _("read or noted your doses"),
    "weekly.": lambda: _("read your weekly answers"),
    "plan.read": lambda: _("looked at your medicine plan"),
    "plan.change": lambda: _("changed your medicine plan"),
    "fact.": lambda: _("noted what was there before the diary"),
    "medicine.": lambda: _("noted your other medicines"),
    "phone.out": lambda: _("signed your devices out, because a phone was lost"),
    "sign_in.": lambda: _("signed your devices out"),
    "lab.write": lambda: _("entered a laboratory value"),
    "lab.withdraw": lambda: _("took back a laboratory value"),
    "lab.": lambda: _("read your laboratory values"),
    "visit.": lambda: _("planned or changed a visit"),
    "invitation.make": lambda: _("made an invitation for you"),
    "digest.review": lambda: _("reviewed your entries in the weekly list"),
    "alert.read": lambda: _("looked at an alert about you"),
    "alert.acknowledge": lambda: _("took an alert about you"),
    "alert.hand_back": lambda: _("gave an alert about you back to the team"),
    "alert.snooze": lambda: _("asked to be told again about an alert"),
    "alert.note": lambda: _("wrote a note on an alert about you"),
    "alert.call": lambda: _("noted a call to you"),
    "alert.close": lambda: _("closed an alert about you"),
    "alert.reopen": lambda: _("opened an alert about you again"),
    "alert.": lambda: _("worked on an alert about you"),
    "data.export": lambda: _("took a copy of everything about you"),
    "data.correct": lambda: _("corrected your name, code, birth date or phone"),
    "data.": lambda: _("worked on the erasure of your data"),
    "way.": lambda: _("worked on how messages reach you"),
    "consent.": lambda: _("looked at what you agreed to"),
}


@dataclass(frozen=True)
class Access:
    """One thing that somebody did with the patient's data.

    Attributes:
        name: Of the person or the program.
        role: In plain words.
        what: In plain words, such as "opened your diary".
    """

    number: int
    at: datetime
    name: str
    role: str
    what: str


@dataclass(frozen=True)
class AccessPage:
    """Newest first; ``older``: below which number the next page begins, None = no more."""

    lines: tuple[Access, ...]
    older: int | None


class AccessLog:
    """What others did with the data of the patient who is signed in."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def page(self, below: int | None = None) -> AccessPage:
        """Return up to 100 acts."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            found = accesses(session, self._viewer, below=below, limit=PAGE + 1)
        return AccessPage(found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None)

    def table(self, zone: str) -> str:
        """Return all of it as CSV, to take along."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            return access_table(accesses(session, self._viewer), zone)


def accesses(
    session: Session, viewer: Viewer, *, below: int | None = None, limit: int | None = None
) -> tuple[Access, ...]:
    """Return what others did with the viewer's own data, newest first; None = all of it."""
    names = people.staff_names(session, viewer)
    return tuple(
        Access(act.number, act.at, _name(act, names.get(act.actor_id)), _role(act), words(act.verb))
        for act in audit.about_me(session, viewer, below=below, limit=limit)
    )


def access_table(lines: tuple[Access, ...], zone: str) -> str:
    """Return accesses as CSV with a head, on the clock of a zone."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["day", "time", "name", "role", "what"])
    for line in lines:
        here = line.at.astimezone(ZoneInfo(zone))
        safe = "'" + line.name if line.name.startswith(("=", "+", "-", "@")) else line.name
        table.writerow([here.date(), f"{here:%H:%M}", safe, line.role, line.what])
    return out.getvalue()


def words(verb: str) -> str:
    """Return what an act of the audit was, for the patient it was about."""
    fits = [key for key in ACTS if verb == key or (key.endswith(".") and verb.startswith(key))]
    return ACTS[max(fits, key=len)]() if fits else _("worked on your record")


def _name(act: AuditEvent, staff: str | None) -> str:
    if act.actor_role == PROGRAM:
        return str(act.detail.get("token", ""))
    if staff is None and act.actor_id == act.clinic_id:
        return _("Whoever runs the diary's computer")
    return staff or _("Somebody of another clinic")


def _role(act: AuditEvent) -> str:
    return ROLES.get(act.actor_role, lambda: "")()
