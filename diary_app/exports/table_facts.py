"""What a table is, and the tables of other medicines, of visits and of questions for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from diary_app.exports import table_columns as columns
from diary_app.exports.bundle import VisitBundle
from diary_app.text import _

Row = Sequence[object]


@dataclass(frozen=True)
class Table:
    """One table: column names, and rows as wide as they."""

    header: Sequence[str]
    rows: Sequence[Row]


def medicines_table(bundle: VisitBundle) -> Table:
    """Return a row for every other medicine ever noted, in the order they were added."""
    return Table(
        columns.MEDICINES,
        [
            (
                bundle.patient_code,
                line.name,
                line.dose or None,
                line.since,
                line.until,
                line.taken_for or None,
                line.added_by or None,
                line.added_at,
                line.ended_by or None,
                line.ended_at,
                line.end_reason or None,
                line.is_mistake,
                line.id,
            )
            for line in bundle.medicines
        ],
    )


def visits_table(bundle: VisitBundle) -> Table:
    """Return a row for every visit that was agreed, cancelled ones too, the earliest first."""
    return Table(
        columns.VISITS,
        [
            (
                bundle.patient_code,
                line.id,
                line.starts_at,
                line.minutes,
                line.sequence,
                line.changed_by or None,
                line.changed_at,
                line.cancelled_at,
            )
            for line in bundle.visits
        ],
    )


def questions_table(bundle: VisitBundle) -> Table:
    """Return a row for every question for a visit, ended ones too, the oldest first."""
    return Table(
        columns.VISIT_QUESTIONS,
        [
            (
                bundle.patient_code,
                line.words,
                line.asked_at,
                line.ended_at,
                line.ended_how,
                line.ended_by or None,
                line.id,
            )
            for line in bundle.questions
        ],
    )


def meanings_of_facts() -> dict[str, str]:
    """Return what the columns of these tables mean, by column."""
    return {
        "medicine": _("Name of the other medicine, as it was typed"),
        "medicine_dose": _("Its dose in words"),
        "since": _("First day; empty = not known"),
        "until": _("Last day; empty = still taken, as far as is known"),
        "taken_for": _("What it is taken for"),
        "added_by": _("Who added it"),
        "added_at": _("When it was added"),
        "ended_by": _("Who ended it"),
        "ended_at": _("When it was ended in the diary"),
        "end_reason": _("Why it ended, or what was wrong with it"),
        "is_mistake": _("Added by mistake; it was never taken"),
        "starts_at": _("When the visit begins"),
        "minutes": _("How long the visit is planned to last"),
        "sequence": _("How often the visit was moved or cancelled"),
        "changed_by": _("Who planned, moved or cancelled it last"),
        "changed_at": _("When it was planned, moved or cancelled last"),
        "cancelled_at": _("When it was cancelled; empty = it stands"),
        "visit_question": _("What the patient wants to ask at a visit"),
        "asked_at": _("When it was written down"),
        "ended_how": _("Answered at the visit, or taken back by the patient; empty = still open"),
    }
