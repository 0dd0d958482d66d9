"""Rash: whether, how many handprints, and what it looks like."""

import functools

import flet as ft

from diary_app.components.buttons import Act, main_button, other_button
from diary_app.components.choices import Choice, one_of, picked_button, several_of
from diary_app.components.look_pictures import look_picture
from diary_app.components.notice import notice
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.state import wording
from diary_app.state.body import disagree
from diary_app.state.offered import HANDPRINTS, handprint_label
from diary_app.text import _
from diary_app.theme import LARGE, TARGET


def rash(asking: Asking) -> Sheet:
    """Ask whether there is a rash."""
    return Sheet(
        title=_("Do you have a rash today?"),
        hint=_("Spots, redness, hives, blisters or peeling skin, new or still there."),
        controls=(
            one_of(
                [
                    Choice("rash-no", _("No"), False),
                    Choice("rash-yes", _("Yes"), True),
                ],
                asking.value("rash_present"),
                lambda answer: asking.answer_on(rash_present=answer),
            ),
        ),
    )


def handprints(asking: Asking) -> Sheet:
    """Ask for the extent a second way, and again when it disagrees with the map."""
    count, drawn = asking.value("handprints"), asking.value("map_percent")
    if drawn == 0:
        drawn = None
    differs = disagree(drawn, count)

    def pick(number: float) -> None:
        if disagree(drawn, number):
            asking.answer(handprints=number, handprints_sure=None)
        else:
            asking.answer_on(handprints=number, handprints_sure=None)

    controls: list[ft.Control] = []
    if differs and count is not None and drawn is not None:
        controls.append(
            notice(
                _("Please look once more"),
                [
                    _(
                        "On the figure you marked {drawn} of your skin, that is {hands}."
                        " Here you chose {count}."
                    ).format(
                        drawn=wording.percent(drawn),
                        hands=wording.handprint_count(drawn),
                        count=wording.handprint_count(count),
                    ),
                    _("Choose another number, or go on: then the larger one counts."),
                ],
                level="prompt",
                live=True,
                actions=[
                    main_button(
                        _("{count} is right, go on").format(
                            count=wording.handprint_count(count).capitalize()
                        ),
                        lambda: asking.answer_on(handprints_sure=True),
                        key="handprints-keep",
                    )
                ],
            )
        )
    controls.append(
        ft.Row(
            [_number(number, count, pick) for number in HANDPRINTS],
            wrap=True,
            spacing=10,
            run_spacing=10,
            alignment=ft.MainAxisAlignment.CENTER,
        )
    )
    controls.append(
        other_button(
            _("I don't know"), lambda: asking.pass_on("not_known"), key="handprints-unknown"
        )
    )
    return Sheet(
        title=_("How many of your own hands would cover the rash?"),
        hint=_(
            "Cover the rash with your hand in your mind: palm and fingers, held together."
            " Add all places up."
        ),
        controls=tuple(controls),
    )


def _number(number: float, chosen: float | None, pick: Act) -> ft.Control:
    return picked_button(
        ft.Text(
            handprint_label(number),
            size=LARGE,
            weight=ft.FontWeight.W_600,
        ),
        _("Handprints"),
        number == chosen,
        functools.partial(pick, number),
        key=f"handprints-{number:g}",
        width=TARGET + 20,
    )


def morphology(asking: Asking) -> Sheet:
    """Ask what it looks like, by pictures and words."""
    ticked = frozenset(asking.value("morphology") or ())

    def toggle(word: str) -> None:
        asking.answer(morphology=sorted(ticked ^ {word}) or None)

    return Sheet(
        title=_("What does it look like?"),
        hint=_("Tick everything that fits."),
        controls=(
            several_of(
                [
                    Choice(
                        f"look-{word}", label, word, picture=functools.partial(look_picture, word)
                    )
                    for word, label in wording.looks().items()
                ],
                ticked,
                toggle,
            ),
        ),
        main=(
            main_button(_("Next ({count} ticked)").format(count=len(ticked)), asking.on, key="next")
            if ticked
            else main_button(
                _("I am not sure"), lambda: asking.pass_on("not_known"), key="look-unknown"
            )
        ),
    )
