"""What a table is, and the tables of other medicines and of visits."""

from collections.abc import Sequence
from dataclasses import dataclass

from diary_app.exports import table_columns as columns
from diary_app.exports.bundle import VisitBundle

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
