"""What was ticked among the other things of the day: how bad it is, one question each."""

from collections.abc import Mapping

import flet as ft

from diary_app.components.buttons import other_button
from diary_app.components.choices import Choice, one_of, picked_button
from diary_app.components.heading import quiet
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.state import wording
from diary_app.text import _
from diary_app.theme import LARGE, TARGET

# The most stools above the usual number that can be told apart (CTCAE 5.0: 7 is grade 3).
MOST_STOOLS = 10
_GROUPS = (range(1, 4), range(4, 7), range(7, MOST_STOOLS + 1))


def eyelids(asking: Asking) -> Sheet:
    """Ask how the eyelids are swollen."""
    return _graded(asking, "periorbital", _("How are your eyelids?"), wording.eyelids())


def mouth(asking: Asking) -> Sheet:
    """Ask how bad the sores in the mouth are."""
    return _graded(asking, "mouth", _("How sore is your mouth?"), wording.mouth_sores())


def eating(asking: Asking) -> Sheet:
    """Ask whether the sores keep from eating or drinking."""
    return Sheet(
        title=_("Do the sores make it hard to eat or drink?"),
        controls=(
            one_of(
                [Choice("eating-yes", _("Yes"), True), Choice("eating-no", _("No"), False)],
                asking.value("mouth_intake_affected"),
                lambda answer: asking.answer_on(mouth_intake_affected=answer),
            ),
        ),
    )


def stools(asking: Asking) -> Sheet:
    """Ask how many stools more than on a usual day."""
    chosen = asking.value("stools_over_baseline")
    return Sheet(
        title=_("How many stools more than on a normal day?"),
        hint=_("In the last 24 hours. Example: usually 1, today 4: choose 3."),
        controls=(
            one_of(
                [Choice("stools-0", _("Loose, but no more often than usual"), 0)],
                chosen,
                lambda count: asking.answer_on(stools_over_baseline=count),
            ),
            *(_stool_group(asking, group, chosen) for group in _GROUPS),
        ),
    )


def _stool_group(asking: Asking, group: range, chosen: object) -> ft.Control:
    def number(count: int) -> ft.Control:
        words = _("{count} or more").format(count=count) if count == MOST_STOOLS else str(count)
        return picked_button(
            ft.Text(words, size=LARGE, weight=ft.FontWeight.W_600),
            _("More than usual:"),
            chosen == count,
            lambda: asking.answer_on(stools_over_baseline=count),
            key=f"stools-{count}",
            width=2 * TARGET + 30 if count == MOST_STOOLS else TARGET + 22,
        )

    least, most = group[0], group[-1]
    label = (
        _("{count} or more").format(count=least)
        if most == MOST_STOOLS
        else _("{least} to {most} more").format(least=least, most=most)
    )
    return ft.Column(
        [
            quiet(label),
            ft.Row([number(count) for count in group], wrap=True, spacing=10, run_spacing=10),
        ],
        spacing=6,
    )


def nausea(asking: Asking) -> Sheet:
    """Ask what feeling sick does to eating."""
    return _graded(
        asking, "nausea", _("How does feeling sick change what you eat?"), wording.nausea()
    )


def fatigue(asking: Asking) -> Sheet:
    """Ask what tiredness does to the day."""
    return _graded(asking, "fatigue", _("How is the tiredness?"), wording.tiredness())


def limbs(asking: Asking) -> Sheet:
    """Ask how far legs or arms are swollen."""
    return _graded(
        asking, "limb_swelling", _("How swollen are your legs or arms?"), wording.limb_swellings()
    )


def weight(asking: Asking) -> Sheet:
    """Ask how much heavier than three days ago."""
    return Sheet(
        title=_("How much more do you weigh than 3 days ago?"),
        controls=(
            one_of(
                [
                    Choice(f"weight-{kilograms:g}", words, kilograms)
                    for kilograms, words in wording.weights().items()
                ],
                asking.value("weight_gain_3d_kg"),
                lambda kilograms: asking.answer_on(weight_gain_3d_kg=kilograms),
            ),
            other_button(
                _("I don't know how much"),
                lambda: asking.pass_on("not_known"),
                key="weight-not-known",
            ),
        ),
    )


def _graded(asking: Asking, column: str, title: str, words: Mapping[str, tuple[str, str]]) -> Sheet:
    answers: ft.Control = one_of(
        [
            Choice(f"{column}-{word}", label, word, detail)
            for word, (label, detail) in words.items()
        ],
        asking.value(column),
        lambda word: asking.answer_on(**{column: word}),
    )
    return Sheet(title=title, controls=(answers,))
