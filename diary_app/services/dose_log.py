"""The dose log of one patient: what is said of each dose, and the plan beside it."""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.dose_log import counting, how_of
from alerts.dosing import record_doses
from alerts.local_time import ONE_DAY, day_of
from alerts.records import planned_dose
from db.access import Viewer
from db.errors import AccessDeniedError, ConflictError, NotFoundError
from db.models import DoseRecord, Draft, Entry, PlanStep
from db.models.doses import DRUGS, VOMITED_AFTER
from db.stores import diary as entries
from db.stores import doses as store
from db.stores import drafts, people, treatment, visits
from db.types import new_id
from diary_app.services import dose_views
from diary_app.services.entry_row import planned_day
from diary_app.services.kit import Kit
from diary_app.state.answers import LARGEST_DOSE_MG
from diary_app.state.doses import JUST_NOW, DoseRow, DoseSaid, DosesView, PlanView, with_log
from diary_app.state.entry_draft import EntryDraft
from diary_app.state.faults import AnswerRefusedError, ChangedElsewhereError, NotInDiaryError
from diary_app.text import _

P = ParamSpec("P")
R = TypeVar("R")

# Until then a dose may belong to the evening before.
NIGHT_ENDS_AT = 4
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


def _told(method: Callable[P, R]) -> Callable[P, R]:
    """Turn what the stores refuse into what the screens know."""

    @functools.wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except ConflictError as error:
            raise ChangedElsewhereError(_("This dose was changed in another window.")) from error
        except (NotFoundError, AccessDeniedError) as error:
            raise NotInDiaryError(_("This dose is not in your diary.")) from error

    return call


@dataclass(frozen=True)
class _Known:
    """What is read before anything is said: the zone, today, the plan, the log, the entries."""

    zone: ZoneInfo
    now: datetime
    today: date
    steps: list[PlanStep]
    rows: list[DoseRecord]
    entries: list[Entry]

    def row(self, drug: str, day: date) -> DoseRow:
        log = counting(self.rows)
        return dose_views.dose_row(drug, day, self.steps, log, self.entries, self.zone, self.now)


class PatientDoses:
    """The dose log of the signed-in patient.

    Args:
        kit: Database, clock and bells.
        viewer: The signed-in patient.
    """

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer
        self._patient_id = viewer.actor_id

    @_told
    def view(self) -> DosesView:
        """Return the doses of today."""
        with self._kit.database.reading() as session:
            return self.view_in(session, self._kit.clock())

    def view_in(self, session: Session, now: datetime) -> DosesView:
        """Return what `view` says, read in a session that is open already."""
        known = self._known(session, now)
        every = treatment.every_step(session, self._viewer, self._patient_id)
        read_at = people.patient(session, self._viewer, self._patient_id).plan_read_at
        log = counting(known.rows)
        today, yesterday = (
            dose_views.rows_to_show(day, known.steps, log, known.entries, known.zone, now)
            for day in (known.today, known.today - ONE_DAY)
        )
        return DosesView(
            on=known.today,
            today=today,
            yesterday=tuple(row for row in yesterday if row.planned_mg and row.said is None),
            is_night=now.astimezone(known.zone).hour < NIGHT_ENDS_AT,
            plan_changed_on=dose_views.unread_change(every, read_at, known.zone),
        )

    @_told
    def plan(self) -> PlanView:
        """Return the plan: the step in force, what comes, what was."""
        now = self._kit.clock()
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            view = self.view_in(session, now)
            zone = self._zone(session)
            steps = treatment.plan(session, self._viewer, self._patient_id)
            lines = dose_views.plan_lines(steps, people.staff_names(session, self._viewer), zone)
            agreed = [
                visit.starts_at.astimezone(zone)
                for visit in visits.visits(session, self._viewer, self._patient_id)
                if visit.cancelled_at is None and visit.starts_at > now
            ]
        begun = [line for line in lines if line.starts_on <= view.on]
        return PlanView(
            doses=view,
            now=begun[-1] if begun else None,
            ahead=tuple(line for line in lines if line.starts_on > view.on),
            past=tuple(reversed(begun[:-1])),
            strip=dose_views.strip_of(steps, view.on),
            visits=tuple(agreed),
        )

    @_told
    def read_plan(self) -> None:
        """Say that the newest plan was read."""
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            store.read_plan(session, self._viewer, now)
        self._kit.changed(self._viewer.clinic_id, self._patient_id)

    @_told
    def take(self, drug: str, on: date, record_id: UUID | None = None) -> DoseRow:
        """Say that a dose was taken as planned; saying it twice is saying it once.

        Raises:
            AnswerRefusedError: No dose is planned that day.
        """
        return self._say(drug, on, "planned", None, "", "", record_id)

    @_told
    def say(
        self,
        drug: str,
        on: date,
        how: str,
        *,
        taken_mg: float | None = None,
        taken_clock: str = "",
        vomited_after: str = "",
        record_id: UUID | None = None,
    ) -> DoseRow:
        """Say what became of a dose: planned, late, missed, different, vomited or taken_back.

        Raises:
            AnswerRefusedError: With a sentence; nothing was changed.
        """
        return self._say(drug, on, how, taken_mg, taken_clock, vomited_after, record_id)

    @_told
    def undo(self, drug: str, on: date) -> DoseRow:
        """Take back what was said just now; what was said before it holds again.

        Raises:
            AnswerRefusedError: It is too late for that, or an entry has said it since.
        """
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            known = self._known(session, now)
            mine = [row for row in known.rows if (row.diary_on, row.drug) == (on, drug)]
            if not mine or not dose_views.can_undo(mine[-1], now):
                raise AnswerRefusedError(
                    _('This can no longer be undone. Use "Change" to say it differently.')
                )
            before = mine[-2] if len(mine) > 1 else None
            back = {"how": "taken_back"} if before is None else _words_of(before)
            row = DoseRecord(**(self._frame(known, drug, on, None) | back))
            self._keep(session, known, row)
            known = self._known(session, now)
        self._kit.changed(self._viewer.clinic_id, self._patient_id)
        return known.row(drug, on)

    def _say(
        self,
        drug: str,
        on: date,
        how: str,
        taken_mg: float | None,
        taken_clock: str,
        vomited_after: str,
        record_id: UUID | None,
    ) -> DoseRow:
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            known = self._known(session, now)
            frame = self._frame(known, drug, on, record_id)
            words = _checked(known, drug, on, how, taken_mg, taken_clock, vomited_after)
            row = DoseRecord(**(frame | words))
            kept = counting(known.rows).get((on, drug))
            if kept is None or _words_of(kept) != _words_of(row):
                self._keep(session, known, row)
                known = self._known(session, now)
        self._kit.changed(self._viewer.clinic_id, self._patient_id)
        return known.row(drug, on)

    def _keep(self, session: Session, known: _Known, row: DoseRecord) -> None:
        record_doses(session, self._viewer, [row], known.now)
        draft = drafts.open_draft(session, self._viewer)
        if draft is not None:
            self._tell_draft(session, draft, row, known)

    def _tell_draft(self, session: Session, draft: Draft, row: DoseRecord, known: _Known) -> None:
        """Answer the dose question of an entry being written as the log answers it now."""
        told = EntryDraft.from_content(draft.content)
        if told.kind != "full" or told.day != row.diary_on.isoformat():
            return
        planned = planned_day(planned_dose(known.steps, row.diary_on))
        said = {row.drug: dose_views.said_of(row, known.zone)}
        content = with_log(told, planned, said).content()
        drafts.save_draft(session, self._viewer, draft.id, draft.revision, content, known.now)

    def _frame(self, known: _Known, drug: str, on: date, record_id: UUID | None) -> dict[str, Any]:
        if drug not in DRUGS:
            raise AnswerRefusedError(_("The diary does not know this medicine."))
        if on not in (known.today, known.today - ONE_DAY):
            raise AnswerRefusedError(
                _("Only doses of today and yesterday can be logged here. Correct that day's entry.")
            )
        return {
            "id": record_id or new_id(),
            "clinic_id": self._viewer.clinic_id,
            "patient_id": self._patient_id,
            "diary_on": on,
            "drug": drug,
            "planned_mg": dose_views.planned_mg(drug, known.steps, on),
            "time_zone": str(known.zone),
            "recorded_at": known.now,
        }

    def _known(self, session: Session, now: datetime) -> _Known:
        viewer, patient_id = self._viewer, self._patient_id
        zone = self._zone(session)
        today = day_of(now, zone)
        since = today - ONE_DAY
        return _Known(
            zone=zone,
            now=now,
            today=today,
            steps=treatment.plan(session, viewer, patient_id),
            rows=store.records(session, viewer, patient_id, first_on=since),
            entries=entries.entries(session, viewer, patient_id, first_on=since),
        )

    def _zone(self, session: Session) -> ZoneInfo:
        return ZoneInfo(people.patient(session, self._viewer, self._patient_id).time_zone)


def log_answers(
    session: Session, viewer: Viewer, patient_id: UUID, day: date, zone: ZoneInfo
) -> dict[str, DoseSaid | None]:
    """Return the newest word on each medicine of a day of which the log says something."""
    rows = store.records(session, viewer, patient_id, first_on=day, last_on=day)
    return {drug: dose_views.said_of(row, zone) for (_day, drug), row in counting(rows).items()}


def _words_of(row: DoseRecord) -> dict[str, Any]:
    return {
        "how": row.how,
        "taken_mg": row.taken_mg,
        "taken_clock": row.taken_clock,
        "vomited_after": row.vomited_after,
    }


def _checked(
    known: _Known,
    drug: str,
    on: date,
    how: str,
    taken_mg: float | None,
    taken_clock: str,
    vomited_after: str,
) -> dict[str, Any]:
    """Return the columns of what was said; raises AnswerRefusedError for what cannot be."""
    planned = dose_views.planned_mg(drug, known.steps, on)
    words: dict[str, Any] = {
        "how": how,
        "taken_mg": None,
        "taken_clock": None,
        "vomited_after": None,
    }
    if how in {"planned", "late", "missed", "vomited"} and not planned:
        raise AnswerRefusedError(_("No dose is planned for this day, so none can be missed."))
    match how:
        case "planned":
            words["taken_mg"] = planned
        case "late":
            words["taken_mg"] = planned
            words["taken_clock"] = _late_clock(taken_clock, known, on)
        case "missed":
            words["taken_mg"] = 0.0
        case "different":
            if taken_mg is None or not 0 < taken_mg <= LARGEST_DOSE_MG:
                raise AnswerRefusedError(_("Please type a number of milligrams, for example 100."))
            words |= {"how": how_of(taken_mg, planned), "taken_mg": taken_mg}
        case "vomited":
            if vomited_after not in VOMITED_AFTER:
                raise AnswerRefusedError(_("Please choose how long after it you vomited."))
            words["vomited_after"] = vomited_after
        case "taken_back":
            pass
        case _:
            raise AnswerRefusedError(_("The diary does not know this answer."))
    return words


def _late_clock(typed: str, known: _Known, on: date) -> str | None:
    here = known.now.astimezone(known.zone).strftime("%H:%M")
    if not typed.strip():
        return None
    if typed == JUST_NOW and on == known.today:
        return here
    found = _CLOCK.fullmatch(typed.strip())
    if found is None:
        raise AnswerRefusedError(_("Please give the time as 14:20."))
    clock = f"{int(found[1]):02d}:{found[2]}"
    if on == known.today and clock > here:
        raise AnswerRefusedError(_("This time is still to come. Please check it."))
    return clock
