"""Whether the patient wants somebody today; "no" never cancels an alert."""

from diary_app.components.choices import Choice, one_of
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.text import _


def contact(asking: Asking) -> Sheet:
    """Ask what the patient thinks is needed."""
    return Sheet(
        title=_("Do you feel this needs someone today?"),
        controls=(
            one_of(
                [
                    Choice("contact-yes", _("Yes, someone should look at it today"), True),
                    Choice("contact-no", _("No, it can wait"), False),
                ],
                asking.value("wants_contact"),
                lambda answer: asking.answer_on(wants_contact=answer),
            ),
        ),
    )
