"""Kept entries graded again by the rules in force: rows are added, alerts stay as they are."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from alerts.grading.rule_limits import rule_set_from_json, rule_set_to_json
from alerts.grading.rules import RULES_VERSION
from alerts.grading.terms import Level
from alerts.intake import record_entry
from alerts.results import record_labs
from db.access import Viewer, viewer_for
from db.errors import AccessDeniedError
from db.models import Alert, AlertEvent, Assessment, AuditEvent, Entry, LabResult
from db.stores import assessments, diary, rules
from diary_app.services.regrading import RegradeError, regrade_clinic
from tests.people import NOW, House

DAY = NOW.date()
LATER = NOW + timedelta(days=3)
LAST = LATER.date()


def told(house: House, hours: float, celsius: float, assessor=None) -> Entry:
    at = NOW + timedelta(hours=hours)
    entry = house.entry(
        at=at,
        temperature_value=celsius,
        temperature_unit="C",
        temperature_site="oral",
        antipyretic_within_6h=False,
        itch_nrs=0,
        bsa_percent=0,
        morphology=[],
        red_flags=[],
        chills="none",
    )
    with house.database.writing() as session:
        record_entry(session, house.ana, entry, at, assessor=assessor)
    return entry


def safe_neutrophils(house: House) -> None:
    lab = LabResult(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        taken_on=DAY,
        name="anc",
        value=2.5,
        unit="10^9/L",
        entered_by=house.ben.actor_id,
        entered_at=NOW,
    )
    with house.database.writing() as session:
        record_labs(session, house.ben, house.ana.actor_id, [lab], NOW)


def in_force(house: House, version: str, at=NOW, **numbers: float) -> None:
    content = rule_set_to_json(rule_set_from_json({"name": version, "version": version} | numbers))
    with house.database.writing() as session:
        made = rules.propose(session, house.admin, content, "Late calls.", NOW)
        rules.keep_what_if(session, house.admin, made, {}, NOW)
        rules.approve(session, house.dora, made, "Late calls.", at)


def regrade(house: House, viewer: Viewer, first: date = DAY, last: date = LAST):
    return regrade_clinic(house.database, viewer, first, last, LATER)


def kept(house: House, kind):
    with house.database.reading() as session:
        return [row.model_dump() for row in session.exec(select(kind).order_by(kind.id))]


def test_adds_an_assessment_by_the_rules_in_force_and_keeps_the_earlier_one(house: House):
    safe_neutrophils(house)
    entry = told(house, 1, 38.1)
    alerts, events = kept(house, Alert), kept(house, AlertEvent)
    before = kept(house, Assessment)
    in_force(house, "north-1", high_fever_celsius=38.0)

    found = regrade(house, house.dora)

    # The day's laboratory values alone are graded too; they were none of anybody's business.
    assert found.moved == {("prompt", "urgent"): 1, ("none", "none"): 1}
    assert [row for row in kept(house, Assessment) if row in before] == before
    with house.database.reading() as session:
        rows = session.exec(
            select(Assessment).where(Assessment.entry_id == entry.id).order_by(Assessment.attempt)
        ).all()
        newest = assessments.of_entries(session, house.ben, [entry.id])[entry.id]
    assert [(row.level, row.rules_version) for row in (rows[0], newest)] == [
        ("prompt", RULES_VERSION),
        ("urgent", "north-1"),
    ]
    assert (kept(house, Alert), kept(house, AlertEvent)) == (alerts, events)
    assert regrade(house, house.dora).added == 0


def test_an_alert_stays_as_loud_as_it_was_when_the_grade_falls(house: House):
    in_force(house, "north-1", high_fever_celsius=38.0)
    safe_neutrophils(house)
    told(house, 1, 38.1)
    in_force(house, "north-2", at=LATER, high_fever_celsius=38.3)
    (alert,) = kept(house, Alert)

    found = regrade(house, house.dora)

    assert found.moved["urgent", "prompt"] == 1
    assert (alert["level"], alert["state"]) == ("urgent", "open")
    assert kept(house, Alert) == [alert]


def test_looks_back_on_what_was_graded_again_before(house: House):
    # 38.0 twice an hour apart is a lasting fever (R4.5); at 37.8 the same holds for 37.9.
    safe_neutrophils(house)
    told(house, 1, 37.9)
    told(house, 2.5, 37.9)
    in_force(house, "north-1", fever_celsius=37.8, raised_celsius=37.4)

    regrade(house, house.dora)

    with house.database.reading() as session:
        rows = diary.entries(session, house.ben, house.ana.actor_id)
        made = assessments.of_entries(session, house.ben, [row.id for row in rows])
    assert [made[row.id].level for row in rows] == ["prompt", "urgent"]


def test_leaves_an_entry_that_was_never_graded_to_the_worker(house: House):
    def broken(*_known):
        raise RuntimeError

    entry = told(house, 1, 39.0, assessor=broken)
    in_force(house, "north-1", high_fever_celsius=38.0)

    found = regrade(house, house.dora)

    assert (found.waiting, found.added) == (1, 0)
    with house.database.reading() as session:
        assert [row.id for row in assessments.ungraded(session, house.worker)] == [entry.id]


def test_only_days_of_the_period_are_graded_again_and_it_is_written_down(house: House):
    told(house, 1, 36.6)
    told(house, 49, 36.6)
    in_force(house, "north-1", high_fever_celsius=38.0)

    found = regrade(house, house.dora, DAY + timedelta(days=1))

    assert found.moved == {(Level.NONE.word, Level.NONE.word): 1}
    (act,) = [each for each in kept(house, AuditEvent) if each["verb"] == "diary.regrade"]
    assert (act["actor_id"], act["patient_id"]) == (house.dora.actor_id, house.ana.actor_id)
    assert act["detail"]["version"] == "north-1"
    assert act["detail"]["added"] == 1


def test_only_who_approves_rules_grades_again_and_no_other_clinic_is_touched(house: House):
    told(house, 1, 36.6)
    in_force(house, "north-1", high_fever_celsius=38.0)
    before = kept(house, Assessment)

    for viewer in (house.ben, house.admin, house.ana):
        with pytest.raises(AccessDeniedError):
            regrade(house, viewer)
    stranger = viewer_for(
        "clinician", clinic_id=house.cleo.clinic_id, actor_id=house.cleo.actor_id, name="Cleo"
    )
    assert regrade(house, stranger).added == 0
    with pytest.raises(RegradeError, match="before the first"):
        regrade(house, house.dora, DAY, DAY - timedelta(days=1))
    assert kept(house, Assessment) == before
