"""What a patient is told beside the advice, the same in the app and on the light page."""

from diary_app.state.diary import ClinicCard, Recheck, Seen
from diary_app.text import _


def saved_words(clock: str, seen: Seen | None) -> str:
    """Return when an entry was saved and who has seen it; only for what is committed."""
    if seen is None:
        return _("Saved {clock} · received by the clinic").format(clock=clock)
    return _("Saved {clock} · seen by {name} {seen}").format(
        clock=clock, name=seen.name, seen=seen.clock
    )


def recheck_words(recheck: Recheck) -> str:
    """Return the request for a second temperature."""
    if recheck.is_due:
        return _("Take your temperature again now")
    return _("Take your temperature again at {clock}").format(clock=recheck.clock)


def stopped_words(clinic: ClinicCard, since: str) -> tuple[str, tuple[str, ...]]:
    """Return the warning that the clinic is not alerted by itself: its title and sentences.

    Args:
        since: Clock, and day if it was not today, of the last run; empty = never.
    """
    last = (_("They last ran at {time}.").format(time=since),) if since else ()
    return _("The clinic's automatic alerts are not running"), (
        *last,
        _(
            "You can write and save your entry, but nobody is alerted by it now."
            " If something worries you, do not wait: call the clinic, {phone}."
        ).format(phone=clinic.phone),
    )


def not_for_emergencies() -> str:
    """Return the sentence every main page carries."""
    return _("This diary is not for emergencies and is not watched around the clock.")
