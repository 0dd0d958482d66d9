"""The pages of a report on the light page: the form, the closed door, what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import Response

from db.types import new_id
from diary_app import routes
from diary_app.api.pages import PageError, page
from diary_app.api.photo_page import Outcome
from diary_app.services import light_report
from diary_app.services.clinic_card import ClinicShown, clinic_shown
from diary_app.services.diary import PatientDiary
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.light_report import Held
from diary_app.services.photos import MOST_PHOTOS
from diary_app.state import light_report as reports
from diary_app.state import wording
from diary_app.state.advice import Call
from diary_app.state.calendar import day_words
from diary_app.state.diary import TodayView
from diary_app.state.faults import DiaryError
from diary_app.state.light_report import REPORT, Typed, read_report
from diary_app.state.questions import DANGER, PlannedDay
from diary_app.state.summary import told_lines
from diary_app.state.told import (
    not_for_emergencies,
    recheck_words,
    saved_words,
    stopped_words,
)
from diary_app.state.typed_temperature import TypedTemperature
from diary_app.text import _

_NOTHING = Typed()


@dataclass(frozen=True)
class Shown:
    """A form to show again, or an empty one.

    Attributes:
        held: Its photos that arrived; None before the first.
        begun_at: "21:04" of a report that was begun and not sent; empty for what was just sent in.
        problems: Field -> sentence.
        failed: Photos that were not kept.
    """

    typed: Typed = _NOTHING
    held: Held | None = None
    begun_at: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    temperature: TypedTemperature | None = None
    failed: Sequence[Outcome] = ()
    is_emergency: bool = False


class NowPages:
    """Renders them.

    Args:
        kit: What every service needs.
    """

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    def new_id(self) -> UUID:
        """Return the id of a report that begins now; the form carries it."""
        return new_id()

    def form(self, visitor: Visitor, shown: Shown, status: int = 200) -> Response:
        """Return the form of a signed-in patient."""
        diary = PatientDiary(self._kit, visitor.viewer)
        today, clinic = diary.today(), diary.clinic()
        unit = shown.typed.text("unit") or light_report.unit_of(self._kit, visitor.viewer)
        return page(
            "now.html",
            status=status,
            **_calls(ClinicShown(clinic.name, clinic.emergency_number, clinic.phone)),
            **_asked(shown, unit),
            report_id=self.new_id() if shown.held is None else shown.held.id,
            photo_ids=() if shown.held is None else shown.held.photo_ids,
            today=today,
            recheck="" if today.recheck is None else recheck_words(today.recheck),
            stopped=stopped_words(clinic, today.stopped_since) if today.alerting_stopped else None,
            plan=_plan(today),
            locked=False,
        )

    def locked_form(
        self, visitor: Visitor, typed: Typed, report_id: UUID, sentence: str
    ) -> Response:
        """Return the form as it was typed, with a field for the PIN; nothing kept is shown."""
        is_emergency = read_report(typed, photos=0).is_emergency
        shown = Shown(typed, problems={"pin": sentence}, is_emergency=is_emergency)
        return page(
            "now.html",
            status=401,
            **_calls(clinic_shown(self._kit, visitor.viewer.clinic_id)),
            **_asked(shown, typed.text("unit") or "C"),
            report_id=report_id,
            photo_ids=(),
            today=None,
            recheck="",
            stopped=None,
            plan=(),
            locked=True,
        )

    def closed(
        self, visitor: Visitor | None, typed: Typed | None = None, status: int = 200
    ) -> Response:
        """Return whom to call, and the way in; what was typed is shown, and that it is not sent.

        Args:
            visitor: Who is signed in: nobody, a patient whose diary is locked, or staff.
            typed: What somebody tried to send.
        """
        if visitor is not None and visitor.kind == "staff":
            raise PageError(403, _("This page is for patients; please go back to your inbox."))
        clinic = clinic_shown(self._kit, None if visitor is None else visitor.viewer.clinic_id)
        return page(
            "now_closed.html",
            status=status,
            **_calls(clinic),
            locked=visitor is not None,
            tried=typed is not None,
            lines=[] if typed is None else _lines(typed),
        )

    def not_taken(self, typed: Typed) -> Response:
        """Return that a report could not be taken just now; asks nothing of the database."""
        return page(
            "now_closed.html",
            status=503,
            **_calls(ClinicShown("", "", "")),
            locked=None,
            tried=True,
            lines=_lines(typed),
        )

    def sent(self, visitor: Visitor, report_id: UUID) -> Response:
        """Return what a report means, what was received, and whom to call.

        Raises:
            PageError: It is not in this patient's diary.
        """
        diary = PatientDiary(self._kit, visitor.viewer)
        try:
            meant, entry = diary.sent(report_id), diary.entry_view(report_id)
        except DiaryError as error:
            raise PageError(404, str(error), link=("/now", _("Write a report"))) from error
        clinic, today = diary.clinic(), diary.today()
        return page(
            "now_sent.html",
            **_calls(ClinicShown(clinic.name, clinic.emergency_number, clinic.phone)),
            meant=meant,
            call_if=diary.call_if(report_id),
            saved=saved_words(meant.clock, meant.seen),
            recheck="" if meant.recheck is None else recheck_words(meant.recheck),
            stopped=stopped_words(clinic, meant.stopped_since) if meant.alerting_stopped else None,
            lines=told_lines(entry.answers, entry.planned, entry.kind),
            words=entry.answers.get("words", ""),
            photos=len(entry.photos),
            refused=light_report.what_was_sent(self._kit, visitor.viewer, report_id),
            today=today,
            plan=_plan(today),
        )


def _calls(clinic: ClinicShown) -> dict[str, Any]:
    return {
        "clinic_name": clinic.name,
        "emergency": Call("", clinic.emergency_number, is_emergency=True),
        "helpline": Call("", clinic.phone),
        "reasons": wording.call_reasons(),
        "not_for_emergencies": not_for_emergencies(),
        "home": routes.HOME,
    }


def _asked(shown: Shown, unit: str) -> dict[str, Any]:
    dangers = wording.dangers()
    typed = shown.typed
    return {
        "typed": typed,
        "unit": unit,
        "problems": dict(shown.problems),
        "said": shown.problems.get(REPORT, ""),
        "fixes": _fixes(shown),
        "fix_for": reports.fix_for(typed.text("temperature"), unit),
        "failed": shown.failed,
        "is_emergency": shown.is_emergency,
        "begun_at": shown.begun_at,
        "room": MOST_PHOTOS - (0 if shown.held is None else len(shown.held.photo_ids)),
        "dangers": {sign: dangers[sign] for sign in DANGER},
        "signs": reports.signs_ticked(typed),
        "looks": reports.looks(),
        "sizes": reports.sizes(),
        "sites": wording.sites(),
        "sleeps": wording.sleep_losses(),
        "limits": wording.limits(),
        "titles": _titles(),
    }


def _titles() -> dict[str, str]:
    """Return what a field with a problem is called in the list above the form."""
    return {
        "signs": _("Danger signs"),
        "temperature": _("Temperature"),
        "unit": _("Temperature"),
        "site": _("Where you measured"),
        "medicine": _("Fever medicine"),
        "itch": _("Itch"),
        "sleep": _("Sleep"),
        "adl": _("Daily life"),
        "rash": _("Rash"),
        "size": _("Size of the rash"),
        "looks": _("What the rash looks like"),
        "words": _("Your words"),
        "photos": _("Photos"),
        "pin": _("Your PIN"),
    }


def _fixes(shown: Shown) -> dict[str, str]:
    """Return what a temperature that cannot be may have meant, to choose from."""
    read = shown.temperature
    if read is None or read.is_plausible:
        return {}
    text = shown.typed.text("temperature")
    unit = shown.typed.text("unit")
    fixes = {}
    yes = _("Yes, {number} °{unit}")
    if read.other_unit is not None:
        fixes["other_unit"] = yes.format(number=text, unit=read.other_unit)
    elif read.other_text is not None:
        fixes["other_text"] = yes.format(number=read.other_text, unit=unit)
    if read.can_be_kept:
        kept = _("Keep {number} °{unit} as I typed it")
        fixes["as_typed"] = kept.format(number=text, unit=unit)
    return fixes


def _lines(typed: Typed) -> list[tuple[str, str]]:
    report = read_report(typed, photos=0)
    found = [
        (line.label, line.words) for line in told_lines(report.answers, PlannedDay(), report.kind)
    ]
    text = typed.text("temperature")
    if text and "temperature_text" not in report.answers:
        found.insert(0, (_("Temperature"), f"{text} °{typed.text('unit')}"))
    if typed.text("words"):
        found.append((_("In your own words"), typed.text("words")))
    return found


def _plan(today: TodayView) -> tuple[str, ...]:
    """Return the day and what is planned for it, for the printed page."""
    planned = today.planned
    lines = [wording.planned_words(planned.imatinib_mg, off_day=planned.off_day)]
    if planned.prednisolone_mg:
        dose = wording.milligrams(planned.prednisolone_mg)
        lines.append(_("Prednisolone {dose} today").format(dose=dose))
    return (day_words(today.on), *lines)
