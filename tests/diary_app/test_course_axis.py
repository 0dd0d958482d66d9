"""The one axis of a course: laboratory, levels, kinds of rash, photos, replaced steps, zoom."""

from dataclasses import replace
from datetime import date

import pytest

from diary_app.exports.bundle import LabLine
from diary_app.figures.axis import DayAxis
from diary_app.figures.read_out import ReadOut
from diary_app.figures.rows import as_table
from diary_app.figures.shapes import Circle, Figure, Line, Polygon, Rect
from diary_app.figures.timeline import drawn, timeline
from diary_app.figures.window import (
    Window,
    day_at,
    earlier,
    farther,
    later,
    nearer,
    spanning,
)
from tests.diary_app.visit_bundles import (
    DAY_0,
    alert,
    at,
    bundle,
    day,
    entry,
    hwang,
    photo,
    step,
)

MONTH = Window(date(2026, 1, 1), date(2026, 1, 31))


def lab(on: int, value: float, name: str = "alt", **more: object) -> LabLine:
    return replace(LabLine(day(on), name, value, "U/L", 10.0, 43.0), **more)  # type: ignore[arg-type]


def lane_of(figure: Figure, heading: str) -> float:
    """The middle of a lane whose heading begins so."""
    return next(text.y for text in figure.texts if text.bold and text.text.startswith(heading))


def test_values_point_up_above_the_limit_down_below_and_are_hollow_within() -> None:
    made = bundle(DAY_0, day(60), labs=(lab(5, 161.0), lab(25, 4.0), lab(45, 30.0)))

    figure = timeline(made, width=740)

    above, below, *_legend = (
        shape for shape in figure.shapes if isinstance(shape, Polygon) and shape.role == "lab"
    )
    assert above.points[0][1] < above.points[1][1]
    assert below.points[0][1] > below.points[1][1]
    hollow = [s for s in figure.shapes if isinstance(s, Circle) and s.role == "lab"]
    assert not hollow[0].filled
    assert {"161", "4", "30"} <= {text.text for text in figure.texts}


def test_a_level_without_its_times_is_never_called_a_trough() -> None:
    unknown = lab(5, 620.0, "imatinib_trough", unit="ng/mL", lower_limit=None, upper_limit=None)
    sure = replace(unknown, taken_on=day(40), value=1450.0, is_trough=True)

    texts = [
        text.text
        for text in timeline(bundle(DAY_0, day(60), labs=(unknown, sure)), width=740).texts
    ]

    assert "Imatinib trough, ng/mL" in texts
    assert "620, trough not sure" in texts
    assert "1450" in texts


def test_paper_has_one_row_for_all_tests_and_counts_what_is_outside() -> None:
    figure = timeline(hwang(), width=740, brief=True)

    texts = [text.text for text in figure.texts]
    assert "Laboratory" in texts
    assert "7 outside" in texts
    assert "ALT, U/L" not in texts


def test_each_kind_of_rash_has_its_own_grades_where_they_differ() -> None:
    made = bundle(
        DAY_0,
        day(9),
        entries=(
            entry(1, day(1), grades={"rash": 3, "rash_maculopapular": 3, "urticaria": 1}),
            entry(5, day(5), grades={"rash": 2, "urticaria": 2}),
        ),
    )

    figure = timeline(made, width=740)

    hives = lane_of(figure, "urticaria")
    bars = [s for s in figure.shapes if isinstance(s, Rect) and s.role.startswith("grade_")]
    below = [bar for bar in bars if bar.y > hives - 10 and bar.y < hives + 40]
    assert [bar.role for bar in sorted(below, key=lambda bar: bar.x)] == ["grade_1", "grade_2"]
    assert hives < lane_of(figure, "maculopapular rash")


def test_one_kind_that_says_all_is_named_once_and_not_drawn_twice() -> None:
    texts = [text.text for text in timeline(hwang(), width=740).texts]

    assert texts.count("maculopapular rash") == 1
    assert "Rash, estimated grade" in texts


def test_a_replaced_step_is_dotted_and_stands_in_the_table() -> None:
    given_up = replace(step(day(20), 300), superseded_at=at(day(10)))
    made = replace(bundle(DAY_0, day(60), plan=(step(DAY_0, 200),)), former_plan=(given_up,))

    figure = timeline(made, width=740)

    dotted = [s for s in figure.shapes if isinstance(s, Line) and s.role == "former"]
    # 28 days of the step, and the legend.
    assert len(dotted) == 2
    assert dotted[0].x2 - dotted[0].x1 == pytest.approx(28 * 580 / 61)
    row = next(row for row in as_table(made) if row[0] == "1 Feb 2009")
    assert row[2] == "Planned before, replaced on 22 Jan 2009: 300 mg daily"
    assert row[3] == "200 mg"


def test_marks_lead_to_the_photos_of_their_days() -> None:
    photos = (
        photo(1, day(3), "head_front", ""),
        photo(2, day(3), None, ""),
        photo(3, day(50), None, ""),
    )

    made = drawn(bundle(DAY_0, day(60), photos=photos), width=740)

    assert [len(mark.photos) for mark in made.photos] == [2, 1]
    assert made.photos[0].x == pytest.approx(made.axis.middle(day(3)))
    assert made.top < made.photos[0].y < made.bottom


def test_a_day_is_told_in_words_with_the_day_since_the_step() -> None:
    told = ReadOut(hwang()).told(day(145))

    assert told.heading == "6 Jun 2009"
    assert told.since_step == "Day 4 after 100 \N{RIGHTWARDS ARROW} 200 mg"
    assert told.lines == (
        "Imatinib: planned 200 mg, taken 200 mg",
        "Rash, estimated grade: 1 (maculopapular rash 1)",
        "Worst itch: 3 of 10",
        "Temperature: 36.9 degrees C",
        "AST: 89 U/L, above the limit",
        "ALT: 133 U/L, above the limit",
        "LDH: 941 U/L, above the limit",
        "Alert M2X-9R, urgent: dose held",
        "1 photo",
    )
    assert len(told.photos) == 1


def test_a_day_without_an_entry_claims_nothing() -> None:
    told = ReadOut(hwang()).told(day(60))

    assert told.lines == ("Imatinib: planned 400 mg, not said if taken", "No entry")


def test_an_answer_that_was_not_given_is_not_zero_in_words() -> None:
    made = bundle(DAY_0, day(6), entries=(entry(1, day(1)),))

    assert ReadOut(made).told(day(1)).lines == (
        "Imatinib: no plan known, not said if taken",
        "Rash: not graded",
        "Itch: not answered",
        "Temperature: not entered",
    )


def test_zooming_halves_and_doubles_the_days_around_their_middle() -> None:
    half = nearer(MONTH, MONTH)

    assert (half.first_on, half.last_on) == (date(2026, 1, 9), date(2026, 1, 24))
    assert nearer(nearer(half, MONTH), MONTH).days == 7
    assert farther(half, MONTH) == MONTH


def test_moving_stays_inside_the_period() -> None:
    week = Window(date(2026, 1, 15), date(2026, 1, 21))

    assert later(week, MONTH) == Window(date(2026, 1, 18), date(2026, 1, 24))
    assert earlier(week, MONTH) == Window(date(2026, 1, 12), date(2026, 1, 18))
    last = Window(date(2026, 1, 25), date(2026, 1, 31))
    assert later(last, MONTH) == last


def test_dragged_days_are_shown_in_either_direction_and_at_least_a_week() -> None:
    fourteen = spanning(date(2026, 1, 20), date(2026, 1, 7), MONTH)
    narrow = spanning(date(2026, 1, 30), date(2026, 1, 31), MONTH)

    assert (fourteen.first_on, fourteen.last_on) == (date(2026, 1, 7), date(2026, 1, 20))
    assert (narrow.days, narrow.last_on) == (7, date(2026, 1, 31))


@pytest.mark.parametrize(("x", "on"), [(0, 1), (100, 1), (104.9, 1), (105.1, 2), (900, 31)])
def test_a_place_on_the_axis_is_a_day(x: float, on: int) -> None:
    axis = DayAxis(MONTH.first_on, MONTH.last_on, 100, 100 + 31 * 5)

    assert day_at(axis, x) == date(2026, 1, on)


def test_alerts_and_photos_outside_the_window_are_not_drawn() -> None:
    whole = bundle(
        DAY_0,
        day(60),
        alerts=(alert("A", "urgent", day(3)),),
        labs=(lab(3, 161.0),),
        photos=(photo(1, day(3), None, ""),),
    )

    made = drawn(replace(whole, first_on=day(30)), width=740)

    assert made.photos == ()
    assert "161" not in [text.text for text in made.figure.texts]
