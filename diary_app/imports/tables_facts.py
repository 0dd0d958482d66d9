"""Rows of other medicines, visits and questions become lines of a bundle again."""

from diary_app.exports.bundle import MedicineLine, QuestionLine, VisitLine
from diary_app.imports.tables_row import Row, needed


def medicine(row: Row) -> MedicineLine:
    """Return one other medicine."""
    return MedicineLine(
        id=row.id("medicine_id"),
        name=row.text("medicine"),
        dose=row.text("medicine_dose"),
        since=row.maybe_day("since"),
        until=row.maybe_day("until"),
        taken_for=row.text("taken_for"),
        added_by=row.text("added_by"),
        added_at=row.moment("added_at"),
        ended_by=row.text("ended_by"),
        ended_at=row.maybe_moment("ended_at"),
        end_reason=row.text("end_reason"),
        is_mistake=needed(row.maybe_truth("is_mistake")),
    )


def visit(row: Row) -> VisitLine:
    """Return one visit that was agreed."""
    return VisitLine(
        id=row.id("visit_id"),
        starts_at=row.moment("starts_at"),
        minutes=row.whole("minutes"),
        sequence=row.whole("sequence"),
        changed_at=row.moment("changed_at"),
        cancelled_at=row.maybe_moment("cancelled_at"),
        changed_by=row.text("changed_by"),
    )


def question(row: Row) -> QuestionLine:
    """Return one question for a visit."""
    return QuestionLine(
        id=row.id("visit_question_id"),
        words=row.text("visit_question"),
        asked_at=row.moment("asked_at"),
        ended_at=row.maybe_moment("ended_at"),
        ended_how=row.maybe("ended_how"),
        ended_by=row.text("ended_by"),
    )
