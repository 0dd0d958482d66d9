"""Itch: how bad, where, how often, what it cost of the night and of the day."""

import flet as ft

from diary_app.components.buttons import main_button
from diary_app.components.choices import Choice, one_of, scale, several_of
from diary_app.components.heading import quiet
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.state import wording
from diary_app.text import _


def itch(asking: Asking) -> Sheet:
    """Ask for the worst itch of the last 24 hours, 0 to 10."""
    return Sheet(
        title=_("How bad was your worst itch in the last 24 hours?"),
        controls=(
            scale(
                _("Worst itch"),
                _("No itch"),
                asking.value("itch_nrs"),
                lambda number: asking.answer_on(itch_nrs=number),
                key="itch",
            ),
            quiet(_("10 = the worst itch you can imagine.")),
        ),
    )


def itch_extent(asking: Asking) -> Sheet:
    """Ask how far the itch reaches."""
    return _words(asking, "itch_extent", _("Where does it itch?"), wording.itch_extents())


def itch_pattern(asking: Asking) -> Sheet:
    """Ask how the itch comes."""
    return _words(asking, "itch_pattern", _("How does the itch come?"), wording.itch_patterns())


def sleep(asking: Asking) -> Sheet:
    """Ask what the itch cost of the last night."""
    return _words(
        asking,
        "sleep_loss",
        _("Did the itch keep you from sleeping last night?"),
        wording.sleep_losses(),
    )


def adl(asking: Asking) -> Sheet:
    """Ask how skin or itch limit the day."""
    return Sheet(
        title=_("Do your skin or the itch make daily life harder today?"),
        controls=(
            one_of(
                [
                    Choice(f"adl-{word}", label, word, detail)
                    for word, (label, detail) in wording.limits().items()
                ],
                asking.value("adl"),
                lambda word: asking.answer_on(adl=word),
            ),
        ),
    )


def adl_due_to(asking: Asking) -> Sheet:
    """Ask whether it is the skin, the itch or both."""
    ticked = frozenset(asking.value("adl_due_to") or ())

    def toggle(word: str) -> None:
        asking.answer(adl_due_to=sorted(ticked ^ {word}) or None)

    return Sheet(
        title=_("Because of what?"),
        hint=_("Tick one or both."),
        controls=(
            several_of(
                [
                    Choice("due-skin", _("My skin: sore, tight or painful"), "skin"),
                    Choice("due-itch", _("The itch"), "itch"),
                ],
                ticked,
                toggle,
            ),
        ),
        main=main_button(_("Next"), asking.on, key="next", disabled=not ticked),
    )


def _words(asking: Asking, column: str, title: str, words: dict[str, str]) -> Sheet:
    answers: list[ft.Control] = [
        one_of(
            [Choice(f"{column}-{word}", label, word) for word, label in words.items()],
            asking.value(column),
            lambda word: asking.answer_on(**{column: word}),
        )
    ]
    return Sheet(title=title, controls=tuple(answers))
