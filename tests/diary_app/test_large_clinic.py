"""A desk of many alerts and many patients asks the database as often as one of few."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from db.models import Alert, Assessment, DoseRecord, Entry, Patient
from db.stores import alerting, digests
from db.types import new_id
from diary_app.services.inbox import Inbox, InboxPage
from diary_app.services.roster import Roster
from diary_app.services.summary import Summary
from tests.diary_app.care_house import HOT, beat, keep_entry, kit_for
from tests.people import NOW, House, patient_row

TODAY = NOW.date()


def joined(house: House, number: int, zone: str = "Europe/Berlin") -> Patient:
    row = patient_row(house.clinic_id, f"Q-{number:03d}", f"Patient {number}")
    row.time_zone = zone
    with house.database.writing() as session:
        session.add(row)
    return row


def entry_of(house: House, who: Patient, **answers: object) -> Entry:
    return house.entry(patient_id=who.id, **answers)


def reason(code: str, sentence: str) -> dict[str, object]:
    return HOT | {"code": code, "sentence": sentence}


def judged(house: House, who: Patient, sentence: str, code: str, **about: object) -> None:
    """Keep what the rules made of a patient's day or timer."""
    with house.database.writing() as session:
        session.add(
            Assessment(
                clinic_id=house.clinic_id,
                patient_id=who.id,
                assessed_at=NOW,
                outcome="graded",
                level="urgent",
                reasons=[reason(code, sentence)],
                rules_version="1.0.0",
                **about,
            )
        )


def alert_about(
    house: House, who: Patient, evidence: dict[str, str], *codes: str, entry_id: UUID | None = None
) -> UUID:
    with house.database.writing() as session:
        new = Alert(
            clinic_id=house.clinic_id,
            patient_id=who.id,
            entry_id=entry_id,
            code=f"A-{who.code}",
            level="urgent",
            reason_codes=list(codes),
            raised_at=NOW - timedelta(minutes=9),
            level_since=NOW - timedelta(minutes=9),
            policy={},
            next_look_at=NOW,
        )
        alerting.add_alert(session, house.worker, new)
        alerting.add_event(session, house.worker, new.id, "raised", NOW, evidence)
        return new.id


def fevers(house: House, numbers: range) -> None:
    for number in numbers:
        who = joined(house, number)
        entry_id = keep_entry(house, entry_of(house, who, itch_nrs=5), "urgent", HOT)
        alert_about(house, who, {"entry": str(entry_id)}, str(HOT["code"]), entry_id=entry_id)


@contextmanager
def asked(house: House) -> Iterator[list[str]]:
    """Yield the statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(house.database.engine, "before_cursor_execute", note)


def questions(house: House, act: Callable[[], object]) -> int:
    with asked(house) as sent:
        act()
    return len(sent)


def test_the_inbox_asks_as_often_for_twenty_alerts_as_for_five(
    house: House, tmp_path: Path
) -> None:
    inbox = Inbox(kit_for(house, tmp_path), house.ben)
    fevers(house, range(5))
    few = questions(house, inbox.page)
    fevers(house, range(5, 20))

    assert questions(house, inbox.page) == few < 30
    assert len(inbox.page().rows) == 20


def test_the_summary_asks_as_often_for_twenty_alerts_as_for_five(
    house: House, tmp_path: Path
) -> None:
    summary = Summary(kit_for(house, tmp_path), house.ben)
    fevers(house, range(5))
    summary.page()
    few = questions(house, lambda: summary.page(again=True))
    fevers(house, range(5, 20))
    summary.page()

    assert questions(house, lambda: summary.page(again=True)) == few
    assert sum(bool(row.alerts) for row in summary.page(again=True).rows) == 20


def test_the_list_of_patients_asks_as_often_for_fifty_as_for_ten(
    house: House, tmp_path: Path
) -> None:
    roster = Roster(kit_for(house, tmp_path), house.ben)

    def write(numbers: range) -> None:
        for number in numbers:
            keep_entry(house, entry_of(house, joined(house, number), itch_nrs=2), "none")

    write(range(9))
    few = questions(house, roster.list)
    write(range(9, 49))

    assert questions(house, roster.list) == few
    assert len(roster.list().rows) == 50


def sentences(page: InboxPage) -> dict[str, list[str]]:
    return {row.patient.code: [each.sentence for each in row.reasons] for row in page.rows}


def test_each_alert_has_the_reasons_of_its_own_patient_day_and_timer(
    house: House, tmp_path: Path
) -> None:
    """Two patients with the same kinds of evidence about the same days."""
    yesterday = TODAY - timedelta(days=1)
    for number in (1, 2):
        who = joined(house, number)
        mine = f"of {number}"
        judged(house, who, f"Bilirubin {mine}.", "LAB", lab_on=TODAY)
        judged(house, who, f"Older bilirubin {mine}.", "LAB", lab_on=yesterday)
        alert_about(house, who, {"labs": TODAY.isoformat()}, "LAB")
    for number in (3, 4):
        who = joined(house, number)
        judged(house, who, f"Silence of {number}.", "QUIET", silent_on=yesterday)
        judged(house, who, f"Bilirubin of {number}.", "QUIET", lab_on=yesterday)
        alert_about(house, who, {"silent": yesterday.isoformat()}, "QUIET")
    for number in (5, 6):
        who = joined(house, number)
        judged(house, who, f"Doses of {number}.", "DOSES", dose_on=yesterday)
        alert_about(house, who, {"doses": yesterday.isoformat()}, "DOSES", "NEVER_KEPT")
    for number in (7, 8):
        who = joined(house, number)
        entry_id = keep_entry(house, entry_of(house, who), "urgent")
        judged(house, who, f"No second reading of {number}.", "TIMER", timer_of=entry_id)
        alert_about(house, who, {"entry": str(entry_id)}, "TIMER", entry_id=entry_id)

    assert sentences(Inbox(kit_for(house, tmp_path), house.ben).page()) == {
        "Q-001": ["Bilirubin of 1."],
        "Q-002": ["Bilirubin of 2."],
        "Q-003": ["Silence of 3."],
        "Q-004": ["Silence of 4."],
        "Q-005": ["Doses of 5.", ""],
        "Q-006": ["Doses of 6.", ""],
        "Q-007": ["No second reading of 7."],
        "Q-008": ["No second reading of 8."],
    }


@pytest.mark.parametrize(
    ("zone", "today", "taken"),
    [
        ("Pacific/Auckland", date(2026, 3, 3), 300),
        ("Europe/Berlin", date(2026, 3, 2), 200),
        ("Pacific/Honolulu", date(2026, 3, 2), 200),
    ],
)
def test_the_dose_is_that_of_the_patients_own_day(
    house: House, tmp_path: Path, zone: str, today: date, taken: int
) -> None:
    for number, place in enumerate((zone, "Pacific/Auckland", "Pacific/Honolulu")):
        who = joined(house, number, place)
        with house.database.writing() as session:
            for on, mg in ((date(2026, 3, 2), 200), (date(2026, 3, 3), 300)):
                session.add(
                    DoseRecord(
                        clinic_id=house.clinic_id,
                        patient_id=who.id,
                        diary_on=on,
                        drug="imatinib",
                        how="different",
                        taken_mg=mg,
                        time_zone=place,
                        recorded_at=NOW,
                    )
                )
        alert_about(house, who, {})
    rows = Inbox(kit_for(house, tmp_path), house.ben).page().rows
    (row,) = [row for row in rows if row.patient.code == "Q-000"]

    assert (row.dose.on, row.dose.taken_mg) == (today, taken)


def test_an_alert_of_somebody_no_longer_followed_keeps_its_name(
    house: House, tmp_path: Path
) -> None:
    fevers(house, range(1))
    with house.database.writing() as session:
        (row,) = alerting.inbox(session, house.ben)
        session.get_one(Patient, row.patient_id).active = False

    (shown,) = Inbox(kit_for(house, tmp_path), house.ben).page().rows
    assert shown.patient.name == "Patient 0"


def test_the_list_of_patients_counts_the_newest_version_of_an_entry(
    house: House, tmp_path: Path
) -> None:
    before = house.entry(itch_nrs=9)
    keep_entry(house, before, "urgent", HOT)
    corrected = house.entry(itch_nrs=1, first_id=before.id, version=2, replaces_id=before.id)
    keep_entry(house, corrected, "none")

    (row,) = Roster(kit_for(house, tmp_path), house.ben).list().rows
    assert row.trend is not None
    assert (row.trend.itch[1], row.newest_level) == (1, "none")


def test_the_list_of_patients_shows_the_newest_grade_of_an_entry(
    house: House, tmp_path: Path
) -> None:
    entry_id = keep_entry(house, house.entry(at=NOW - timedelta(days=2)), "prompt")
    again: dict[str, Any] = {
        "clinic_id": house.clinic_id,
        "patient_id": house.ana.actor_id,
        "entry_id": entry_id,
        "rules_version": "2",
    }
    with house.database.writing() as session:
        session.add(
            Assessment(
                **again, assessed_at=NOW, outcome="graded", level="urgent", grades={"rash": 3}
            )
        )
    (row,) = Roster(kit_for(house, tmp_path), house.ben).list().rows
    assert row.trend is not None
    assert (row.newest_level, row.trend.rash[1]) == ("urgent", 3)

    with house.database.writing() as session:
        session.add(Assessment(**again, assessed_at=NOW + timedelta(minutes=1), outcome="failed"))
    (row,) = Roster(kit_for(house, tmp_path), house.ben).list().rows
    assert row.trend is not None
    assert (row.newest_level, row.trend.rash[1]) == (None, None)


def test_an_entry_graded_again_stays_reviewed_and_a_corrected_one_is_listed_again(
    house: House,
) -> None:
    beat(house)
    entry = house.entry(itch_nrs=2, at=NOW - timedelta(days=1))
    keep_entry(house, entry, "digest")

    def waiting() -> list[UUID | None]:
        with house.database.reading(house.clinic_id) as session:
            found = digests.to_review(session, house.ben)
            assert digests.patients_to_review(session, house.ben) == min(len(found), 1)
            return [row.entry_id for row in found]

    assert waiting() == [entry.id]
    with house.database.writing(house.clinic_id) as session:
        ids = [row.id for row in digests.to_review(session, house.ben)]
        digests.review(session, house.ben, ids, NOW)
    assert waiting() == []
    with house.database.writing(house.clinic_id) as session:
        session.add(
            Assessment(
                clinic_id=house.clinic_id,
                patient_id=house.ana.actor_id,
                entry_id=entry.id,
                assessed_at=NOW,
                outcome="graded",
                level="digest",
                rules_version="2",
            )
        )
    assert waiting() == []
    correction = house.entry(
        id=(second := new_id()), itch_nrs=3, first_id=entry.id, version=2, replaces_id=entry.id
    )
    keep_entry(house, correction, "digest")
    assert waiting() == [second]
