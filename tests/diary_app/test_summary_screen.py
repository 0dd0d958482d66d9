"""The summary by name: the screen, the weekly list, the printed page, and the trouble strip."""

from datetime import timedelta
from pathlib import Path

import pytest

from db.models import AuditEvent, Clinic, DigestReview, Notification
from db.stores import outbox
from db.types import new_id
from diary_app.services.summary import Summary
from tests.alerts.test_worker import rows
from tests.diary_app.care_house import beat, hot_evening, keep_entry, kit_for
from tests.diary_app.test_care_screens import on_screen
from tests.ground.screen import Screen
from tests.people import NOW, House

MILD = {
    "code": "R6_PRURITUS_G1",
    "level": "digest",
    "sentence": "Itch 2 of 10.",
    "patient_sentence": "You itch a little.",
    "source": "CTCAE 5.0",
    "values": {},
}


def mild_day(house: House, days_ago: int = 1) -> None:
    at = NOW - timedelta(days=days_ago)
    keep_entry(house, house.entry(at=at, itch_nrs=2), "digest", MILD)


def mailed(house: House, user_id, state: str) -> None:
    notification_id = new_id()
    with house.database.writing() as session:
        outbox.add_notification(
            session,
            house.worker,
            Notification(
                clinic_id=house.clinic_id,
                user_id=user_id,
                kind="digest",
                content={"day": "2026-03-02"},
                message_id=f"<{notification_id}@diary>",
                state=state,
                created_at=NOW - timedelta(hours=13),
                next_attempt_at=NOW,
                sent_at=NOW - timedelta(hours=13) if state == "sent" else None,
            ),
        )


def reads(house: House) -> list[AuditEvent]:
    return [row for row in rows(house, AuditEvent) if row.verb == "patient.read"]


@pytest.mark.parametrize("width", [412.0, 1280.0], ids=["phone", "desk"])
def test_one_line_per_patient_says_who_why_and_how_long(
    house: House, tmp_path: Path, width: float
) -> None:
    beat(house)
    hot_evening(house)
    mild_day(house)
    mailed(house, house.ben.actor_id, "sent")
    mailed(house, house.dora.actor_id, "failed_permanent")

    async def story(screen: Screen) -> None:
        for words in (
            "Open, taken by nobody (1)",
            "Ana Quiet",
            "P-001, born 1 Jun 1955",
            "Alert: Urgent, new",
            "Week: Urgent",
            "Temperature 38.5 C, at or above 38.3 C.",
            "K7Q-4T: waits 12 min, taken by nobody",
            "Wrote today",
            "To review: 1 entry of Sun 1 Mar",
            "Urgent: 1 alert, 1.00 per patient-week; above the budget of 0.05.",
            "Same day: 0 alerts, 0.00 per patient-week; within the budget of 0.30.",
            "The summary of 2 Mar 2026 was sent Mon 2 Mar, 07:04.",
            "Sent to: Ben.",
            "Failed for good: Dora. Tell them yourself.",
            "The daily summary of 2 March 2026 could not be delivered to Dora.",
        ):
            assert screen.shows(words), words

    on_screen(house, tmp_path, house.ben, "/summary", story, width)
    assert [row.patient_id for row in reads(house)] == [house.ana.actor_id]


def test_a_patient_of_the_weekly_list_leaves_it_when_a_nurse_reviewed_it(
    house: House, tmp_path: Path
) -> None:
    mild_day(house, 1)
    mild_day(house, 2)

    async def story(screen: Screen) -> None:
        assert screen.shows("Weekly list (1)")
        assert screen.shows("Itch 2 of 10.")
        assert screen.shows("To review: 2 entries since Sat 28 Feb")
        await screen.click("review-P-001")
        await screen.until(
            lambda: screen.shows("Nobody waits, is silent or is on the weekly list.")
        )

    on_screen(house, tmp_path, house.ben, "/summary", story)
    assert {row.reviewed_by for row in rows(house, DigestReview)} == {house.ben.actor_id}
    assert len(rows(house, DigestReview)) == 2


def test_a_corrected_entry_counts_in_its_newest_version_alone(house: House, tmp_path: Path) -> None:
    mild_day(house)
    first = Summary(kit_for(house, tmp_path), house.ben).page().rows[0].review
    before = house.entry(itch_nrs=2, at=NOW - timedelta(days=2))
    keep_entry(house, before, "digest", MILD)
    after = house.entry(
        itch_nrs=0, at=NOW - timedelta(days=2), first_id=before.id, version=2, replaces_id=before.id
    )
    keep_entry(house, after, "none")

    assert Summary(kit_for(house, tmp_path), house.ben).page().rows[0].review == first


def test_a_silent_patient_is_listed_with_the_days(house: House, tmp_path: Path) -> None:
    keep_entry(house, house.entry(at=NOW - timedelta(days=3)), "none")

    row = Summary(kit_for(house, tmp_path), house.ben).page().rows[0]

    assert (row.group, row.silent_days, row.silent) == ("silent", 3, True)


def test_reading_again_is_written_down_for_those_who_are_new_on_it(
    house: House, tmp_path: Path
) -> None:
    keep_entry(house, house.entry(), "none")
    summary = Summary(kit_for(house, tmp_path), house.ben)
    assert summary.page().rows == ()
    assert reads(house) == []
    hot_evening(house)

    for _round in range(2):
        assert len(summary.page(again=True).rows) == 1

    assert [row.patient_id for row in reads(house)] == [house.ana.actor_id]


def test_the_other_clinic_sees_its_own_summary(house: House, tmp_path: Path) -> None:
    hot_evening(house)

    page = Summary(kit_for(house, tmp_path), house.cleo).page()

    assert [row.patient.name for row in page.rows] == ["Otto Other"]


def test_the_inbox_says_that_a_summary_is_missing_and_leads_to_it(
    house: House, tmp_path: Path
) -> None:
    with house.database.writing() as session:
        session.get(Clinic, house.clinic_id).digest_sent_on = (NOW - timedelta(days=2)).date()

    async def story(screen: Screen) -> None:
        # 20:04 in Berlin: the summary of today was due at 7.
        assert screen.shows("There was no summary from 1 March 2026 to 2 March 2026.")

    on_screen(house, tmp_path, house.ben, "/", story)
