"""Published schedules as lines to fill in (clinical.md 6.2 and 6.3); they propose nothing."""

from dataclasses import dataclass

from diary_app.text import _


@dataclass(frozen=True)
class TemplateLine:
    """One published step.

    Attributes:
        imatinib_mg: None = the publication keeps the patient's own dose.
        prednisolone_mg: None = the publication says nothing.
        days: How long it lasted; None = not published, or the last step.
    """

    imatinib_mg: float | None
    every_n_days: int
    prednisolone_mg: float | None
    days: int | None


HWANG_2010 = (
    TemplateLine(0, 1, 30, 28),
    TemplateLine(100, 2, None, 7),
    TemplateLine(100, 1, None, None),
    TemplateLine(200, 1, None, None),
)
LEE_2015 = (
    TemplateLine(0, 1, 30, 14),
    TemplateLine(100, 1, 5, None),
    TemplateLine(200, 1, 5, None),
)
KIM_2020 = (
    TemplateLine(None, 1, 30, 21),
    TemplateLine(None, 1, 20, 21),
    TemplateLine(None, 1, 10, None),
    TemplateLine(None, 1, 7.5, None),
    TemplateLine(None, 1, 5, None),
    TemplateLine(None, 1, 0, None),
)
TEMPLATES = {"hwang": HWANG_2010, "lee": LEE_2015, "kim": KIM_2020}


def name_of(template: str) -> str:
    """Return what a person calls the template.

    Raises:
        KeyError: If there is no such template.
    """
    return {
        "hwang": _("Back in steps (Hwang 2010)"),
        "lee": _("Back with a steroid (Lee 2015)"),
        "kim": _("Prednisolone taper (Kim 2020)"),
    }[template]
