"""The words of the calendar and of what the clinic did; never that all is well."""

from datetime import date

from diary_app.state.calendar import day_words
from diary_app.state.course import ClinicAnswer, Mark, Moment, MonthView
from diary_app.text import _, _n


def mark_words(mark: Mark) -> tuple[str, str]:
    """Return what stands in a day of the calendar, and what the legend says of it."""
    return {
        "urgent": (_("call"), _("You were told to call at once")),
        "prompt": (_("same day"), _("The nurse was to contact you the same day")),
        "unchecked": (_("not checked"), _("Entry saved, it could not be checked")),
        "entry": (_("saved"), _("Entry saved")),
    }[mark]


def no_entry_words() -> tuple[str, str]:
    """Return the same of a day without an entry."""
    return _("none"), _("No entry")


def day_name(month: MonthView, on: date) -> str:
    """Return one day of the calendar as a screen reader says it."""
    day = day_words(on)
    if on == month.today:
        day = _("{day}, today").format(day=day)
    dose = month.doses.get(on, "")
    found = month.days.get(on)
    if on > month.today:
        return _("{day}: in the future").format(day=day)
    if found is None:
        told = _("{day}: no entry yet") if on == month.today else _("{day}: no entry")
        sentences = [told.format(day=day)]
    else:
        told = {
            "urgent": _("{day}: entry, you were told to call at once"),
            "prompt": _("{day}: entry, the nurse was to contact you the same day"),
            "unchecked": _("{day}: entry saved, it could not be checked"),
            "entry": _("{day}: entry saved"),
        }[found.marks[0]]
        sentences = [told.format(day=day)]
        if len(found.marks) > 1:
            count = len(found.marks)
            sentences.append(_n("{count} entry", "{count} entries", count).format(count=count))
        if "unchecked" in found.marks[1:] and found.marks[0] != "unchecked":
            sentences.append(_("One could not be checked"))
    return ". ".join([*sentences, *([dose] if dose else [])])


def moment_words(moment: Moment) -> str:
    """Return an instant such as "Monday, March 2, 21:04"."""
    return _("{day}, {clock}").format(day=day_words(moment.on), clock=moment.clock)


def answer_title(answer: ClinicAnswer) -> str:
    """Return what an answer of the clinic is about."""
    if answer.about is None:
        return _("Your clinic on {day}").format(day=day_words(answer.raised.on))
    return _("About your entry of {day}").format(day=day_words(answer.about[1]))


def answer_lines(answer: ClinicAnswer) -> tuple[str, ...]:
    """Return what was done about an alert, oldest first."""
    told = (
        _("{when}: your clinic was alerted at once.")
        if answer.level == "urgent"
        else _("{when}: your clinic was asked to contact you the same day.")
    )
    lines = [told.format(when=moment_words(answer.raised))]
    if answer.taken is not None:
        lines.append(
            _("{when}: {name} took it on.").format(
                when=moment_words(answer.taken), name=answer.taken_by
            )
        )
    elif answer.closed is None:
        lines.append(
            _("Nobody has confirmed it yet. If you are worried, do not wait: call the clinic.")
        )
    if answer.closed is not None:
        lines.append(
            _("{when}: {outcome}").format(
                when=moment_words(answer.closed), outcome=outcome_words(answer)
            )
        )
    return tuple(lines)


def outcome_words(answer: ClinicAnswer) -> str:
    """Return how an alert was closed, as a sentence for the patient."""
    return {
        "advice": _("{name} gave you advice by phone."),
        "dose_held": _("{name} paused or lowered your imatinib."),
        "seen_same_day": _("You were seen the same day."),
        "sent_to_emergency": _("You were sent to emergency care."),
        "no_action": _("{name} looked at it and changed nothing."),
        "wrong_entry": _("{name} noted that the entry was not right."),
    }.get(answer.outcome or "", _("{name} closed it.")).format(name=answer.closed_by)
