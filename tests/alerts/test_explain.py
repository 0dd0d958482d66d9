"""What would have changed an entry's level, from its rows and by the rules that graded it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from alerts.explain import explain, explain_labs
from alerts.grading.rules import DEFAULT_RULES
from alerts.grading.terms import Level
from alerts.intake import record_entry
from alerts.results import record_labs
from db.errors import NotFoundError
from db.models import Assessment, LabResult
from tests.people import NOW, House

WELL = {
    "temperature_value": 36.8,
    "temperature_unit": "C",
    "temperature_site": "oral",
    "itch_nrs": 0,
    "rash_present": False,
    "red_flags": [],
    "chills": "none",
}


def kept(house: House, at=NOW, **answers):
    entry = house.entry(at=at, **(WELL | answers))
    with house.database.writing() as session:
        record_entry(session, house.ana, entry, at)
        return entry.id


def told(house: House, viewer, entry_id, **more):
    with house.database.reading() as session:
        return explain(session, viewer, entry_id, **more)


def test_tells_nurse_and_patient_the_nearest_urgent_answers(house: House):
    entry_id = kept(house)

    said = told(house, house.ben, entry_id)

    assert "at 38.0 °C" in said.up_sentence
    assert "your temperature reaches 38.0 °C" in told(house, house.ana, entry_id).advice


def test_looks_back_at_the_entries_before_and_not_at_later_ones(house: House):
    rash = {"rash_present": True, "morphology": ["macules_papules"], "itch_nrs": 1}
    kept(house, NOW - timedelta(days=1), **rash, bsa_percent=2)
    entry_id = kept(house, **rash, bsa_percent=5)
    kept(house, NOW + timedelta(hours=2), **rash, bsa_percent=40)

    said = told(house, house.ben, entry_id)

    # 20 points more than the 2 % of the day before (R5.5), long before 31 %.
    assert "would be urgent at 22 % of the skin" in said.up_sentence


def test_explains_results_in_the_unit_of_the_laboratory(house: House):
    result = LabResult(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        taken_on=NOW.date(),
        name="bilirubin",
        value=70,
        unit="umol/L",
        upper_limit=20,
        entered_by=house.ben.actor_id,
        entered_at=NOW,
    )
    with house.database.writing() as session:
        (made,) = record_labs(session, house.ben, house.ana.actor_id, [result], NOW)
        assert made.level is Level.PROMPT

    with house.database.reading() as session:
        said = explain_labs(session, house.ben, house.ana.actor_id, NOW.date())
        other_day = NOW.date() - timedelta(days=1)
        assert explain_labs(session, house.ben, house.ana.actor_id, other_day) is None

    assert said.down_sentence == (
        "Would be on the weekly list with bilirubin at 60 umol/L or less (3 times the upper limit)."
    )


def test_says_nothing_of_an_entry_that_other_rules_graded(house: House):
    entry_id = kept(house)

    assert told(house, house.ben, entry_id, rules=replace(DEFAULT_RULES, version="9")) is None


def test_says_nothing_when_what_is_known_by_now_gives_another_level(house: House):
    entry_id = kept(house)
    with house.database.writing() as session:
        session.add(
            LabResult(
                clinic_id=house.clinic_id,
                patient_id=house.ana.actor_id,
                taken_on=NOW.date(),
                name="anc",
                value=0.4,
                unit="10^9/L",
                entered_by=house.ben.actor_id,
                entered_at=NOW,
            )
        )

    assert told(house, house.ben, entry_id) is None


def test_says_nothing_of_an_entry_that_could_not_be_graded(house: House):
    def broken(*_args):
        raise RuntimeError

    entry = house.entry(**WELL)
    with house.database.writing() as session:
        record_entry(session, house.ana, entry, NOW, assessor=broken)
        assert session.exec(select(Assessment)).one().outcome == "failed"

    assert told(house, house.ben, entry.id) is None


@pytest.mark.parametrize("stranger", ["cleo", "otto"])
def test_another_clinic_finds_no_entry_to_explain(house: House, stranger: str):
    entry_id = kept(house)

    with pytest.raises(NotFoundError):
        told(house, getattr(house, stranger), entry_id)
