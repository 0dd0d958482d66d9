"""An entry comes in."""

from datetime import timedelta

import pytest
from sqlmodel import select

from alerts.grading.terms import Level
from alerts.intake import UNGRADED, record_entry
from db.errors import AccessDeniedError, ConflictError, NotFoundError
from db.models import Alert, Assessment, AuditEvent, Entry, Notification
from db.stores import assessments, diary
from tests.people import NOW, House


def count(house: House, table: type) -> int:
    with house.database.reading() as session:
        return len(session.exec(select(table)).all())


def test_a_fever_raises_an_urgent_alert_in_the_same_transaction(house: House):
    with house.database.writing() as session:
        made = record_entry(
            session,
            house.ana,
            house.entry(temperature_value=38.6, temperature_unit="C", temperature_site="oral"),
            NOW,
        )

    assert made.level is Level.URGENT
    with house.database.reading() as session:
        alert = session.exec(select(Alert)).one()
        queued = session.exec(select(Notification)).all()
        assessment = session.exec(select(Assessment)).one()
    assert (alert.id, alert.level, alert.state) == (made.alert_id, "urgent", "open")
    assert "R4_TEMP_GE_38_3" in alert.reason_codes
    assert [row.user_id for row in queued] == [house.ben.actor_id]
    assert assessment.grades["fever"] == 1
    assert assessment.temperature_celsius == 38.6


def test_nothing_is_kept_when_the_transaction_does_not_commit(house: House):
    with pytest.raises(ZeroDivisionError), house.database.writing() as session:
        record_entry(
            session, house.ana, house.entry(temperature_value=38.6, temperature_unit="C"), NOW
        )
        _ = 1 / 0

    assert [count(house, t) for t in (Entry, Assessment, Alert, Notification, AuditEvent)] == [
        0,
        0,
        0,
        0,
        0,
    ]


def test_a_quiet_entry_raises_nothing(house: House):
    with house.database.writing() as session:
        made = record_entry(
            session,
            house.ana,
            house.entry(
                temperature_value=36.6,
                temperature_unit="C",
                temperature_site="oral",
                itch_nrs=0,
                rash_present=False,
                bsa_percent=0,
                morphology=[],
                red_flags=[],
            ),
            NOW,
        )

    assert made.level is Level.NONE
    assert count(house, Alert) == 0


def test_keeps_the_entry_and_tells_the_clinic_when_grading_raises(house: House, caplog):
    def broken(*_args):
        raise RuntimeError("itch was 7, says Ana Quiet")

    entry = house.entry(itch_nrs=7, words="it burns")
    with house.database.writing() as session:
        made = record_entry(session, house.ana, entry, NOW, assessor=broken)

    assert made.level is None
    assert count(house, Entry) == 1
    with house.database.reading() as session:
        assert session.exec(select(Assessment)).one().outcome == "failed"
        assert session.exec(select(Alert)).one().reason_codes == [UNGRADED]
        assert [row.id for row in assessments.ungraded(session, house.worker)] == [entry.id]
    assert "Ana" not in caplog.text
    assert "burns" not in caplog.text


def test_a_half_written_grading_leaves_no_trace_when_it_raises(house: House, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError

    monkeypatch.setattr("alerts.intake.alarm.raise_alert", broken)
    with house.database.writing() as session:
        made = record_entry(
            session, house.ana, house.entry(temperature_value=39.0, temperature_unit="C"), NOW
        )

    assert made.level is None
    assert made.alert_id is None
    assert count(house, Entry) == 1
    with house.database.reading() as session:
        assert [row.outcome for row in session.exec(select(Assessment))] == ["failed"]


def test_the_same_fever_again_within_twelve_hours_updates_the_alert(house: House):
    for hours in (0, 3):
        at = NOW + timedelta(hours=hours)
        with house.database.writing() as session:
            record_entry(
                session,
                house.ana,
                house.entry(at=at, temperature_value=38.6, temperature_unit="C"),
                at,
            )

    assert count(house, Alert) == 1
    assert count(house, Entry) == 2


def test_a_worse_entry_raises_the_open_alert(house: House):
    with house.database.writing() as session:
        first = record_entry(session, house.ana, house.entry(itch_nrs=8), NOW)
    later = NOW + timedelta(hours=1)
    with house.database.writing() as session:
        second = record_entry(
            session, house.ana, house.entry(at=later, red_flags=["breathing_difficulty"]), later
        )

    assert (first.level, second.level) == (Level.PROMPT, Level.URGENT)
    assert first.alert_id == second.alert_id
    with house.database.reading() as session:
        alert = session.exec(select(Alert)).one()
    assert alert.level == "urgent"
    assert {"R6_PRURITUS_G3_LIKE", "R1_AIRWAY_EMERGENCY"} <= set(alert.reason_codes)


def test_a_correction_is_a_new_version_and_the_first_stays(house: House):
    first = house.entry(itch_nrs=2)
    with house.database.writing() as session:
        record_entry(session, house.ana, first, NOW)
    with house.database.writing() as session:
        record_entry(session, house.ana, house.entry(itch_nrs=3, replaces_id=first.id), NOW)

    with house.database.reading() as session:
        shown = diary.entries(session, house.ana, house.ana.actor_id)
        kept = diary.versions(session, house.ana, first.id)
    assert [(row.version, row.itch_nrs) for row in shown] == [(2, 3)]
    assert [(row.version, row.itch_nrs) for row in kept] == [(1, 2), (2, 3)]


def test_two_windows_correct_the_same_entry_and_the_second_is_told(house: House):
    first = house.entry(itch_nrs=2)
    with house.database.writing() as session:
        record_entry(session, house.ana, first, NOW)
    with house.database.writing() as session:
        record_entry(session, house.ana, house.entry(itch_nrs=3, replaces_id=first.id), NOW)

    with pytest.raises(ConflictError), house.database.writing() as session:
        record_entry(session, house.ana, house.entry(itch_nrs=4, replaces_id=first.id), NOW)


def test_nobody_writes_into_another_patients_diary(house: House):
    with pytest.raises(AccessDeniedError), house.database.writing() as session:
        record_entry(session, house.otto, house.entry(itch_nrs=2), NOW)


def test_another_clinic_cannot_read_the_entry(house: House):
    entry = house.entry(itch_nrs=2)
    with house.database.writing() as session:
        record_entry(session, house.ana, entry, NOW)

    with house.database.reading() as session, pytest.raises(NotFoundError):
        diary.entry(session, house.cleo, entry.id)
