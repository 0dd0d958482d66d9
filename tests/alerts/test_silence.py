"""Silent days with a real database. Ana's plan began 100 days before Monday, 2 March 2026."""

from sqlmodel import select

from alerts import silence
from alerts.intake import UNGRADED, record_entry
from db.models import Alert, Assessment, Consent, PlanStep
from db.stores import treatment
from diary_app.services import alert_page
from diary_app.services.alert_changes import with_changes
from tests.alerts.test_reminders import MONDAY, fates, local, look, on, write
from tests.people import House


def days(house: House, first: int, last: int) -> None:
    """The worker looks every morning of these days."""
    for n in range(first, last + 1):
        look(house, local(on(n), "09:00"))


def judged(house: House) -> dict[int, tuple[str | None, str]]:
    """Days after Monday -> level and first code of the silence."""
    with house.database.reading() as session:
        rows = session.exec(select(Assessment).where(Assessment.patient_id == house.ana.actor_id))
        return {
            (row.silent_on - MONDAY).days: (
                row.level,
                row.reasons[0]["code"] if row.reasons else "",
            )
            for row in rows
            if row.silent_on is not None
        }


def alerts(house: House) -> list[Alert]:
    with house.database.reading() as session:
        return list(
            session.exec(
                select(Alert)
                .where(Alert.patient_id == house.ana.actor_id)
                .order_by(Alert.raised_at)
            )
        )


def test_silence_after_a_concern_calls_on_the_second_day_and_every_further_one(house: House):
    """The first row of R11: D28 of the vignettes, with one more day."""
    look(house, local(MONDAY, "09:00"))
    concern(house)
    days(house, 1, 4)

    assert judged(house) == {
        1: ("none", "R11_PATIENT_REMINDER_ONLY"),
        2: ("prompt", "R11_NO_ENTRY_48H_AFTER_CONCERN"),
        3: ("prompt", "R11_NO_ENTRY_PERSISTS"),
    }
    raised = [alert for alert in alerts(house) if alert.entry_id is None]
    assert [alert.level for alert in raised] == ["prompt", "prompt"]
    assert fates(house, "silence")[0] == ("done", "entry_there")

    with house.database.reading() as session:
        page = alert_page.read(session, house.ben, raised[0].id, local(on(4), "09:00"))
    assert page.reasons[0].sentence == (
        "No entry for 2 days, after a symptom of estimated grade 2 or more."
    )
    found = with_changes(house.database, house.ben, page).changes
    assert found is not None
    assert (found.about, found.on, found.level) == ("silence", on(2), "prompt")
    # R11: the first day without an entry reminds the patient alone.
    assert found.lines[-1][0] == "none"
    assert "after 1 day without an entry" in found.lines[-1][1]


def concern(house: House) -> None:
    """An itch of estimated grade 2 on Monday evening."""
    at = local(MONDAY, "20:00")
    with house.database.writing() as session:
        entry = house.entry(
            at=at, diary_on=MONDAY, local_time="20:00", itch_nrs=5, itch_extent="widespread"
        )
        record_entry(session, house.ana, entry, at)


def test_an_entry_that_comes_late_lowers_no_alert(house: House):
    look(house, local(MONDAY, "09:00"))
    concern(house)
    days(house, 1, 3)
    before = [(alert.level, alert.state) for alert in alerts(house)]
    write(house, local(on(3), "10:00"))
    look(house, local(on(3), "10:01"))

    assert [(alert.level, alert.state) for alert in alerts(house)] == before


def test_silence_without_a_concern_is_listed_after_a_week_and_calls_nobody(house: House):
    look(house, local(MONDAY, "09:00"))
    write(house, local(MONDAY, "20:00"))
    days(house, 1, 8)

    assert judged(house)[6] == ("none", "R11_PATIENT_REMINDER_ONLY")
    assert judged(house)[7] == ("digest", "R11_NO_ENTRY_7D")
    assert alerts(house) == []


def test_silence_within_a_window_calls_on_the_second_day(house: House):
    step = PlanStep(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        starts_on=MONDAY,
        imatinib_mg=600,
        author_id=house.dora.actor_id,
        approved_at=local(MONDAY, "08:00"),
    )
    with house.database.writing() as session:
        treatment.change_plan(session, house.dora, house.ana.actor_id, [step], step.approved_at)
    look(house, local(MONDAY, "09:00"))
    write(house, local(MONDAY, "20:00"))
    # The worker rests for three days: each of them is judged all the same, and in order.
    look(house, local(on(4), "09:00"))

    assert [(n, level) for n, (level, _) in judged(house).items()] == [
        (1, "none"),
        (2, "prompt"),
        (3, "prompt"),
    ]
    assert judged(house)[2][1] == "R11_NO_ENTRY_48H_IN_WINDOW"
    assert len(alerts(house)) == 1  # the same minute, so one alert holds both


def test_a_new_patient_counts_from_the_day_after_they_agreed(house: House):
    with house.database.writing() as session:
        session.add(
            Consent(
                clinic_id=house.clinic_id,
                patient_id=house.ana.actor_id,
                version="1",
                text_sha256="0" * 64,
                language="en",
                agreed_at=local(on(1), "15:00"),
            )
        )
    look(house, local(MONDAY, "09:00"))
    days(house, 1, 9)

    assert min(judged(house)) == 2
    assert fates(house, "silence")[1] == ("done", "not_begun")
    assert judged(house)[8] == ("digest", "R11_NO_ENTRY_7D")


def test_a_silence_that_cannot_be_judged_is_told_and_stops_no_other(house: House, monkeypatch):
    look(house, local(MONDAY, "09:00"))

    def broken(*_args):
        raise RuntimeError("Ana Quiet")

    monkeypatch.setattr(silence, "assess", broken)
    look(house, local(on(1), "09:00"))

    [alert] = alerts(house)
    assert (alert.level, alert.reason_codes) == ("prompt", [UNGRADED])
    assert fates(house, "silence")[0] == ("done", "ungraded")
