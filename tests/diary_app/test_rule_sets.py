"""A clinic changes a threshold: two people, within the limits, after a look at the past."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from alerts.background import rules_in_force
from alerts.escalation.replay import AlertChange
from alerts.grading.rule_limits import RuleSetError
from alerts.grading.rules import RULES_VERSION
from alerts.grading.terms import Level
from alerts.intake import record_entry
from db.access import viewer_for
from db.errors import AccessDeniedError, ConflictError, NotFoundError
from db.models import Alert, Assessment, AuditEvent, LabResult, Patient, RuleSetRow, User
from db.stores import audit, treatment
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.refusals import RefusedError
from diary_app.services.replay import ReplayError, replay
from diary_app.services.rule_form import is_looser
from diary_app.services.rule_sets import RuleSets, in_order
from diary_app.services.verification import verify_installation
from tests.diary_app.care_house import kit_for
from tests.people import NOW, House

CALM = {"itch_nrs": 0, "bsa_percent": 0, "morphology": [], "red_flags": [], "chills": "none"}
LATER = NOW + timedelta(hours=13)


@pytest.fixture
def offices(house: House, tmp_path):
    kit = kit_for(house, tmp_path)
    found = {name: RuleSets(kit, getattr(house, name)) for name in ("ben", "dora", "admin", "cleo")}
    return {**found, "emil": RuleSets(kit, second_clinician(house))}


def second_clinician(house: House):
    """Emil, who works beside Dora."""
    with house.database.writing() as session:
        emil = User(
            clinic_id=house.clinic_id,
            email="emil@north.example",
            name="Emil",
            role="clinician",
            created_at=NOW,
        )
        session.add(emil)
        session.flush()
        return viewer_for("clinician", clinic_id=house.clinic_id, actor_id=emil.id, name=emil.name)


def warm(house: House, at=NOW, celsius=38.1):
    """38.1 with safe neutrophils: a same-day matter by the reviewed rules (R4)."""
    entry = house.entry(
        at=at,
        temperature_value=celsius,
        temperature_unit="C",
        temperature_site="oral",
        antipyretic_within_6h=False,
        **CALM,
    )
    with house.database.writing() as session:
        return record_entry(session, house.ana, entry, at)


def safe_neutrophils(house: House):
    lab = LabResult(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        taken_on=NOW.date() - timedelta(days=1),
        name="anc",
        value=2.5,
        unit="10^9/L",
        entered_by=house.ben.actor_id,
        entered_at=NOW,
    )
    with house.database.writing() as session:
        treatment.add_lab(session, house.ben, lab, NOW)


def stricter(offices, by="admin"):
    return offices[by].propose(
        "Earlier", "north-1", {"high_fever_celsius": 38.0}, "Two late calls."
    )


def in_force(house: House):
    with house.database.reading() as session:
        return rules_in_force(session, house.worker, LATER).version


def test_a_change_takes_two_people(house: House, offices):
    proposal = stricter(offices, by="dora")
    offices["dora"].what_if(proposal)

    with pytest.raises(AccessDeniedError):
        offices["dora"].approve(proposal, "I am sure.")
    with pytest.raises(AccessDeniedError):
        offices["dora"].turn_down(proposal, "I changed my mind.")
    assert in_force(house) == RULES_VERSION

    offices["emil"].approve(proposal, "Two calls were late.")
    assert in_force(house) == "north-1"


def test_a_clinician_approves_and_no_administrator(house: House, offices):
    proposal = stricter(offices, by="dora")
    offices["dora"].what_if(proposal)

    with pytest.raises(AccessDeniedError):
        offices["admin"].approve(proposal, "Fine with me.")
    assert in_force(house) == RULES_VERSION


def test_the_table_itself_refuses_one_person_as_two(house: House, offices):
    proposal = stricter(offices)

    with pytest.raises(IntegrityError), house.database.writing() as session:
        row = session.get_one(RuleSetRow, proposal)
        row.approved_by = row.proposed_by
        session.add(row)


def test_what_was_not_tried_cannot_be_approved(house: House, offices):
    proposal = stricter(offices)

    with pytest.raises(ConflictError, match="what-if"):
        offices["dora"].approve(proposal, "Two calls were late.")
    assert in_force(house) == RULES_VERSION


def test_a_what_if_of_other_content_does_not_count(house: House, offices):
    proposal = stricter(offices)
    offices["dora"].what_if(proposal)
    with house.database.writing() as session:
        row = session.get_one(RuleSetRow, proposal)
        row.content = {**row.content, "itch_severe": 5}
        session.add(row)

    with pytest.raises(ConflictError, match="what-if"):
        offices["dora"].approve(proposal, "Two calls were late.")


@pytest.mark.parametrize(
    ("field", "before", "after", "looser"),
    [
        ("high_fever_celsius", 38.3, 38.0, False),
        ("itch_rise", 4, 5, True),
        ("start_window_days", 56, 28, True),
        ("start_window_days", 56, 90, False),
        ("amber_grades", [2], [2, 3], False),
        ("amber_grades", [2, 3], [2], True),
    ],
)
def test_says_which_way_a_threshold_moves(field, before, after, looser):
    assert is_looser(field, before, after) is looser


def test_a_test_patient_counts_in_no_what_if(house: House, offices):
    safe_neutrophils(house)
    warm(house)
    proposal = stricter(offices)
    with house.database.writing() as session:
        session.get_one(Patient, house.ana.actor_id).is_test = True

    tally = offices["dora"].what_if(proposal).report.tally

    assert (tally.patients, tally.moved.total()) == (0, 0)


def test_lost_and_lowered_alerts_are_named_first():
    def change(before, after):
        return AlertChange(NOW.date(), before, after)

    listed = [
        change(None, "prompt"),
        change("prompt", None),
        change("prompt", "urgent"),
        change("urgent", "prompt"),
        change("urgent", None),
        change(None, "urgent"),
    ]

    named = [(each.before, each.after) for each in sorted(listed, key=in_order)]

    assert named[:3] == [("urgent", "prompt"), ("urgent", None), ("prompt", None)]
    assert named[-1] == (None, "prompt")


@pytest.mark.parametrize(
    ("field", "value", "limit"),
    [
        ("high_fever_celsius", 38.5, "at most 38.3"),
        ("wide_extent_percent", 40, "at most 30"),
        ("anc_safe_days", 10, "at most 7"),
    ],
)
def test_a_looser_number_is_refused_with_its_limit(house: House, offices, field, value, limit):
    with pytest.raises(RuleSetError, match=f"{field} is looser than safety allows.*{limit}"):
        offices["dora"].propose("Looser", "north-1", {field: value}, "Too many calls.")
    assert offices["dora"].page().proposals == ()


def test_no_number_can_be_set_for_a_danger_sign(offices):
    with pytest.raises(RuleSetError, match="'blisters' is not a field of the rules"):
        offices["dora"].propose("Looser", "north-1", {"blisters": 0}, "Too many calls.")


def test_a_proposal_needs_a_reason_and_a_new_version(offices):
    with pytest.raises(UnusableAnswerError, match="reason"):
        offices["dora"].propose("Earlier", "north-1", {}, " ")
    stricter(offices)
    with pytest.raises(ConflictError, match="another version"):
        stricter(offices, by="dora")


def test_an_entry_is_graded_by_the_rules_in_force_and_an_old_one_keeps_its_version(
    house: House, offices
):
    safe_neutrophils(house)
    before = warm(house)
    proposal = stricter(offices)
    offices["admin"].what_if(proposal)
    offices["dora"].approve(proposal, "Two calls were late.")
    after = warm(house, at=LATER)

    assert (before.level, after.level) == (Level.PROMPT, Level.URGENT)
    with house.database.reading() as session:
        kept = session.exec(select(Assessment).where(Assessment.entry_id.is_not(None))).all()
    versions = {row.entry_id: row.rules_version for row in kept}
    assert versions == {before.entry_id: RULES_VERSION, after.entry_id: "north-1"}
    assert all(row.inputs["temperature_input"]["value"] == 38.1 for row in kept)


def test_kept_rules_that_this_program_no_longer_allows_are_not_used(house: House, offices, caplog):
    proposal = stricter(offices)
    offices["admin"].what_if(proposal)
    offices["dora"].approve(proposal, "Two calls were late.")
    with house.database.writing() as session:
        row = session.get_one(RuleSetRow, proposal)
        row.content = {**row.content, "high_fever_celsius": 41}
        session.add(row)
        # As if an older program had allowed it and two people had agreed.
        approved = hashlib.sha256(json.dumps(row.content, sort_keys=True).encode()).hexdigest()
        audit.note(
            session, house.dora, "rules.approve", "rule_set", NOW,
            subject_id=row.id, detail={"version": row.version, "sha256": approved},
        )  # fmt: skip

    assert in_force(house) == RULES_VERSION
    assert "looser than allowed" in caplog.text


def test_rules_written_into_the_database_grade_nothing(house: House, offices, tmp_path, caplog):
    proposal = stricter(offices)
    offices["admin"].what_if(proposal)
    offices["dora"].approve(proposal, "Two calls were late.")
    assert in_force(house) == "north-1"
    kit = kit_for(house, tmp_path)
    assert verify_installation(kit).faults == []

    with house.database.writing() as session:
        row = session.get_one(RuleSetRow, proposal)
        row.content = {**row.content, "high_fever_celsius": 38.2}  # within every limit
        session.add(row)

    assert in_force(house) == RULES_VERSION
    assert "not what was approved" in caplog.text
    assert verify_installation(kit).faults == [
        "The rules north-1 are not those that were approved; the reviewed rules hold."
    ]


def test_a_proposal_marked_as_approved_in_the_database_grades_nothing(house: House, offices):
    proposal = stricter(offices)
    with house.database.writing() as session:
        row = session.get_one(RuleSetRow, proposal)
        row.approved_by, row.approved_at, row.in_force_from = house.dora.actor_id, NOW, NOW
        session.add(row)

    assert in_force(house) == RULES_VERSION


def test_the_what_if_counts_what_would_change_and_changes_nothing(house: House, offices):
    safe_neutrophils(house)
    warm(house)
    with house.database.reading() as session:
        kept = len(session.exec(select(Assessment)).all()), len(session.exec(select(Alert)).all())

    found = offices["dora"].what_if(stricter(offices)).report

    counts = found.counts()
    assert counts["alerts"] == {"appears": 0, "vanishes": 0, "changes": 1}
    assert counts["levels"] == [{"before": "prompt", "after": "urgent", "entries": 1}]
    assert (counts["patients"], counts["patients_concerned"], counts["entries"]) == (1, 1, 1)
    assert counts["red_flag_courses_missed"] == []
    assert found.concerned() == [
        {
            "patient": "P-001",
            "on": "2026-03-02",
            "alert": "changes",
            "before": "prompt",
            "after": "urgent",
        }
    ]
    (proposal,) = offices["admin"].page().proposals
    assert proposal.what_if == counts
    assert "P-001" not in str(proposal.what_if)
    with house.database.reading() as session:
        now = len(session.exec(select(Assessment)).all()), len(session.exec(select(Alert)).all())
    assert now == kept


def test_every_step_is_in_the_audit(house: House, offices):
    proposal = stricter(offices)
    offices["admin"].what_if(proposal)
    offices["dora"].approve(proposal, "Two calls were late.")

    with house.database.reading() as session:
        acts = session.exec(select(AuditEvent).where(AuditEvent.subject_id == proposal)).all()
    assert [(act.verb, act.actor_id) for act in acts] == [
        ("rules.propose", house.admin.actor_id),
        ("rules.what_if", house.admin.actor_id),
        ("rules.approve", house.dora.actor_id),
    ]
    assert len({act.detail["sha256"] for act in acts}) == 1


def test_a_withdrawn_proposal_cannot_be_approved(offices):
    proposal = stricter(offices)
    offices["dora"].what_if(proposal)
    with pytest.raises(AccessDeniedError):
        offices["dora"].withdraw(proposal)
    offices["admin"].withdraw(proposal)

    with pytest.raises(ConflictError, match="no proposal any more"):
        offices["dora"].approve(proposal, "Two calls were late.")
    assert [each.state for each in offices["dora"].page().proposals] == ["withdrawn"]


def test_a_proposal_is_turned_down_with_a_reason_that_is_kept(house: House, offices):
    proposal = stricter(offices)
    with pytest.raises(UnusableAnswerError, match="reason"):
        offices["dora"].turn_down(proposal, " ")
    offices["dora"].turn_down(proposal, "One late call is no pattern.")

    (kept,) = offices["admin"].page().proposals
    assert (kept.state, kept.decided_by) == ("turned down", "Dora")
    assert kept.decision == "One late call is no pattern."
    with house.database.reading() as session:
        acts = session.exec(select(AuditEvent).where(AuditEvent.subject_id == proposal)).all()
    assert [act.verb for act in acts] == ["rules.propose", "rules.turn_down"]


def test_a_what_if_against_rules_that_are_replaced_does_not_count(house: House, offices):
    first, second = (
        offices["admin"].propose(name, name, {"high_fever_celsius": celsius}, "Late calls.")
        for name, celsius in (("north-1", 38.0), ("north-2", 38.2))
    )
    for proposal in (first, second):
        offices["admin"].what_if(proposal)
    offices["dora"].approve(first, "Two calls were late.")

    with pytest.raises(RefusedError, match="changed since the what-if"):
        offices["dora"].approve(second, "Two calls were late.")
    offices["dora"].what_if(second)
    offices["dora"].approve(second, "Two calls were late.")
    assert {each.decided_by for each in offices["admin"].page().proposals} == {"Dora"}


def test_a_what_if_that_misses_a_red_flag_course_cannot_be_approved(house: House, offices):
    proposal = stricter(offices)
    offices["admin"].what_if(proposal)
    with house.database.writing() as session:
        row = session.get_one(RuleSetRow, proposal)
        row.what_if = {**row.what_if, "red_flag_courses_missed": ["airway"]}
        session.add(row)

    with pytest.raises(RefusedError, match="no longer be urgent"):
        offices["dora"].approve(proposal, "Two calls were late.")
    assert in_force(house) == RULES_VERSION


def test_whose_alerts_differ_is_told_to_clinicians_alone_and_audited(house: House, offices):
    safe_neutrophils(house)
    warm(house)
    proposal = stricter(offices)

    assert offices["admin"].what_if(proposal).concerned is None
    (told,) = offices["dora"].what_if(proposal).concerned

    assert (told.patient.name, told.patient.code) == ("Ana Quiet", "P-001")
    assert "38.1" in " ".join(told.change.reasons)
    with house.database.reading() as session:
        acts = session.exec(select(AuditEvent).where(AuditEvent.verb == "patient.read")).all()
    assert [(act.actor_id, act.patient_id) for act in acts] == [
        (house.dora.actor_id, house.ana.actor_id)
    ]


def test_a_period_is_the_last_90_days_or_four_weeks_to_two_years(offices):
    assert offices["dora"].period(None, None) == (date(2025, 12, 3), date(2026, 3, 2))
    for first, last, sentence in (
        (None, date(2026, 3, 3), "future"),
        (date(2026, 2, 4), date(2026, 3, 2), "four weeks"),
        (date(2026, 3, 5), date(2026, 3, 2), "four weeks"),
        (date(2024, 3, 1), date(2026, 3, 2), "two years"),
    ):
        with pytest.raises(UnusableAnswerError, match=sentence):
            offices["dora"].period(first, last)


def test_a_nurse_and_another_clinic_see_nothing(house: House, offices, tmp_path):
    proposal = stricter(offices)
    stranger = viewer_for(
        "clinician", clinic_id=house.cleo.clinic_id, actor_id=house.cleo.actor_id, name="Cleo"
    )
    elsewhere = RuleSets(kit_for(house, tmp_path), stranger)

    with pytest.raises(AccessDeniedError):
        offices["ben"].page()
    assert elsewhere.page().proposals == ()
    with pytest.raises(NotFoundError):
        elsewhere.what_if(proposal)
    with pytest.raises(NotFoundError):
        elsewhere.approve(proposal, "No.")


def test_a_replay_of_another_clinic_counts_its_own_patients_alone(house: House):
    from alerts.grading.rules import DEFAULT_RULES

    warm(house)
    stranger = viewer_for(
        "clinician", clinic_id=house.cleo.clinic_id, actor_id=house.cleo.actor_id, name="Cleo"
    )
    day = NOW.date()

    found = replay(house.database, stranger, DEFAULT_RULES, day, day, NOW)

    assert (found.tally.patients, found.entries) == (1, 0)
    with pytest.raises(ReplayError, match="before the first"):
        replay(house.database, stranger, DEFAULT_RULES, day, day - timedelta(days=1), NOW)
