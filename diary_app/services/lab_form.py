"""Laboratory values as somebody typed them: what they say, and what cannot be or is unusual."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.grading.lab_units import ANALYTES, is_possible, known_unit, limit_slip, slip, units
from diary_app.text import _

TROUGH = "imatinib_trough"
EARLIEST = timedelta(days=3700)
LONGEST_SINCE_DOSE = timedelta(days=14)
_NUMBER = re.compile(r"\d{1,9}([.,]\d{1,9})?", re.ASCII)
# "1,250" is 1.25 to some and 1250 to others.
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+", re.ASCII)


@dataclass(frozen=True)
class LabTyped:
    """One value as typed; an empty value was not measured, an empty limit is not given."""

    value: str = ""
    unit: str = ""
    lower: str = ""
    upper: str = ""


@dataclass(frozen=True)
class LabForm:
    """The form as typed.

    Attributes:
        taken_on: YYYY-MM-DD.
        values: By the name of the value; absent = not measured.
        sampled: "HH:MM" on the patient's clock, for the imatinib level; may be empty.
        last_dose: "YYYY-MM-DD HH:MM" on the patient's clock; may be empty.
        as_reported: Unusual values are what the laboratory reported.
    """

    taken_on: str
    values: Mapping[str, LabTyped]
    sampled: str = ""
    last_dose: str = ""
    as_reported: bool = False


@dataclass(frozen=True)
class LabRead:
    """One value as understood, in the laboratory's own unit; the instants are aware."""

    name: str
    value: float
    unit: str
    lower_limit: float | None
    upper_limit: float | None
    sampled_at: datetime | None = None
    last_dose_at: datetime | None = None


@dataclass(frozen=True)
class LabCheck:
    """What a form says.

    Attributes:
        taken_on: None when it is no day.
        values: What would be kept.
        problems: Field -> a sentence; with any, nothing is kept.
        doubts: Sentences to read before confirming; empty when there is nothing to say.
        may_insist: A problem is that something is unusual, which ``as_reported`` overrules.
    """

    taken_on: date | None
    values: tuple[LabRead, ...]
    problems: Mapping[str, str]
    doubts: tuple[str, ...]
    may_insist: bool


@dataclass
class _Findings:
    insisting: bool
    problems: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    may_insist: bool = False

    def wrong(self, where: str, sentence: str) -> None:
        self.problems.setdefault(where, sentence)

    def unusual(self, where: str, sentence: str | None) -> None:
        if sentence is None:
            return
        if self.insisting:
            self.doubts.append(sentence)
        else:
            self.may_insist = True
            self.wrong(where, sentence)


def check(form: LabForm, today: date, zone: str, born_on: date | None = None) -> LabCheck:
    """Return the form read and checked.

    Args:
        form: As typed.
        today: The patient's calendar day.
        zone: The patient's time zone.
        born_on: The patient's day of birth; None = unknown.
    """
    found = _Findings(form.as_reported)
    taken_on = _day(form.taken_on, today, born_on, found)
    read = [
        value
        for name in ANALYTES
        if name in form.values and (value := _value(name, form.values[name], found)) is not None
    ]
    for name in set(form.values) - set(ANALYTES):
        known = _("There is no laboratory value of this name. Use one of: {names}.")
        found.wrong(name[:40], known.format(names=", ".join(ANALYTES)))
    if taken_on is not None:
        read = [
            _timed(value, form, taken_on, zone, found) if value.name == TROUGH else value
            for value in read
        ]
    if (form.sampled.strip() or form.last_dose.strip()) and not any(
        form.values[name].value.strip() for name in form.values if name == TROUGH
    ):
        found.wrong("sampled", _("These times belong to an imatinib level. Give the level too."))
    if not read and not found.problems:
        found.wrong("values", _("Give at least one value."))
    return LabCheck(taken_on, tuple(read), found.problems, tuple(found.doubts), found.may_insist)


def number(typed: str) -> float | None:
    """Return a number typed with a point or a comma; None when it is none or could be two."""
    text = typed.strip().replace("\u202f", "").replace(" ", "")
    if _THOUSANDS.fullmatch(text) or not _NUMBER.fullmatch(text):
        return None
    return float(text.replace(",", "."))


def _day(typed: str, today: date, born_on: date | None, found: _Findings) -> date | None:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        found.wrong("taken_on", _("Type the day as YYYY-MM-DD, such as 2026-03-31."))
        return None
    if day > today:
        found.wrong("taken_on", _("This day is still to come."))
    elif born_on is not None and day < born_on:
        found.wrong("taken_on", _("This day is before the patient was born."))
    elif today - day > EARLIEST:
        found.wrong("taken_on", _("This day is more than ten years ago."))
    else:
        return day
    return None


def _value(name: str, typed: LabTyped, found: _Findings) -> LabRead | None:
    if not typed.value.strip():
        return None
    unit = known_unit(name, typed.unit)
    value = number(typed.value)
    if unit is None:
        choice = ", ".join(units(name))
        found.wrong(name, _("Choose the unit: {units}.").format(units=choice))
        return None
    if value is None:
        found.wrong(name, _no_number(typed.value.strip()))
        return None
    question = slip(name, value, unit)
    if question is not None and not is_possible(name, value, unit):
        found.wrong(name, question)
    else:
        found.unusual(name, question)
    lower = _limit(name, "lower", typed.lower, unit, found)
    upper = _limit(name, "upper", typed.upper, unit, found)
    if upper is not None:
        found.unusual(f"{name}-upper", limit_slip(name, upper, unit))
    if lower is not None and upper is not None and lower >= upper:
        found.wrong(f"{name}-lower", _("The lower limit must lie below the upper limit."))
    return LabRead(name, value, unit, lower, upper)


def _no_number(typed: str) -> str:
    if typed.startswith(("<", ">", "\u2264", "\u2265")):
        rest = typed.lstrip("<>=\u2264\u2265 ")
        shown = rest if number(rest) is not None else "0.1"
        return _(
            "The laboratory gave the end of its range, not a number. Type the number after the"
            " sign: {number}."
        ).format(number=shown)
    if typed.startswith(("-", "\u2212", "\u2013")):
        return _("A result cannot be below zero. Type it without the sign if that is a slip.")
    return _("Type a plain number, such as 2.1, without signs or thousands separators.")


def _limit(name: str, side: str, typed: str, unit: str, found: _Findings) -> float | None:
    if not typed.strip():
        return None
    limit = number(typed)
    if limit is None or (side == "upper" and limit == 0) or not _believable(name, limit, unit):
        found.wrong(f"{name}-{side}", _("Give the laboratory's limit as a number in this unit."))
        return None
    return limit


def _believable(name: str, limit: float, unit: str) -> bool:
    return limit == 0 or is_possible(name, limit, unit)


def _timed(value: LabRead, form: LabForm, taken_on: date, zone: str, found: _Findings) -> LabRead:
    sampled_at = last_dose_at = None
    if form.sampled.strip():
        sampled_at = _instant(f"{taken_on} {form.sampled.strip()}", zone)
        if sampled_at is None:
            found.wrong("sampled", _("Type the time of the sample as HH:MM, such as 08:30."))
    if form.last_dose.strip():
        last_dose_at = _instant(form.last_dose.strip(), zone)
        if last_dose_at is None:
            found.wrong(
                "last_dose", _("Type the last dose as day and time, such as 2026-03-30 20:00.")
            )
    if sampled_at is not None and last_dose_at is not None:
        since = sampled_at - last_dose_at
        if since <= timedelta(0):
            found.wrong("last_dose", _("The last dose must lie before the sample."))
        elif since > LONGEST_SINCE_DOSE:
            found.wrong("last_dose", _("The last dose lies more than 14 days before the sample."))
    return LabRead(
        value.name, value.value, value.unit, value.lower_limit, value.upper_limit,
        sampled_at, last_dose_at,
    )  # fmt: skip


def _instant(typed: str, zone: str) -> datetime | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}", typed, re.ASCII):
        return None
    day, clock = typed[:10], typed[11:].zfill(5)
    try:
        return (
            datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        )
    except ValueError:
        return None
