"""Looking back: the calendar, the course as figures and in words, and the clinic's answers."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from alerts import acknowledge
from db.errors import AccessDeniedError
from db.models import Entry, PlanStep
from db.stores import alerting
from db.stores import diary as entries
from diary_app.figures.own_chart import own_chart
from diary_app.figures.own_points import points
from diary_app.figures.own_words import summary, table
from diary_app.figures.shapes import Circle, Figure, Line, Polyline, Rect
from diary_app.services.course import PatientCourse
from diary_app.state.calendar import weeks_of
from diary_app.state.course import ChartDay, ChartStep, CourseChart
from diary_app.state.course_words import answer_lines, day_name
from diary_app.state.faults import NotInDiaryError
from tests.diary_app.patient_house import Desk, desk_for, save
from tests.people import NOW, House

TODAY = date(2026, 3, 2)


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    built = desk_for(house, tmp_path)
    built.beat()
    return built


def add(desk: Desk, days_ago: int, **answers: object) -> Entry:
    """Keep an entry that nobody graded."""
    with desk.house.database.writing() as session:
        row = desk.house.entry(at=NOW - timedelta(days=days_ago), **answers)
        entries.add_entry(session, desk.house.ana, row, NOW)
        return row


def on_day(desk: Desk, days_ago: int, **answers: object) -> UUID:
    """Write and save an entry that many days before today."""
    desk.clock.now = NOW - timedelta(days=days_ago)
    sent = save(desk.diary(), **answers)
    desk.clock.now = NOW
    return sent.entry_id


def alert_of(desk: Desk) -> UUID:
    with desk.house.database.reading() as session:
        return alerting.alerts_of(session, desk.house.ben, desk.house.ana.actor_id)[-1].id


# --- the calendar


def test_each_day_says_what_the_patient_was_told(desk: Desk) -> None:
    on_day(desk, 1, red_flags=["bleeding"])
    on_day(desk, 2, rash_present=True, handprints=12, morphology=["macules_papules"], adl="none")
    on_day(desk, 12)
    add(desk, 40, itch_nrs=1)

    march, january = desk.diary().course.month(None), desk.diary().course.month(date(2026, 1, 20))
    february = desk.diary().course.month(date(2026, 2, 1))

    assert march.days[date(2026, 3, 1)].marks == ("urgent",)
    assert february.days[date(2026, 2, 28)].marks == ("prompt",)
    assert february.days[date(2026, 2, 18)].marks == ("entry",)
    assert january.days[date(2026, 1, 21)].marks == ("unchecked",)
    assert set(march.days) == {date(2026, 3, 1)}
    assert (march.today, march.earliest) == (TODAY, date(2026, 1, 21))


def test_a_day_is_named_in_words_and_never_called_fine(desk: Desk) -> None:
    on_day(desk, 1, red_flags=["bleeding"])
    add(desk, 1)
    on_day(desk, 0)
    month = desk.diary().course.month(None)

    names = [day_name(month, date(2026, 3, day)) for day in (1, 2, 3)]

    assert names == [
        "Sunday, March 1: entry, you were told to call at once. 2 entries. One could not be"
        " checked",
        "Monday, March 2, today: entry saved",
        "Tuesday, March 3: in the future",
    ]
    february = desk.diary().course.month(date(2026, 2, 1))
    assert day_name(february, date(2026, 2, 3)) == "Tuesday, February 3: no entry"


def test_a_correction_counts_once_and_as_it_is_now(desk: Desk) -> None:
    diary = desk.diary()
    first = save(diary, red_flags=["bleeding"])
    save(diary, diary.correct(first.entry_id), red_flags=[])

    month = diary.course.month(None)

    assert month.days[TODAY].marks == ("entry",)
    assert len(diary.day(TODAY)) == 1


def test_weeks_begin_on_monday_and_hold_every_day_once() -> None:
    weeks = weeks_of(date(2026, 3, 1))

    assert weeks[0] == (*[None] * 6, date(2026, 3, 1))
    assert weeks[-1][:2] == (date(2026, 3, 30), date(2026, 3, 31))
    assert [on.day for week in weeks for on in week if on] == list(range(1, 32))
    assert len(weeks_of(date(2026, 2, 1))) == 5  # 1 February 2026 is a Sunday


def test_only_patients_look_back_on_their_own_diary(desk: Desk) -> None:
    on_day(desk, 0, red_flags=["bleeding"])

    others = desk.diary(desk.house.otto)

    assert others.course.month(None).days == {}
    assert others.course.answers() == others.day(TODAY) == ()
    assert others.course.chart("all").days == ()
    with pytest.raises(AccessDeniedError):
        PatientCourse(desk.kit, desk.house.ben)


# --- the course


def course(*days: ChartDay, length: int = 14, unit: str = "C", steps: int = 0) -> CourseChart:
    """A course up to 2 March; from its first day 100 mg, from ``steps`` days ago 200 mg."""
    first_on = TODAY - timedelta(days=length - 1)
    plan = [ChartStep(first_on, 100, 1, None)]
    if steps:
        plan.append(ChartStep(TODAY - timedelta(days=steps), 200, 1, None))
    begun = tuple(step.starts_on for step in plan)
    return CourseChart(first_on, TODAY, unit, days, plan, begun)  # type: ignore[arg-type]


def of_role(figure: Figure, role: str, kind: type) -> list:
    return [shape for shape in figure.shapes if isinstance(shape, kind) and shape.role == role]


def ago(days: int, **told: object) -> ChartDay:
    return ChartDay(TODAY - timedelta(days=days), **told)  # type: ignore[arg-type]


def test_a_period_is_read_with_its_gaps_doses_and_steps(desk: Desk) -> None:
    house = desk.house
    with house.database.writing() as session:
        session.add(
            PlanStep(
                clinic_id=house.clinic_id,
                patient_id=house.ana.actor_id,
                starts_on=TODAY - timedelta(days=4),
                imatinib_mg=600,
                author_id=house.dora.actor_id,
                approved_at=NOW,
            )
        )
    on_day(desk, 3, itch_nrs=4, temperature_text="38,6", temperature_value=38.6,
           temperature_unit="C", temperature_site="oral", adl="none")  # fmt: skip
    on_day(desk, 3, itch_nrs=2, imatinib_mg_taken=0.0)
    on_day(desk, 9, rash_present=True, handprints=3, morphology=["macules_papules"], adl="none",
           itch_nrs=None)  # fmt: skip

    chart = desk.diary().course.chart("weeks")

    nine, three = chart.days
    assert (nine.itch, nine.celsius, nine.rash_percent) == (None, None, 3)
    assert (three.itch, three.celsius, three.rash_percent) == (4, 38.6, 0)
    assert (three.imatinib_mg, three.imatinib_due_mg) == (400, 600)
    assert (chart.first_on, chart.last_on) == (date(2026, 2, 21), TODAY)
    assert chart.step_ups[-1] == date(2026, 2, 26)
    assert points(chart).gaps == (
        (date(2026, 2, 22), date(2026, 2, 26)),
        (date(2026, 2, 28), TODAY),
    )


def test_a_day_without_an_answer_is_no_point_and_not_zero() -> None:
    figure = own_chart(course(ago(5, itch=3), ago(4), ago(3, itch=2)), width=360)

    assert len(of_role(figure, "itch", Circle)) == 2
    assert of_role(figure, "itch", Polyline) == []
    assert of_role(figure, "rash", Rect) == []
    assert [row.facts[0] for row in table(course(ago(4)))[:2] if row.facts] == ["itch not answered"]


def test_a_rash_without_a_size_is_neither_none_nor_small() -> None:
    chart = course(ago(5, rash_words="unsized"), ago(4, rash_words="everywhere"))

    figure = own_chart(chart, width=360)

    assert len(of_role(figure, "rash_unsized", Rect)) == 2
    assert {"?", "all over"} <= {text.text for text in figure.texts}
    assert "On 1 day the size of the rash was not given." in summary(chart)
    assert "Rash nearly everywhere on Thursday, February 26." in summary(chart)


def test_each_step_is_an_upright_line_with_the_days_since() -> None:
    figure = own_chart(course(ago(0, itch=1), steps=4), width=360)

    rules = {round(line.x1) for line in of_role(figure, "step", Line) if line.x1 == line.x2}
    texts = [text.text for text in figure.texts]
    assert len(rules) == 2
    assert "100 -> 200 mg" in texts
    assert "4" in texts
    assert "Today is day 4 since imatinib was last started or raised." in figure.description


@pytest.mark.parametrize(("length", "every"), [(400, 1), (401, 7), (1096, 7)])
def test_beyond_400_days_each_point_is_the_worst_of_its_week(length: int, every: int) -> None:
    days = [ago(n, itch=9 if n == 100 else 1, celsius=36.6) for n in range(length)]
    chart = course(*reversed(days), length=length)

    shown = points(chart)

    assert shown.every == every
    assert len(shown.days) <= 400
    assert [day.itch for day in shown.days].count(9) == 1
    assert sum(row.facts[0] == "itch 9 of 10" for row in table(chart) if row.facts) == 1
    assert len(own_chart(chart, width=360).shapes) < 1500


def test_a_missed_dose_of_a_week_is_still_told() -> None:
    days = [
        ago(n, imatinib_mg=0.0 if n == 100 else 100.0, imatinib_due_mg=100.0) for n in range(401)
    ]
    chart = course(*reversed(days), length=401)

    told = [row for row in table(chart) if "planned dose not taken" in row.facts]

    assert len(told) == 1
    assert len(of_role(own_chart(chart, width=360), "imatinib", Circle)) == 1


def test_an_off_day_is_not_a_missed_dose() -> None:
    chart = course(ago(1, imatinib_mg=0.0, imatinib_due_mg=0.0))

    assert of_role(own_chart(chart, width=360), "imatinib", Circle) == []
    assert "no imatinib" in table(chart)[1].facts


def test_who_measures_in_fahrenheit_reads_fahrenheit() -> None:
    chart = course(ago(1, celsius=38.0), unit="F")

    texts = [text.text for text in own_chart(chart, width=360).texts]

    assert {"100.4", "99.5", "Temperature, °F"} <= set(texts)
    assert "Highest temperature: 100.4 °F" in summary(chart)
    assert any("100.4 °F" in row.facts for row in table(chart))


@pytest.mark.parametrize("width", [300, 360, 800])
@pytest.mark.parametrize("length", [7, 30, 400, 1096])
def test_no_text_of_the_chart_leaves_it_and_all_are_large(width: int, length: int) -> None:
    days = [ago(n, itch=n % 11, celsius=38.4, rash_percent=n % 90) for n in range(length)]
    figure = own_chart(
        course(*reversed(days), length=length, steps=min(4, length - 1)), width=width
    )

    boxes = [text.box for text in figure.texts]

    assert all(left >= -0.5 and right <= width + 0.5 for left, _, right, _ in boxes)
    assert all(top >= -0.5 and bottom <= figure.height + 0.5 for _, top, _, bottom in boxes)
    assert min(text.size for text in figure.texts) >= 14


# --- the clinic's answers


def test_the_patient_learns_who_took_it_and_how_it_ended_but_no_note(desk: Desk) -> None:
    entry_id = on_day(desk, 0, red_flags=["bleeding"])
    course, ben = desk.diary().course, desk.house.ben
    raised = course.answer_about(entry_id)
    desk.clock.pass_(minutes=9)
    with desk.house.database.writing() as session:
        alert_id = alert_of(desk)
        alerting.acknowledge(session, ben, alert_id, desk.clock.now)
        alerting.add_event(
            session, ben, alert_id, "noted", desk.clock.now, {"text": "Sounds anxious."}
        )
    taken = course.answer_about(entry_id)
    desk.clock.pass_(hours=14)
    with desk.house.database.writing() as session:
        alerting.close(session, ben, alert_id, "seen_same_day", desk.clock.now)
    closed = course.answer_about(entry_id)

    assert raised is not None
    assert answer_lines(raised) == (
        "Monday, March 2, 20:04: your clinic was alerted at once.",
        "Nobody has confirmed it yet. If you are worried, do not wait: call the clinic.",
    )
    assert taken is not None
    assert answer_lines(taken)[1:] == ("Monday, March 2, 20:13: Ben took it on.",)
    assert closed is not None
    assert answer_lines(closed)[2:] == ("Tuesday, March 3, 10:13: You were seen the same day.",)
    assert "anxious" not in repr(closed)
    assert course.answers() == (closed,)


def test_an_entry_that_an_open_alert_took_in_tells_of_that_alert(desk: Desk) -> None:
    first = on_day(desk, 0, red_flags=["bleeding"])
    desk.clock.pass_(minutes=5)
    second = save(desk.diary(), red_flags=["bleeding"]).entry_id
    quiet = save(desk.diary()).entry_id
    course = desk.diary().course

    about = course.answer_about(second)

    assert about is not None
    assert about.about == (first, TODAY)
    assert course.answer_about(quiet) is None


def test_a_corrected_entry_keeps_what_was_done_about_it(desk: Desk) -> None:
    diary = desk.diary()
    first = save(diary, red_flags=["bleeding"])
    second = save(diary, diary.correct(first.entry_id), red_flags=[])

    (answer,) = diary.course.answers()

    assert answer.about == (second.entry_id, TODAY)
    assert diary.course.answer_about(second.entry_id) == answer


def test_the_first_screen_tells_of_the_newest_answer_for_three_days(desk: Desk) -> None:
    on_day(desk, 0, red_flags=["bleeding"])
    before = desk.diary().today().answer
    with desk.house.database.writing() as session:
        alerting.close(session, desk.house.ben, alert_of(desk), "advice", NOW)
    after = desk.diary().today().answer
    desk.clock.pass_(days=3)

    assert before is None
    assert after is not None
    assert answer_lines(after)[-1] == "Monday, March 2, 20:04: Ben gave you advice by phone."
    assert desk.diary().today().answer is None


@pytest.mark.parametrize("outcome", acknowledge.OUTCOMES)
def test_every_outcome_has_words_for_the_patient(desk: Desk, outcome: str) -> None:
    on_day(desk, 0, red_flags=["bleeding"])
    with desk.house.database.writing() as session:
        alerting.close(session, desk.house.ben, alert_of(desk), outcome, NOW)

    told = answer_lines(desk.diary().course.answers()[0])[-1]

    assert told != "Monday, March 2, 20:04: Ben closed it."
    assert not {"fine", "well", "normal", "no action"} & set(told.lower().split())


def test_another_patients_entry_tells_nothing(desk: Desk) -> None:
    entry_id = on_day(desk, 0, red_flags=["bleeding"])

    with pytest.raises(NotInDiaryError):
        desk.diary(desk.house.otto).course.answer_about(entry_id)
