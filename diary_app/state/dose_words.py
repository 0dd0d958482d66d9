"""What is said about doses in plain words, and what is told after a dose that went wrong.

No advice here ever asks for more tablets. Source of "no double dose" and of "too many tablets: tell
the doctor straight away": the imatinib leaflet (clinical.md 6.6). It is silent on vomiting and on
steroids, so the patient is sent to the clinic.
"""

from diary_app.state import wording
from diary_app.state.calendar import day_words
from diary_app.state.doses import DoseRow, DoseSaid, PlanLine
from diary_app.text import _


def drug_words(drug: str) -> str:
    """Return a medicine's name."""
    return _("Imatinib") if drug == "imatinib" else _("Prednisolone")


def planned_words(row: DoseRow) -> str:
    """Return what is planned of a medicine for a day, as a sentence."""
    if row.drug == "imatinib":
        return wording.planned_words(row.planned_mg, off_day=row.off_day)
    if not row.planned_mg:
        return _("No prednisolone planned")
    return _("Prednisolone {dose} today").format(dose=wording.milligrams(row.planned_mg))


def said_words(said: DoseSaid) -> str:
    """Return what was said of a dose."""
    match said.how:
        case "planned":
            return _("Taken as planned") if said.taken_mg else _("None taken, as planned")
        case "late":
            if said.taken_clock:
                return _("Taken late, at {clock}").format(clock=said.taken_clock)
            return _("Taken late")
        case "missed":
            return _("Not taken")
        case "vomited":
            return _vomited().get(said.vomited_after, _("Vomited after it"))
    return _("Another amount: {dose}").format(dose=wording.milligrams(said.taken_mg or 0))


def vomited_words() -> dict[str, str]:
    """Return how long after a dose somebody vomited."""
    return {
        "within_30": _("Within 30 minutes"),
        "within_120": _("30 minutes to 2 hours after it"),
        "later": _("More than 2 hours after it"),
        "unknown": _("I don't know when"),
    }


def take_words(drug: str) -> str:
    """Return what stands on the button for a dose that was taken as planned."""
    if drug == "imatinib":
        return _("Imatinib taken as planned")
    return _("Prednisolone taken as planned")


def else_words(row: DoseRow) -> str:
    """Return what stands on the button that leads to all other answers."""
    imatinib = row.drug == "imatinib"
    if row.said is not None:
        return _("Change imatinib") if imatinib else _("Change prednisolone")
    if row.planned_mg:
        return _("Imatinib: something else") if imatinib else _("Prednisolone: something else")
    return _("I took some imatinib anyway") if row.off_day else _("I took some imatinib")


def undo_words(drug: str) -> str:
    """Return what stands on the button that takes back what was said just now."""
    return _("Undo imatinib") if drug == "imatinib" else _("Undo prednisolone")


def _vomited() -> dict[str, str]:
    return {
        "within_30": _("Vomited within 30 minutes after it"),
        "within_120": _("Vomited 30 minutes to 2 hours after it"),
        "later": _("Vomited more than 2 hours after it"),
    }


def is_more_than_planned(row: DoseRow) -> bool:
    """Return whether more was taken than the plan says; unknown is no."""
    if row.said is None or row.said.taken_mg is None or row.planned_mg is None:
        return False
    return row.said.taken_mg > row.planned_mg


def advice(row: DoseRow, phone: str) -> tuple[str, ...]:
    """Return what is told after a dose that did not go as planned; empty when it did.

    Args:
        phone: The clinic's number.
    """
    if row.said is None or row.said.how == "planned":
        return ()
    if is_more_than_planned(row):
        return (
            _("You took more than planned. Call your clinic now: {phone}.").format(phone=phone),
            _("Do not take the next dose before you have asked."),
        )
    if row.said.how == "vomited":
        return (
            _("Do not take another dose on your own to replace it."),
            _("Ask your clinic what to do, and call if it happens again: {phone}.").format(
                phone=phone
            ),
        )
    if row.drug == "prednisolone":
        return (
            _("Do not take two doses together to make up for it."),
            _(
                "Do not stop prednisolone on your own. Ask your clinic how to go on: {phone}."
            ).format(phone=phone),
        )
    return (
        _("Do not take a double dose to make up for it."),
        next_words(row, phone),
        _("If it happens again, call your clinic: {phone}.").format(phone=phone),
    )


def next_words(row: DoseRow, phone: str) -> str:
    """Return when the next dose is planned; where the plan has none, whom to ask."""
    if row.next_on is None or row.next_mg is None:
        return _("Ask your clinic when to take the next dose: {phone}.").format(phone=phone)
    return _("Take your next dose as planned: {dose} on {day}.").format(
        dose=wording.milligrams(row.next_mg), day=day_words(row.next_on)
    )


def step_dose(line: PlanLine) -> str:
    """Return the imatinib of a step: "200 mg every day"."""
    if line.imatinib_mg == 0:
        return _("no imatinib")
    dose = wording.milligrams(line.imatinib_mg)
    if line.every_n_days == 1:
        return _("{dose} every day").format(dose=dose)
    return _("{dose} every other day").format(dose=dose)


def steroid_dose(line: PlanLine) -> str:
    """Return the prednisolone of a step; empty when the plan says nothing."""
    if line.prednisolone_mg is None:
        return ""
    if line.prednisolone_mg == 0:
        return _("no prednisolone")
    return _("{dose} every day").format(dose=wording.milligrams(line.prednisolone_mg))


def both_doses(line: PlanLine) -> str:
    """Return both medicines of a step."""
    if not line.prednisolone_mg:
        return step_dose(line)
    return _("{imatinib}; prednisolone {prednisolone}").format(
        imatinib=step_dose(line), prednisolone=steroid_dose(line)
    )
