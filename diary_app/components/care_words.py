"""Words of the care team's screens: doses, times, states and grades, in one place."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from diary_app.exports.bundle import ReasonLine
from diary_app.services.doses import DoseOfDay, StepUp
from diary_app.text import _, dates

Word = Callable[[], str]

OUTCOMES: Mapping[str, Word] = {
    "advice": lambda: _("Advice given by phone"),
    "dose_held": lambda: _("Imatinib held or lowered"),
    "seen_same_day": lambda: _("Seen the same day"),
    "sent_to_emergency": lambda: _("Sent to emergency care"),
    "no_action": lambda: _("No action needed"),
    "wrong_entry": lambda: _("The entry was wrong"),
}
CALL_ENDS: Mapping[str, Word] = {
    "spoke": lambda: _("Spoke with the patient"),
    "carer": lambda: _("Spoke with a relative or carer"),
    "message": lambda: _("Left a message"),
    "no_answer": lambda: _("No answer"),
    "wrong_number": lambda: _("Wrong number or not in service"),
}
STATES: Mapping[str, Word] = {
    "open": lambda: _("Taken by nobody"),
    "acknowledged": lambda: _("Taken"),
    "closed": lambda: _("Closed"),
}
EVENTS: Mapping[str, Word] = {
    "raised": lambda: _("Alert raised"),
    "updated": lambda: _("New evidence added to this alert"),
    "level_raised": lambda: _("Level raised"),
    "step_reached": lambda: _("Team told"),
    "nobody_to_notify": lambda: _("Nobody to tell at this step"),
    "notified": lambda: _("Message sent"),
    "notification_failed": lambda: _("Message failed"),
    "acknowledged": lambda: _("Taken"),
    "snoozed": lambda: _("Snoozed"),
    "holder_told": lambda: _("Holder told again"),
    "returned": lambda: _("Not closed by its holder, back to the team"),
    "left": lambda: _("Back to the team, because its holder no longer takes alerts"),
    "handed_back": lambda: _("Handed back to the team"),
    "noted": lambda: _("Note"),
    "called": lambda: _("Patient called"),
    "repaired": lambda: _("Had no next step; it was given one"),
    "closed": lambda: _("Closed"),
    "reopened": lambda: _("The closing was taken back"),
    "decision_failed": lambda: _("The escalation policy could not be read; the standard one holds"),
}
MESSAGES: Mapping[str, Word] = {
    "pending": lambda: _("Waiting to be sent"),
    "sending": lambda: _("Being sent"),
    "sent": lambda: _("Sent"),
    "delivered": lambda: _("Delivered"),
    "failed_temporary": lambda: _("Failed, will be tried again"),
    "failed_permanent": lambda: _("Failed for good"),
    "superseded": lambda: _("Not needed any more"),
}
DOSE_HOWS: Mapping[str, Word] = {
    "planned": lambda: _("as planned"),
    "late": lambda: _("late"),
    "missed": lambda: _("missed"),
    "different": lambda: _("another amount"),
    "vomited": lambda: _("vomited after it"),
}
VOMITED_AFTER: Mapping[str, Word] = {
    "within_30": lambda: _("within 30 minutes"),
    "within_120": lambda: _("within 2 hours"),
    "later": lambda: _("after more than 2 hours"),
    "unknown": lambda: _("time not known"),
}
WAYS: Mapping[str, Word] = {
    "email": lambda: _("e-mail"),
    "apprise": lambda: _("push or SMS"),
    "webhook": lambda: _("webhook"),
}
ROLES: Mapping[str, Word] = {
    "nurse": lambda: _("Nurse"),
    "clinician": lambda: _("Clinician"),
    "administrator": lambda: _("Administrator"),
    "patient": lambda: _("Patient"),
    "worker": lambda: _("Alert worker"),
    "program": lambda: _("Program"),
}
ROLE_GROUPS: Mapping[str, Word] = {
    "role:nurse": lambda: _("All nurses"),
    "role:clinician": lambda: _("All clinicians"),
    "role:administrator": lambda: _("All administrators"),
}
WEEKDAYS: Sequence[Word] = (
    lambda: _("Mon"),
    lambda: _("Tue"),
    lambda: _("Wed"),
    lambda: _("Thu"),
    lambda: _("Fri"),
    lambda: _("Sat"),
    lambda: _("Sun"),
)
LABS: Mapping[str, Word] = {
    "anc": lambda: _("Neutrophils"),
    "eosinophils": lambda: _("Eosinophils"),
    "alt": lambda: _("ALT"),
    "ast": lambda: _("AST"),
    "bilirubin": lambda: _("Bilirubin"),
    "creatinine": lambda: _("Creatinine"),
    "ldh": lambda: _("LDH"),
    "imatinib_trough": lambda: _("Imatinib trough level"),
}
RULES: Mapping[str, Word] = {
    "R12_PROMPT_UNHANDLED_24H": lambda: _("Not closed within 24 hours, so it became urgent."),
}


def word(words: Mapping[str, Word], code: str) -> str:
    """Return the words of a code; a code without words stands for itself."""
    return words[code]() if code in words else code.replace("_", " ")


def reason_words(reason: ReasonLine) -> str:
    """Return the sentence of a reason, or what its code says where no sentence is kept."""
    return reason.sentence or word(RULES, reason.code)


def number(value: float) -> str:
    """Return a number without needless zeros."""
    return f"{value:g}"


def mg(value: float) -> str:
    """Return an amount of a medicine."""
    return _("{amount} mg").format(amount=number(value))


def step_words(step: StepUp | None) -> str:
    """Return how long ago imatinib was started or raised: "day 4 after 100 -> 200 mg"."""
    if step is None:
        return _("No dose step yet")
    to_mg = mg(step.to_mg)
    if step.every_n_days > 1:
        to_mg = _("{dose} every other day").format(dose=to_mg)
    if step.kind == "start":
        return _("Day {n} after start of {dose}").format(n=step.days, dose=to_mg)
    if step.kind == "restart":
        return _("Day {n} after restart at {dose}").format(n=step.days, dose=to_mg)
    return _("Day {n} after {before} -> {after}").format(
        n=step.days, before=number(step.from_mg), after=to_mg
    )


def planned_words(dose: DoseOfDay) -> str:
    """Return what is planned for a day."""
    if dose.planned_mg is None:
        return _("No plan")
    if dose.off_day:
        return _("Day off")
    return _("Stopped") if dose.planned_mg == 0 else mg(dose.planned_mg)


def taken_words(amount: float | None, how: str = "") -> str:
    """Return what was logged as taken; unknown is said to be unknown.

    Args:
        how: One of ``db.models.DoseRecord``; empty = not in the dose log.
    """
    if how == "vomited":
        return _("vomited after it")
    if how == "late" and amount is not None:
        return _("{dose}, late").format(dose=mg(amount))
    if how == "missed":
        return _("none, missed")
    if amount is None:
        return _("not logged")
    return _("none") if amount == 0 else mg(amount)


def logged_words(dose: DoseOfDay) -> str:
    """Return what was logged of a day's imatinib, with when and how long after."""
    said = taken_words(dose.taken_mg, dose.how)
    if dose.taken_clock:
        return _("{said} at {clock}").format(said=said, clock=dose.taken_clock)
    if dose.vomited_after:
        return _("{said} ({time})").format(said=said, time=word(VOMITED_AFTER, dose.vomited_after))
    return said


def waiting_words(since: datetime, now: datetime) -> str:
    """Return how long something waits: "5 min", "3 h 5 min", "2 days 4 h"."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return _("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{minutes} min").format(minutes=minutes)


def day_words(on: date) -> str:
    """Return a calendar day, such as "Sat, 21 Nov 2026"."""
    return dates.day(on, "yMMMEd")


def plain_day(on: date) -> str:
    """Return a calendar day without its weekday, such as "21 Nov 2026"."""
    return dates.day(on, "yMMMd")


def short_day(on: date) -> str:
    """Return a calendar day without its year, such as "Sat 21 Nov"."""
    return dates.day(on, "MMMEd")


def clock(at: datetime, zone: str, *, seconds: bool = False) -> str:
    """Return the time of day on a zone's clock."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S" if seconds else "%H:%M")


def when(at: datetime, zone: str, now: datetime) -> str:
    """Return an instant on a zone's clock: today the time alone, else with the day."""
    here, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    time_of_day = here.strftime("%H:%M")
    if here.date() == today:
        return time_of_day
    return _("{day}, {time}").format(day=short_day(here.date()), time=time_of_day)


def day_and_clock(at: datetime, zone: str) -> str:
    """Return an instant on a zone's clock, always with its day: "Sat 21 Nov, 21:04"."""
    here = at.astimezone(ZoneInfo(zone))
    return _("{day}, {time}").format(day=short_day(here.date()), time=here.strftime("%H:%M"))
