"""Rows of plan, doses, laboratory, alerts, photos and weeks become lines of a bundle again."""

from collections.abc import Sequence
from typing import Any

from diary_app.exports.bundle import (
    AlertEventLine,
    AlertLine,
    DoseLine,
    FindingLine,
    LabLine,
    PersonLine,
    PhotoLine,
    PlanStepLine,
    WeekLine,
)
from diary_app.imports.tables_entries import reason_lines
from diary_app.imports.tables_row import Row, needed


def frame(row: Row) -> dict[str, Any]:
    """Return what the bundle says of itself: whose, of when, made by whom."""
    texts = ("patient_code", "patient_name", "time_zone", "clinic_name", "clinic_phone")
    days = ("born_on", "first_on", "last_on")
    return {
        **{name: row.text(name) for name in (*texts, "made_by", "rules_version")},
        **{name: row.day(name) for name in days},
        "made_at": row.moment("made_at"),
    }


def person(row: Row) -> PersonLine:
    """Return what is known of the patient besides the diary."""
    return PersonLine(
        phone=row.text("phone"),
        language=row.text("language"),
        temperature_unit=row.text("prefers_unit"),
        prior_severe_reaction=row.maybe_truth("prior_severe_reaction"),
        prior_reaction_type=row.maybe("prior_reaction_type"),
        on_systemic_steroid=row.maybe_truth("on_systemic_steroid"),
        baseline_grades=row.grades("baseline_grades"),
    )


def step(row: Row) -> PlanStepLine:
    """Return one step of a plan."""
    return PlanStepLine(
        starts_on=row.day("starts_on"),
        imatinib_mg=row.number_in("imatinib_mg"),
        every_n_days=row.whole("every_n_days"),
        prednisolone_mg=row.maybe_number("prednisolone_mg"),
        reason=row.text("reason"),
        author=row.text("author"),
        approved_at=row.maybe_moment("approved_at"),
        superseded_at=row.maybe_moment("superseded_at"),
    )


def dose(row: Row) -> DoseLine:
    """Return one thing said of one medicine of one day."""
    return DoseLine(
        on=row.day("dose_on"),
        drug=row.text("drug"),
        planned_mg=row.maybe_number("planned_mg"),
        how=row.text("how"),
        taken_mg=row.maybe_number("taken_mg"),
        taken_clock=row.maybe("taken_clock"),
        vomited_after=row.maybe("vomited_after"),
        recorded_at=row.moment("recorded_at"),
        id=row.maybe_id("dose_id"),
        entry_id=row.maybe_id("entry_id"),
        time_zone=row.maybe("time_zone"),
    )


def lab(row: Row) -> LabLine:
    """Return one laboratory value."""
    return LabLine(
        taken_on=row.day("taken_on"),
        name=row.text("name"),
        value=row.number_in("value"),
        unit=row.text("unit"),
        lower_limit=row.maybe_number("lower_limit"),
        upper_limit=row.maybe_number("upper_limit"),
        id=row.maybe_id("lab_id"),
        grade=row.maybe_whole("grade"),
        sampled_at=row.maybe_moment("sampled_at"),
        last_dose_at=row.maybe_moment("last_dose_at"),
        is_trough=row.maybe_truth("is_trough"),
        entered_at=row.maybe_moment("entered_at"),
        entered_by=row.text("entered_by"),
    )


def alert(row: Row, events: Sequence[Row]) -> AlertLine:
    """Return one alert with its rows of ``alert_events``."""
    return AlertLine(
        code=row.text("code"),
        level=row.text("level"),
        state=row.text("state"),
        raised_at=row.moment("raised_at"),
        acknowledged_at=row.maybe_moment("acknowledged_at"),
        acknowledged_by=row.maybe("acknowledged_by"),
        closed_at=row.maybe_moment("closed_at"),
        outcome=row.maybe("outcome"),
        reason_codes=tuple(row.maybe_items("reason_codes") or ()),
        id=row.maybe_id("alert_id"),
        entry_id=row.maybe_id("entry_id"),
        level_since=row.maybe_moment("level_since"),
        closed_by=row.maybe("closed_by"),
        events=tuple(
            AlertEventLine(
                at=event.moment("at"),
                kind=event.text("event"),
                actor=event.text("actor"),
                detail=event.plain("detail"),
            )
            for event in sorted(events, key=lambda event: event.whole("position"))
        ),
    )


def photo(row: Row, picture: bytes | None) -> PhotoLine:
    """Return one photo; without its picture it is not kept."""
    return PhotoLine(
        id=row.id("photo_id"),
        entry_id=row.id("entry_id"),
        taken_on=row.day("taken_on"),
        region=row.maybe("region"),
        description=row.text("description"),
        picture=picture or b"",
        thumbnail=b"",
        sent_with=row.maybe_id("sent_with"),
        received_at=row.maybe_moment("received_at"),
        is_kept=needed(row.maybe_truth("is_kept")) and picture is not None,
    )


def week(row: Row, scores: Sequence[Row]) -> WeekLine:
    """Return one week with its rows of ``proctcae_long``."""
    return WeekLine(
        ends_on=row.day("period_ends_on"),
        received_at=row.moment("received_at"),
        author=row.text("author"),
        instrument=row.text("instrument"),
        answers={one.text("question"): one.maybe_whole("score") for one in scores},
        id=row.maybe_id("week_id"),
        time_zone=row.maybe("time_zone"),
        written_at=row.maybe_moment("written_at"),
    )


def finding(row: Row, reasons: Sequence[Row]) -> FindingLine:
    """Return what was found without an entry, with its rows of ``reasons``."""
    return FindingLine(
        about=row.text("about"),
        on=row.maybe_day("about_on"),
        entry_id=row.maybe_id("entry_id"),
        assessed_at=row.moment("assessed_at"),
        level=row.maybe("level"),
        grades=row.grades("grades"),
        reasons=reason_lines(reasons),
        rules_version=row.text("rules_version"),
        inputs=row.plain("inputs"),
    )
