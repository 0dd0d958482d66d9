"""The audit, searched: who did what, when, to which patient's data; and whether it is whole."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.access import Viewer
from db.errors import NotFoundError
from db.stores import audit, people, programs
from diary_app.services.act_lines import ActLine, act_lines
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.watch import Watch, watch
from diary_app.text import _

PAGE = 100


@dataclass(frozen=True)
class Sought:
    """What is looked for, as typed; empty = anything.

    Attributes:
        who: The name of a member of staff or of a program or a part of it, or a patient's code.
        verb: An act, such as ``patient.read``.
        patient_code: Whose data.
        first_on: First day by the clinic's clock, YYYY-MM-DD.
        last_on: Last day, inclusive.
    """

    who: str = ""
    verb: str = ""
    patient_code: str = ""
    first_on: str = ""
    last_on: str = ""


@dataclass(frozen=True)
class AuditPage:
    """What was found, newest first; ``older``: below which number the next page begins."""

    acts: tuple[ActLine, ...]
    verbs: tuple[str, ...]
    older: int | None
    now: datetime
    watch: Watch


@dataclass(frozen=True)
class ChainCheck:
    """Whether the chain is whole; ``broken_at``: number of the first row that does not fit."""

    rows: int
    broken_at: int | None
    checked_at: datetime


class AuditBook:
    """The audit of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when anything in the clinic changed."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self, sought: Sought, below: int | None = None) -> AuditPage:
        """Return what fits.

        Raises:
            UnusableAnswerError: A day is not one, or nobody has this name or code.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("audit.read")
        with self._kit.database.reading(viewer.clinic_id) as session:
            zone = ZoneInfo(people.own_clinic(session, viewer).time_zone)
            first_on, last_on = _day(sought.first_on, "first_on"), _day(sought.last_on, "last_on")
            if first_on and last_on and last_on < first_on:
                raise UnusableAnswerError(_("The last day lies before the first."), "last_on")
            code = sought.patient_code.strip()
            rows = audit.search(
                session,
                viewer,
                actor_ids=_actors(session, viewer, sought.who),
                patient_id=_patient(session, viewer, code, "patient_code") if code else None,
                verb=sought.verb.strip(),
                since=None if first_on is None else datetime.combine(first_on, time(), zone),
                until=None
                if last_on is None
                else datetime.combine(last_on + timedelta(days=1), time(), zone),
                below=below,
                limit=PAGE + 1,
            )
            shown = rows[:PAGE]
            return AuditPage(
                acts=act_lines(session, viewer, shown),
                verbs=tuple(audit.verbs(session, viewer)),
                older=shown[-1].number if len(rows) > PAGE else None,
                now=now,
                watch=watch(session, viewer, now),
            )

    def check(self) -> ChainCheck:
        """Read the whole chain and say whether any row was changed, added or taken away."""
        viewer, now = self._viewer, self._kit.clock()
        with self._kit.database.reading(viewer.clinic_id) as session:
            rows, broken_at = audit.check(session, viewer)
        return ChainCheck(rows, broken_at, now)


def _actors(session: Session, viewer: Viewer, who: str) -> list[UUID] | None:
    sought = who.strip().casefold()
    if not sought:
        return None
    names = people.staff_names(session, viewer)
    names |= {row.id: row.name for row in programs.tokens(session, viewer)}
    found = [user_id for user_id, name in names.items() if sought in name.casefold()]
    return found or [_patient(session, viewer, who.strip(), "who")]


def _patient(session: Session, viewer: Viewer, code: str, field: str) -> UUID:
    try:
        return people.by_code(session, viewer, code).id
    except NotFoundError:
        sentence = (
            _("Nobody of your clinic has this name or code.")
            if field == "who"
            else _("No patient of your clinic has this code.")
        )
        raise UnusableAnswerError(sentence, field) from None


def _day(typed: str, field: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise UnusableAnswerError(_("Type the day as YYYY-MM-DD."), field) from None
