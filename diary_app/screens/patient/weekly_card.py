"""What the first screen says of the weekly questions; and what they are not for."""

import flet as ft

from diary_app.components.buttons import Act, call_button, other_button
from diary_app.components.heading import body, heading, quiet
from diary_app.components.notice import card
from diary_app.state.advice import Call
from diary_app.state.diary import ClinicCard
from diary_app.state.weekly import WeeklyDue
from diary_app.text import _, language
from diary_app.text.languages import ENGLISH


def weekly_card(due: WeeklyDue, begin: Act, skip: Act) -> ft.Control:
    """Return the offer to answer; nothing on it urges.

    Args:
        begin: Opens the questions.
        skip: Leaves this week out.
    """
    label = _("Go on with the questions") if due.begun else _("Answer the questions")
    return card(
        [
            heading(_("Weekly questions"), 2),
            body(
                _("How were the last 7 days? {count} questions, one tap each.").format(
                    count=due.questions
                )
            ),
            quiet(_("You can leave them out. Today's entry is what alerts your clinic.")),
            *only_in_english(),
            other_button(label, begin, key="weekly-begin", icon=ft.Icons.CHECKLIST),
            # Who began leaves questions out one by one: nothing that was answered is lost.
            *([] if due.begun else [other_button(_("Skip this week"), skip, key="weekly-skip")]),
        ],
        key="weekly",
    )


def only_in_english() -> list[ft.Control]:
    """Return why the questions are in English, for readers of another language."""
    if language() == ENGLISH:
        return []
    return [
        quiet(
            _(
                "These questions are in English: only their official wording may be used, and"
                " the diary does not have it in your language yet."
            )
        )
    ]


def alerts_nobody(clinic: ClinicCard) -> list[ft.Control]:
    """Return the warning that these answers reach nobody soon, with the number to call."""
    return [
        body(_("These answers alert nobody."), strong=True),
        body(
            _(
                "If something worries you, write it in today's entry or call the clinic: {phone}."
            ).format(phone=clinic.phone)
        ),
        call_button(
            Call(_("Call the clinic {number}").format(number=clinic.phone), clinic.phone),
            strong=False,
            key="weekly-call",
        ),
    ]
