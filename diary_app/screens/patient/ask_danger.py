"""Danger signs, asked every time; an emergency shows its number before anything is saved."""

import flet as ft

from diary_app.components.buttons import call_button, main_button, other_button
from diary_app.components.choices import Choice, several_of
from diary_app.components.heading import heading
from diary_app.components.notice import notice
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.state import wording
from diary_app.state.advice import Call
from diary_app.state.offered import MILD_CHILLS, told_signs
from diary_app.state.questions import ALSO, EMERGENCY, danger_signs
from diary_app.text import _


def danger(asking: Asking) -> Sheet:
    """Ask for danger signs and other things of the day; "None of these" answers all of them."""
    signs = danger_signs(asking.draft.answers)
    ticked = frozenset(asking.value("red_flags") or ())
    if asking.value("chills") == "mild":
        ticked |= {MILD_CHILLS}
    ticked &= frozenset(signs)
    others = frozenset(asking.value("also") or ())

    def columns(now: frozenset[str], also: frozenset[str]) -> dict[str, object]:
        return {**told_signs(now), "also": [word for word in ALSO if word in also]}

    def keep(now: frozenset[str], also: frozenset[str], **more: object) -> None:
        if now or also:
            asking.answer(**columns(now, also), **more)
        else:
            # Nothing ticked is no answer yet: "None of these" has to be said.
            asking.answer(red_flags=None, chills=None, also=None)

    words, other_words = wording.dangers(), wording.also()
    count = len(ticked) + len(others)
    return Sheet(
        title=_("Do you have any of these today?"),
        hint=_("Please look at all {count}. Tick everything that is true.").format(
            count=len(signs) + len(ALSO)
        ),
        controls=(
            several_of(
                [Choice(f"danger-{sign}", words[sign], sign) for sign in signs],
                ticked,
                lambda sign: keep(ticked ^ {sign}, others),
            ),
            heading(_("Other things today"), 2),
            several_of(
                [Choice(f"also-{word}", other_words[word], word) for word in ALSO],
                others,
                # What an unticked line said ("none") does not answer the question it opens.
                lambda word: keep(ticked, others ^ {word}, **{ALSO[word]: None}),
            ),
        ),
        foot=_emergency(asking) if ticked & EMERGENCY else (),
        main=(
            main_button(_("Next ({count} ticked)").format(count=count), asking.on, key="next")
            if count
            else main_button(
                _("None of these"),
                lambda: asking.answer_on(**columns(frozenset(), frozenset())),
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
