"""Words of the list of patients: silence, trend, window and doses, each whole without its color."""

from collections.abc import Callable, Mapping

import flet as ft

from diary_app.components.care_words import short_day
from diary_app.exports.dose_measures import DoseMeasures
from diary_app.services.roster_list import DOSE_DAYS, RosterRow
from diary_app.services.trend import Trend
from diary_app.text import _, _n

Word = Callable[[], str]

TRENDS: Mapping[str, tuple[Word, ft.IconData]] = {
    "worse": (lambda: _("Worse"), ft.Icons.TRENDING_UP),
    "better": (lambda: _("Better"), ft.Icons.TRENDING_DOWN),
    "same": (lambda: _("About the same"), ft.Icons.TRENDING_FLAT),
    "unknown": (lambda: _("No comparison"), ft.Icons.QUESTION_MARK),
}
WINDOWS: Mapping[str, Word] = {
    "increase": lambda: _("In window: dose raised"),
    "steroid": lambda: _("In window: steroid lowered"),
    "start": lambda: _("In window: started"),
}
_ORDER = {"worse": 0, "unknown": 1, "same": 2, "better": 3}
_NEVER = 10_000


def silence_words(row: RosterRow) -> tuple[str, str]:
    """Return how long a patient is silent, and since when."""
    if row.last_entry_on is None or row.silent_days is None:
        if not row.joined:
            return _("Not joined yet"), _("No link was used")
        return _("No entry yet"), _enrolled(row)
    words = {0: _("Wrote today"), 1: _("Wrote yesterday")}.get(
        row.silent_days,
        _n("Silent for {n} day", "Silent for {n} days", row.silent_days).format(n=row.silent_days),
    )
    return words, _("Last entry {day}").format(day=short_day(row.last_entry_on))


def _enrolled(row: RosterRow) -> str:
    if row.enrolled_on is None:
        return ""
    return _("In the list since {day}").format(day=short_day(row.enrolled_on))


def trend_words(trend: Trend) -> tuple[str, str]:
    """Return where rash and itch go, and from what to what."""
    told = []
    if None not in trend.rash:
        told.append(_("Rash {before} -> {now}").format(before=trend.rash[0], now=trend.rash[1]))
    if None not in trend.itch:
        told.append(_("Itch {before} -> {now}").format(before=trend.itch[0], now=trend.itch[1]))
    return TRENDS[trend.direction][0](), "\n".join(told)


def dose_share_words(doses: DoseMeasures | None) -> tuple[str, str]:
    """Return the share of planned doses logged as taken, and of how many."""
    share = None if doses is None else doses.covered_share
    if doses is None or share is None:
        return _("No doses planned"), ""
    least, most = round(share[0] * 100), round(share[1] * 100)
    if least == most:
        words = _("{percent} %").format(percent=least)
    elif doses.covered == 0 and doses.unknown == doses.planned:
        words = _("Not known")
    else:
        words = _("{least} to {most} %").format(least=least, most=most)
    if not doses.unknown:
        return words, _("{n} of {all} doses").format(n=doses.covered, all=doses.planned)
    unknown = _n("{n} dose not logged", "{n} doses not logged", doses.unknown)
    return words, unknown.format(n=doses.unknown)


def explanation() -> str:
    """Return what the columns mean, in two sentences."""
    return _(
        "Trend: highest estimated rash grade (0 to 4) and worst itch (0 to 10) of the last 7 days, "
        "after those of the 7 days before. Doses: planned imatinib days logged as taken, last "
        "{days} days."
    ).format(days=DOSE_DAYS)


def sort_words() -> dict[str, str]:
    """Return the ways to sort, the first one first."""
    return {
        "call": _("Whom to call first"),
        "name": _("Patient"),
        "entry": _("Last entry"),
        "trend": _("Trend"),
        "step": _("Days since step"),
        "doses": _("Doses taken"),
    }


def rank(row: RosterRow, by: str) -> tuple[float | str, ...]:
    """Return where a patient stands; what needs a look comes first, then by code."""
    silent = _NEVER if row.silent_days is None else row.silent_days
    if by == "name":
        return (row.patient.name.casefold(), row.patient.code)
    if by == "entry":
        return (-silent, row.patient.code)
    if by == "trend":
        return (_ORDER["unknown" if row.trend is None else row.trend.direction], row.patient.code)
    if by == "step":
        step = None if row.dose is None else row.dose.step_up
        return (_NEVER if step is None else step.days, row.patient.code)
    if by == "doses":
        share = None if row.doses is None else row.doses.covered_share
        return (2.0 if share is None else share[0], row.patient.code)
    loud = {"urgent": 0, "prompt": 1}.get(row.open_level or "", 2)
    worse = 0 if row.trend is not None and row.trend.direction == "worse" else 1
    wrote = -1 if row.silent_days is None else row.silent_days
    return (loud, 0 if wrote > 1 else 1, -wrote if wrote > 1 else 0, worse, row.patient.code)


def shown(row: RosterRow, what: str) -> bool:
    """Return whether a patient belongs to a choice: all, alert, silent or window."""
    if what == "alert":
        return row.open_level is not None
    if what == "silent":
        return row.silent_days is None or row.silent_days > 1
    return what != "window" or row.window is not None


def matches(row: RosterRow, sought: str) -> bool:
    """Return whether all words that were typed stand in name, code or birth date."""
    words = sought.casefold().split()
    text = f"{row.patient.name} {row.patient.code} {row.patient.born_on.isoformat()}".casefold()
    return all(word in text for word in words)
