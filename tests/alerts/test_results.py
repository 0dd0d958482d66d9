"""Laboratory values come in: kept, graded by themselves and beside the diary, told to the nurse."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from alerts import acknowledge
from alerts.errors import ImpossibleValueError
from alerts.grading.terms import Level
from alerts.intake import UNGRADED, record_entry
from alerts.results import RecordedDay, grade_again, record_labs
from db.access import Viewer
from db.errors import AccessDeniedError, NotFoundError
from db.models import Alert, AlertEvent, Assessment, LabResult
from db.stores import alerting, assessments, treatment
from tests.alerts.mail_server import Mailbox
from tests.alerts.test_worker import Hands, night_shift, rows
from tests.people import NOW, House

TODAY = NOW.date()


def lab(name: str, value: float, unit: str, *, on: date = TODAY, **more: object) -> LabResult:
    return LabResult(taken_on=on, name=name, value=value, unit=unit, **more)


def record(house: House, *labs: LabResult, viewer: Viewer | None = None, at: datetime = NOW):
    nurse = viewer or house.ben
    with house.database.writing() as session:
        for each in labs:
            each.clinic_id, each.entered_by = nurse.clinic_id, nurse.actor_id
        return record_labs(session, nurse, house.ana.actor_id, labs, at)


def one(days: tuple[RecordedDay, ...]) -> RecordedDay:
    (day,) = days
    return day


def codes(day: RecordedDay) -> list[str]:
    return [reason.code for reason in day.reasons]


# The bounds of R9 (clinical.md 9A).
@pytest.mark.parametrize(
    ("labs", "level", "code"),
    [
        ([("anc", 0.49, "10^9/L", None)], Level.URGENT, "R9_ANC_LT_0_5"),
        ([("anc", 490, "/uL", None)], Level.URGENT, "R9_ANC_LT_0_5"),
        ([("anc", 0.5, "10^9/L", None)], Level.PROMPT, "R9_ANC_LT_1_0_LABEL_HOLD"),
        ([("anc", 1.0, "10^9/L", None)], Level.NONE, "NO_CRITERIA_MET"),
        ([("alt", 216, "U/L", 43)], Level.PROMPT, "R9_ALT_GT_5ULN_LABEL_HOLD"),
        ([("alt", 215, "U/L", 43)], Level.DIGEST, "R9_ALT_G2"),
        ([("alt", 3.6, "ukat/L", 0.7)], Level.PROMPT, "R9_ALT_GT_5ULN_LABEL_HOLD"),
        ([("bilirubin", 66.8, "umol/L", 22.23)], Level.PROMPT, "R9_BILIRUBIN_GT_3ULN_LABEL_HOLD"),
        ([("creatinine", 177, "umol/L", 106)], Level.PROMPT, "R9_CREATININE_G2"),
        (
            [("alt", 161, "U/L", 43), ("bilirubin", 3.9, "mg/dL", 1.3)],
            Level.URGENT,
            "R9_HYS_LAW_PATTERN",
        ),
        ([("imatinib_trough", 4000, "ng/mL", None)], Level.NONE, "NO_CRITERIA_MET"),
    ],
)
def test_a_result_has_a_level_of_its_own(house: House, labs, level, code):
    made = one(record(house, *(lab(n, v, u, upper_limit=limit) for n, v, u, limit in labs)))

    assert made.level is level
    assert code in codes(made)
    assert (made.alert_id is not None) is (level >= Level.PROMPT)


def test_a_value_is_graded_by_a_limit_in_another_unit(house: House):
    record(house, lab("creatinine", 1.0, "mg/dL", upper_limit=1.2, on=TODAY - timedelta(days=7)))

    made = one(record(house, lab("creatinine", 177, "umol/L")))

    assert "R9_CREATININE_G2" in codes(made)


def test_an_alert_by_a_result_reaches_the_nurse_by_mail_without_patient_data(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        record(house, lab("anc", 0.15, "10^9/L"))
        worker.run_once()

    assert mailbox.recipients == ["ben@north.example"]
    letter = mailbox.raw[0].decode()
    assert rows(house, Alert)[0].code in letter
    for secret in ("Ana", "P-001", "0.15", "R9_", "Neutrophils", "ANC"):
        assert secret not in letter


def test_the_alert_names_the_day_of_the_values_and_no_entry(house: House):
    made = one(record(house, lab("anc", 0.15, "10^9/L")))

    (alert,) = rows(house, Alert)
    assert (alert.id, alert.entry_id, alert.level) == (made.alert_id, None, "urgent")
    (raised,) = [event for event in rows(house, AlertEvent) if event.kind == "raised"]
    assert raised.detail == {"level": "urgent", "labs": "2026-03-02"}
    with house.database.reading() as session:
        kept = assessments.of_labs(session, house.ben, house.ana.actor_id)
        assert assessments.of_labs(session, house.cleo, house.ana.actor_id) == {}
    assert kept[TODAY].grades == {"lab_anc": 4}
    assert kept[TODAY].inputs["labs"]["anc_1e9_l"] == 0.15


def test_old_values_with_newer_ones_on_record_tell_nobody(house: House):
    days = record(
        house,
        lab("anc", 0.15, "10^9/L", on=TODAY - timedelta(days=30)),
        lab("anc", 2.4, "10^9/L"),
    )

    assert [(day.level, day.outdated, day.alert_id) for day in days] == [
        (Level.URGENT, True, None),
        (Level.NONE, False, None),
    ]


def test_an_old_value_that_is_the_newest_of_its_kind_still_tells_somebody(house: House):
    days = record(
        house,
        lab("anc", 0.15, "10^9/L", on=TODAY - timedelta(days=30)),
        lab("alt", 30, "U/L", upper_limit=43),
    )

    assert days[0].alert_id is not None


def test_a_result_makes_more_of_the_fever_of_the_same_day(house: House):
    with house.database.writing() as session:
        fever = house.entry(temperature_value=38.5, temperature_unit="C")
        first = record_entry(session, house.ana, fever, NOW)
        assert first.alert_id is not None
        acknowledge.close_alert(session, house.ben, first.alert_id, "advice", "", NOW)

    record(house, lab("anc", 0.8, "10^9/L"), at=NOW + timedelta(hours=1))

    with house.database.reading() as session:
        (held,) = alerting.open_alerts_of(session, house.ben, house.ana.actor_id)
        made = assessments.of_entries(session, house.ben, [fever.id])[fever.id]
    assert held.level == "urgent"
    assert "R9_FEBRILE_NEUTROPENIA" in held.reason_codes
    assert "R4_TEMP_GE_38_3" not in held.reason_codes
    assert made.grades["febrile_neutropenia"] == 3


def test_eosinophils_beside_the_rash_of_the_same_day_raise_an_alert(house: House):
    with house.database.writing() as session:
        rash = house.entry(
            rash_present=True, bsa_percent=2, morphology=["macules_papules"], itch_nrs=1
        )
        record_entry(session, house.ana, rash, NOW)

    made = one(record(house, lab("eosinophils", 1250, "/uL")))

    assert made.alert_id is not None
    with house.database.reading() as session:
        held = alerting.alert(session, house.ben, made.alert_id)
    assert held.reason_codes[-1] == "R9_EOS_GT_1_WITH_RASH"


def test_harmless_values_do_not_open_a_closed_fever_again(house: House):
    with house.database.writing() as session:
        fever = house.entry(temperature_value=38.5, temperature_unit="C")
        first = record_entry(session, house.ana, fever, NOW)
        assert first.alert_id is not None
        acknowledge.close_alert(session, house.ben, first.alert_id, "advice", "", NOW)

    made = one(record(house, lab("anc", 3.2, "10^9/L"), at=NOW + timedelta(hours=1)))

    assert made.alert_id is None
    with house.database.reading() as session:
        assert alerting.open_alerts_of(session, house.ben, house.ana.actor_id) == []


def test_values_are_kept_and_the_clinic_is_told_when_grading_raises(house: House):
    def broken(*_: object):
        raise ZeroDivisionError

    with house.database.writing() as session:
        new = lab("anc", 2.4, "10^9/L", clinic_id=house.clinic_id, entered_by=house.ben.actor_id)
        made = one(record_labs(session, house.ben, house.ana.actor_id, [new], NOW, assessor=broken))

    assert made.level is None
    assert [alert.reason_codes for alert in rows(house, Alert)] == [[UNGRADED]]
    assert [row.outcome for row in rows(house, Assessment)] == ["failed"]
    assert [row.value for row in rows(house, LabResult)] == [2.4]


def test_a_value_in_a_unit_of_something_else_keeps_nothing(house: House):
    with pytest.raises(ImpossibleValueError):
        record(house, lab("alt", 40, "U/L"), lab("anc", 2.4, "mg/dL"))

    assert rows(house, LabResult) == []


def test_a_withdrawn_value_is_out_of_every_reading_and_of_the_grades(house: House):
    wrong = lab("anc", 0.15, "10^9/L")
    record(house, wrong)
    with house.database.writing() as session:
        row = treatment.withdraw_lab(session, house.ben, wrong.id, "Wrong patient.", NOW)
        again = grade_again(session, house.ben, row.patient_id, row.taken_on, NOW)

    assert again.level is Level.NONE
    with house.database.reading() as session:
        assert treatment.labs(session, house.ben, house.ana.actor_id) == []
    (kept,) = rows(house, LabResult)
    assert (kept.withdrawn_at, kept.withdrawn_reason, kept.value) == (NOW, "Wrong patient.", 0.15)


def withdraw(house: House, viewer: Viewer, lab_id: UUID) -> None:
    with house.database.writing() as session:
        treatment.withdraw_lab(session, viewer, lab_id, "Wrong unit.", NOW)


def test_a_value_is_withdrawn_once_and_in_its_own_clinic(house: House):
    wrong = lab("anc", 2.4, "10^9/L")
    record(house, wrong)

    with pytest.raises(NotFoundError):
        withdraw(house, house.cleo, wrong.id)
    with pytest.raises(AccessDeniedError):
        withdraw(house, house.ana, wrong.id)
    withdraw(house, house.dora, wrong.id)
    with pytest.raises(NotFoundError):
        withdraw(house, house.ben, wrong.id)


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("cleo", NotFoundError), ("ana", AccessDeniedError), ("admin", AccessDeniedError)],
)
def test_nobody_else_enters_values(house: House, name, refusal):
    with pytest.raises(refusal):
        record(house, lab("anc", 0.15, "10^9/L"), viewer=getattr(house, name))

    assert rows(house, LabResult) == rows(house, Alert) == []
