from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from xml.etree import ElementTree

import flet as ft
import pytest
from flet import canvas

from diary_app.figures.canvas import to_canvas
from diary_app.figures.palette import DARK, GROUND_ROLES, LIGHT, TEXT_ROLES, contrast
from diary_app.figures.rows import as_table
from diary_app.figures.shapes import Circle, Figure, Line, Polygon, Polyline, Rect, touches
from diary_app.figures.svg import to_svg
from diary_app.figures.timeline import timeline
from diary_app.figures.words import summary
from tests.diary_app.visit_bundles import (
    DAY_0,
    alert,
    bundle,
    daily,
    day,
    empty,
    entry,
    hwang,
    step,
)

LENGTHS = (1, 7, 31, 90, 365, 1095)


def words(figure: Figure) -> list[str]:
    return [text.text for text in figure.texts]


def of_role(figure: Figure, role: str, kind: type) -> list:
    return [shape for shape in figure.shapes if isinstance(shape, kind) and shape.role == role]


@pytest.mark.parametrize(("width", "compact"), [(740, False), (1200, False), (360, True)])
@pytest.mark.parametrize("made", [*map(daily, LENGTHS), hwang(), empty()])
def test_texts_stay_apart_and_inside_the_figure(made, width, compact):
    figure = timeline(made, width=width, compact=compact)

    boxes = [text.box for text in figure.texts]

    assert all(left >= -0.5 and right <= width + 0.5 for left, _, right, _ in boxes)
    assert all(top >= -0.5 and bottom <= figure.height + 0.5 for _, top, _, bottom in boxes)
    assert not [pair for pair in combinations(boxes, 2) if touches(pair[0], [pair[1]])]


@pytest.mark.parametrize("days", LENGTHS)
def test_the_time_axis_always_names_days_or_months_and_the_year(days):
    texts = words(timeline(daily(days), width=740))

    assert "2025" in texts
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    assert [text for text in texts if text.split()[-1] in months]


def test_the_published_course_shows_every_step_up_and_restart():
    texts = words(timeline(hwang(), width=740))

    assert "start 400 mg" in texts
    assert "restart 100 mg every 2nd day" in texts
    assert "100 -> 200 mg" in texts
    assert "stopped" in texts


def test_a_line_stands_at_each_step_up_and_not_at_a_stop():
    figure = timeline(hwang(), width=740)

    upright = {line.x1 for line in of_role(figure, "step", Line) if line.x1 == line.x2}

    # Four in the lanes (start, restart, daily, 200 mg) and one in the legend.
    assert len(upright) == 5


def test_the_published_course_writes_rash_grade_3_and_fever_on_the_figure():
    texts = words(timeline(hwang(), width=740))

    assert "38.6" in texts
    assert "3" in texts
    assert "38.0" in texts
    assert "37.5" in texts


def test_days_without_an_entry_are_gaps_and_never_zero():
    made = bundle(
        DAY_0,
        day(9),
        entries=(
            entry(0, day(0), grades={"rash": 2}, itch_nrs=4, temperature_value=36.8),
            entry(9, day(9), grades={"rash": 2}, itch_nrs=4, temperature_value=36.8),
        ),
    )

    figure = timeline(made, width=740)

    assert "no entry" in words(figure)
    assert not of_role(figure, "grade_0", Rect)
    assert len(of_role(figure, "grade_2", Rect)) == 2
    assert not of_role(figure, "itch", Polyline)
    dots = of_role(figure, "itch", Circle)
    assert len(dots) == 2
    assert dots[0].y == dots[1].y
    assert len(of_role(figure, "gap", Rect)) == 3 + 1  # three symptom lanes and the legend


def test_a_symptom_that_was_not_asked_draws_nothing_although_the_day_has_an_entry():
    made = bundle(DAY_0, day(6), entries=(entry(3, day(3), temperature_value=37.0),))

    figure = timeline(made, width=740)

    assert not [role for role in range(5) if of_role(figure, f"grade_{role}", Rect)]
    assert not of_role(figure, "itch", Circle)
    assert len(of_role(figure, "temperature", Circle)) == 1


def test_an_asked_zero_is_drawn_as_zero():
    made = bundle(DAY_0, day(6), entries=(entry(3, day(3), grades={"rash": 0}, itch_nrs=0),))

    figure = timeline(made, width=740)

    assert len(of_role(figure, "grade_0", Rect)) == 1
    assert len(of_role(figure, "itch", Circle)) == 1


def test_a_missed_dose_is_hollow_and_a_day_between_doses_is_not_missed():
    made = bundle(
        DAY_0,
        day(6),
        plan=(step(DAY_0, 100, every=2),),
        entries=(
            entry(0, day(0), imatinib_mg_taken=100.0, imatinib_mg_prescribed=100.0),
            entry(1, day(1), imatinib_mg_taken=0.0, imatinib_mg_prescribed=0.0),
            entry(2, day(2), imatinib_mg_taken=0.0, imatinib_mg_prescribed=100.0),
        ),
    )

    circles = of_role(timeline(made, width=740), "imatinib", Circle)

    # One of each kind belongs to the legend.
    assert len([circle for circle in circles if circle.filled]) == 1 + 1
    assert len([circle for circle in circles if not circle.filled]) == 1 + 1


def test_the_legend_says_in_words_what_marks_mean():
    texts = words(timeline(hwang(), width=740))

    assert "hollow: dose missed" in texts
    assert "dashed: every 2nd day" in texts
    assert "gray: no entry" in texts
    assert "U: urgent alert" in texts
    assert "P: same-day alert" in texts


def test_an_urgent_alert_is_a_triangle_with_u_and_a_same_day_alert_a_diamond_with_p():
    made = bundle(
        DAY_0, day(20), alerts=(alert("A", "urgent", day(3)), alert("B", "prompt", day(15)))
    )

    figure = timeline(made, width=740)

    urgent, same_day = (of_role(figure, role, Polygon)[0] for role in ("urgent", "prompt"))
    assert len(urgent.points) == 3
    assert len(same_day.points) == 4
    assert {"U", "P"} <= set(words(figure))


def test_alerts_of_one_day_are_counted_and_the_worst_gives_the_shape():
    made = bundle(
        DAY_0,
        day(20),
        alerts=(
            alert("A", "prompt", day(3)),
            alert("B", "urgent", day(3)),
            alert("C", "prompt", day(3)),
        ),
    )

    assert "U +2" in words(timeline(made, width=740))


def test_the_svg_is_well_formed_and_carries_the_summary():
    made = hwang()

    root = ElementTree.fromstring(to_svg(timeline(made, width=740)))

    name = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{name}svg"
    assert root.findtext(f"{name}desc") == summary(made)
    assert "100 → 200 mg" in [text.text for text in root.iter(f"{name}text")]


def test_the_canvas_draws_every_shape_in_the_colors_of_the_palette():
    figure = timeline(hwang(), width=360, compact=True)

    shapes = to_canvas(figure, DARK)

    hollow = sum(isinstance(s, Circle) and not s.filled for s in figure.shapes)
    assert len(shapes) == len(figure.shapes) + hollow
    drawn = [shape for shape in shapes if isinstance(shape, canvas.Text)]
    assert [text.value for text in drawn] == words(figure)
    assert {text.style.color for text in drawn} <= {DARK[role] for role in TEXT_ROLES}
    assert isinstance(canvas.Canvas(shapes, width=figure.width), ft.Control)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("ground", GROUND_ROLES)
@pytest.mark.parametrize("role", TEXT_ROLES)
def test_text_has_a_contrast_of_at_least_4_5(palette, ground, role):
    assert contrast(palette[role], palette[ground]) >= 4.5


def test_contrast_of_black_on_white_is_21_as_in_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_every_text_uses_a_role_whose_contrast_is_tested():
    for made in (hwang(), daily(90), empty()):
        assert {text.role for text in timeline(made, width=740).texts} <= set(TEXT_ROLES)


def test_the_summary_tells_the_published_course_in_sentences():
    said = summary(hwang())

    assert "400 mg daily from 12 Jan 2009" in said
    assert "100 mg every 2nd day" in said
    assert "Entries on 11 of 151 days." in said
    assert "Highest estimated rash grade: 3, on 12 Apr 2009." in said
    assert "Worst itch: 5 of 10" in said
    assert "Highest temperature: 38.6 degrees C" in said
    assert "Alerts: 2 urgent, 1 same-day." in said


def test_the_summary_of_an_empty_period_claims_nothing():
    said = summary(empty())

    assert "Entries on 0 of 7 days." in said
    assert "Rash was not graded." in said
    assert "Itch was not answered." in said
    assert "No temperature was entered." in said


def test_the_table_says_the_same_with_gaps_as_rows():
    rows = as_table(hwang())

    assert {len(row) for row in rows} == {13}
    crisis = next(row for row in rows if row[0] == "12 Apr 2009")
    assert crisis[1:3] == ["90", "stopped"]
    assert crisis[7:10] == ["3 (maculopapular rash 3)", "5", "38.6"]
    assert "ALT 161 (above the limit)" in crisis[10]
    assert "Neutrophils (ANC) 0.15 (below the limit)" in crisis[10]
    assert crisis[11:] == ["urgent", "1"]
    assert ["12 Jan 2009 to 8 Feb 2009: no entry", *["-"] * 12] in rows
    stepped = next(row for row in rows if row[0] == "2 Jun 2009")
    assert stepped[1:5] == ["0", "200 mg daily", "200 mg", "200 mg"]


def test_days_after_the_bundle_was_made_are_not_gaps():
    made = replace(empty(), last_on=day(30))

    figure = timeline(made, width=740)

    days_drawn = (of_role(figure, "gap", Rect)[0].width) / ((740 - 126 - 34) / 31)
    assert days_drawn == pytest.approx(7)


def test_the_worst_of_several_entries_of_a_day_counts():
    on = date(2025, 3, 1)
    made = bundle(
        on,
        on + timedelta(days=1),
        entries=(
            entry(1, on, temperature_value=38.4, itch_nrs=6),
            entry(2, on, temperature_value=37.1, itch_nrs=2),
        ),
    )

    assert [row[8:10] for row in as_table(made)[1:2]] == [["6", "38.4"]]


def test_no_alert_marker_touches_the_letter_of_another():
    raised = tuple(alert(f"C{n}", "urgent", day(n)) for n in range(28))

    figure = timeline(bundle(DAY_0, day(150), alerts=raised), width=740)

    # The last triangle is that of the legend.
    markers = of_role(figure, "urgent", Polygon)[:-1]
    letters = [text.box for text in figure.texts if text.text.startswith("U") and text.bold]
    assert len(markers) == len(letters) > 1
    for shape in markers:
        across, down = zip(*shape.points, strict=True)
        box = (min(across), min(down), max(across), max(down))
        assert not touches(box, letters)
