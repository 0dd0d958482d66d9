"""Danger signs, asked every time; an emergency shows its number before anything is saved."""

import flet as ft

from diary_app.components.buttons import call_button, main_button, other_button
from diary_app.components.choices import Choice, several_of
from diary_app.components.notice import notice
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.state import wording
from diary_app.state.advice import Call
from diary_app.state.questions import EMERGENCY, danger_signs
from diary_app.text import _

_MILD_CHILLS = "chills_mild"


def danger(asking: Asking) -> Sheet:
    """Ask for the danger signs that apply; "None of these" is an answer of its own."""
    signs = danger_signs(asking.draft.answers)
    ticked = frozenset(asking.value("red_flags") or ())
    if asking.value("chills") == "mild":
        ticked |= {_MILD_CHILLS}
    ticked &= frozenset(signs)

    def columns(now: frozenset[str]) -> dict[str, object]:
        chills = "rigors" if "rigors" in now else "mild" if _MILD_CHILLS in now else "none"
        return {"red_flags": sorted(now - {_MILD_CHILLS}), "chills": chills}

    def toggle(sign: str) -> None:
        now = ticked ^ {sign}
        if now:
            asking.answer(**columns(now))
        else:
            # Nothing ticked is no answer yet: "None of these" has to be said.
            asking.answer(red_flags=None, chills=None)

    words = wording.dangers()
    return Sheet(
        title=_("Do you have any of these today?"),
        hint=_("Please look at all {count}. Tick everything that is true.").format(
            count=len(signs)
        ),
        controls=(
            several_of(
                [Choice(f"danger-{sign}", words[sign], sign) for sign in signs], ticked, toggle
            ),
        ),
        foot=_emergency(asking) if ticked & EMERGENCY else (),
        main=(
            main_button(_("Next ({count} ticked)").format(count=len(ticked)), asking.on, key="next")
            if ticked
            else main_button(
                _("None of these"),
                lambda: asking.answer_on(**columns(frozenset())),
                key="danger-none",
            )
        ),
    )


def _emergency(asking: Asking) -> tuple[ft.Control, ...]:
    number = asking.clinic.emergency_number
    call = Call(_("Call {number} now").format(number=number), number, is_emergency=True)
    return (
        notice(
            _("This can be an emergency"),
            level="urgent",
            live=True,
            actions=[
                call_button(call),
                other_button(_("Skip the rest and save"), asking.to_review, key="danger-to-review"),
            ],
        ),
    )
