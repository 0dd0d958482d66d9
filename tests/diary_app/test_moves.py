"""Follow-up that ends, goes on, and moves to another clinic with the whole diary."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from alerts import due, reminders, silence
from alerts.acknowledge import close_alert
from db.access import Viewer, viewer_for, worker_viewer
from db.errors import AccessDeniedError, ConflictError, NotFoundError
from db.models import DueRow
from db.photos import clean_photo
from db.stores import alerting, audit, diary, people, reminding, treatment
from diary_app.demo.pictures import rash_photo
from diary_app.services.appointments import Appointments
from diary_app.services.facts import Facts, MedicineForm
from diary_app.services.invitations import check_link
from diary_app.services.kit import Kit
from diary_app.services.moves import Moves
from diary_app.services.people import invite_patient
from diary_app.services.refusals import LinkError, RefusedError
from diary_app.services.roster import Roster
from diary_app.services.visit import Visits
from tests.diary_app.care_house import hot_evening, keep_alert, keep_entry, keep_photo_row, kit_for
from tests.people import NOW, House

TODAY = NOW.date()


def acts(house: House, viewer: Viewer) -> list[tuple[str, UUID | None]]:
    """What the audit of the viewer's clinic says, newest first."""
    auditor = viewer_for(
        "administrator", clinic_id=viewer.clinic_id, actor_id=viewer.actor_id, name="Auditor"
    )
    with house.database.reading() as session:
        assert audit.first_broken_link(session, viewer.clinic_id) is None
        return [(row.verb, row.patient_id) for row in audit.events(session, auditor)]


def test_ending_takes_the_patient_out_of_list_reminders_and_silence(
    house: House, tmp_path: Path
) -> None:
    kit = kit_for(house, tmp_path)
    with house.database.writing() as session:
        ana = people.patient(session, house.worker, house.ana.actor_id)
        reminders.lay_out(session, house.worker, ana, NOW)
    silent = keep_alert(house, "S1L-3N", "prompt", None, "R11_NO_ENTRY_7D")

    Moves(kit, house.ben).end(house.ana.actor_id, "finished")

    assert Roster(kit, house.ben).list().rows == ()
    with house.database.reading() as session:
        closed = alerting.alert(session, house.ben, silent)
        waiting = reminding.waiting_of(session, house.worker, house.ana.actor_id)
    assert (closed.state, closed.closed_by, closed.outcome) == (
        "closed",
        house.ben.actor_id,
        "no_action",
    )
    evening = max(row.due_at for row in waiting)
    due.carry_out(house.database, house.clinic_id, evening)
    with house.database.reading() as session:
        assert alerting.inbox(session, house.ben) == []
        assert reminding.waiting_of(session, house.worker, house.ana.actor_id) == []
    assert acts(house, house.ben)[0] == ("patient.end", house.ana.actor_id)
    (left,) = Moves(kit, house.ben).page().left
    assert (left.patient.code, left.reason, left.by, left.can_resume) == (
        "P-001",
        "finished",
        "Ben",
        True,
    )


def test_an_open_alert_must_be_closed_by_a_person_first(house: House, tmp_path: Path) -> None:
    hot_evening(house)
    moves = Moves(kit_for(house, tmp_path), house.ben)
    assert moves.leaving(house.ana.actor_id).open_codes == ("K7Q-4T",)
    with pytest.raises(RefusedError, match="still open: K7Q-4T"):
        moves.end(house.ana.actor_id, "finished")
    assert [
        row.patient.code for row in Roster(kit_for(house, tmp_path), house.ben).list().rows
    ] == ["P-001"]


def test_an_ended_patient_cannot_come_in_and_cannot_be_invited(
    house: House, tmp_path: Path
) -> None:
    kit = kit_for(house, tmp_path)
    link = invite_patient(kit, house.ben, house.ana.actor_id, NOW)
    Moves(kit, house.ben).end(house.ana.actor_id, "own_wish")
    with pytest.raises(NotFoundError):
        invite_patient(kit, house.ben, house.ana.actor_id, NOW)
    with pytest.raises(LinkError, match="no longer works"):
        check_link(kit, link.url.rpartition("/")[2], "patient", NOW)


def test_ending_twice_is_refused_and_a_wrong_reason_too(house: House, tmp_path: Path) -> None:
    moves = Moves(kit_for(house, tmp_path), house.ben)
    with pytest.raises(ValueError, match="why the follow-up ends"):
        moves.end(house.ana.actor_id, "bored")
    moves.end(house.ana.actor_id, "died")
    with pytest.raises(ConflictError):
        moves.end(house.ana.actor_id, "died")


def test_taken_back_at_once_the_silence_goes_on_as_before(house: House, tmp_path: Path) -> None:
    Moves(kit_for(house, tmp_path), house.ben).end(house.ana.actor_id, "by_mistake")
    Moves(kit_for(house, tmp_path, now=NOW + timedelta(hours=1)), house.ben).resume(
        house.ana.actor_id
    )
    with house.database.reading() as session:
        ana = people.patient(session, house.worker, house.ana.actor_id)
        begun = silence.counted_from(session, house.worker, ana)
    assert ana.active
    assert begun == TODAY - timedelta(days=199)
    assert acts(house, house.ben)[0] == ("patient.resume", house.ana.actor_id)


def test_days_without_follow_up_are_no_silence(house: House, tmp_path: Path) -> None:
    keep_entry(house, house.entry(at=NOW - timedelta(days=1)), "none")
    Moves(kit_for(house, tmp_path), house.ben).end(house.ana.actor_id, "elsewhere")
    back = NOW + timedelta(days=30)
    Moves(kit_for(house, tmp_path, now=back), house.ben).resume(house.ana.actor_id)
    with house.database.writing() as session:
        ana = people.patient(session, house.worker, house.ana.actor_id)
        reminders.lay_out(session, house.worker, ana, back)
        days = {
            row.local_day: row
            for row in reminding.waiting_of(session, house.worker, ana.id)
            if row.kind == "silence"
        }
        assert min(days) == back.date()
        first: DueRow = days[back.date() + timedelta(days=1)]
        assert silence.judge(session, house.worker, first, first.due_at) == ("done", "silent")


def test_an_offer_changes_nothing_until_it_is_accepted(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    ben, cleo = Moves(kit, house.ben), Moves(kit, house.cleo)
    ben.offer(house.ana.actor_id, house.cleo.clinic_id)

    (offer,) = cleo.page().to_us
    assert (offer.patient.name, offer.clinic, offer.by) == ("Ana Quiet", "North clinic", "Ben")
    assert cleo.waiting_for_us() == 1
    assert ben.waiting_for_us() == 0
    with pytest.raises(NotFoundError):
        Roster(kit, house.cleo).page(house.ana.actor_id)
    assert len(Roster(kit, house.ben).list().rows) == 1
    with pytest.raises(ConflictError, match="offered to another clinic already"):
        ben.offer(house.ana.actor_id, house.cleo.clinic_id)

    ben.withdraw(offer.id)
    assert cleo.page().to_us == ()
    with pytest.raises(NotFoundError):
        cleo.accept(offer.id, "S-001")
    assert ("handover.withdrawn", house.ana.actor_id) in acts(house, house.ben)


def test_a_declined_patient_stays(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    Moves(kit, house.ben).offer(house.ana.actor_id, house.cleo.clinic_id)
    (offer,) = Moves(kit, house.cleo).page().to_us
    with pytest.raises(NotFoundError):
        Moves(kit, house.ben).decline(offer.id)
    Moves(kit, house.cleo).decline(offer.id)
    assert Moves(kit, house.ben).page().by_us == ()
    assert [row.patient.code for row in Roster(kit, house.ben).list().rows] == ["P-001"]


def with_photo(house: House, kit: Kit, folder: Path, entry_id: UUID) -> UUID:
    photo_id = keep_photo_row(house, entry_id)
    (folder / "rash.jpg").write_bytes(rash_photo(1))
    kit.vault.put(photo_id, clean_photo(folder / "rash.jpg"))
    return photo_id


def test_whoever_takes_over_has_the_whole_diary_and_the_other_clinic_follows_no_more(
    house: House, tmp_path: Path
) -> None:
    kit = kit_for(house, tmp_path)
    alert_id = hot_evening(house)
    with house.database.writing() as session:
        (entry,) = diary.entries(session, house.ben, house.ana.actor_id)
        close_alert(session, house.ben, alert_id, "advice", "Phoned her.", NOW)
    photo_id = with_photo(house, kit, tmp_path, entry.id)
    Facts(kit, house.ben).add(house.ana.actor_id, MedicineForm("Ramipril", "5 mg"))
    soon = (TODAY + timedelta(days=7)).isoformat()
    Appointments(kit, house.ben).add(house.ana.actor_id, soon, "09:30", "30")
    Moves(kit, house.ben).offer(house.ana.actor_id, house.cleo.clinic_id)
    (offer,) = Moves(kit, house.cleo).page().to_us

    with pytest.raises(ConflictError, match="already has this code"):
        Moves(kit, house.cleo).accept(offer.id, "p-001")
    new_id = Moves(kit, house.cleo).accept(offer.id, "S-007")

    assert Roster(kit, house.ben).list().rows == ()
    row = next(row for row in Roster(kit, house.cleo).list().rows if row.patient.code == "S-007")
    assert (row.patient.id, row.silent_days, row.newest_level) == (new_id, 0, "urgent")
    page = Visits(kit, house.cleo).whole(new_id, TODAY - timedelta(days=300), TODAY)
    (there,) = page.entries
    assert (there.id == entry.id, there.level, there.grades) == (
        False,
        "urgent",
        {"fever": 1, "pruritus": 2},
    )
    assert (there.answers["temperature_text"], there.answers["words"]) == ("38,5", "I feel hot.")
    assert [(step.imatinib_mg, step.author) for step in page.plan] == [(400, "Dora")]
    (alert,) = page.alerts
    assert (alert.state, alert.outcome, alert.closed_by, alert.entry_id) == (
        "closed",
        "advice",
        "Ben",
        there.id,
    )
    assert alert.code != "K7Q-4T"
    raised = next(event for event in alert.events if event.kind == "raised")
    assert raised.detail["entry"] == str(there.id)
    (photo,) = page.photos
    assert (photo.id == photo_id, photo.entry_id, photo.is_kept) == (False, there.id, True)
    assert len(photo.picture) > 1000
    assert [(line.name, line.added_by) for line in page.medicines] == [("Ramipril", "Ben")]
    assert page.visits == ()  # agreed with the clinic that she left

    assert Moves(kit, house.ben).page().left[0].can_resume is False
    with pytest.raises(ConflictError, match="Another clinic follows"):
        Moves(kit, house.ben).resume(house.ana.actor_id)
    assert acts(house, house.ben)[0] == ("patient.moved_out", house.ana.actor_id)
    assert {verb for verb, whose in acts(house, house.cleo) if whose == new_id} == {
        "diary.import",
        "patient.moved_in",
        "handover.accepted",
        "patient.export",
    }
    with house.database.reading() as session:
        assert treatment.plan(session, worker_viewer(house.cleo.clinic_id), new_id) != []


def test_nobody_takes_over_with_an_open_alert_and_nothing_is_half_done(
    house: House, tmp_path: Path
) -> None:
    kit = kit_for(house, tmp_path)
    hot_evening(house)
    Moves(kit, house.ben).offer(house.ana.actor_id, house.cleo.clinic_id)
    (offer,) = Moves(kit, house.cleo).page().to_us
    with pytest.raises(RefusedError, match="still open"):
        Moves(kit, house.cleo).accept(offer.id, "S-007")
    assert [row.patient.code for row in Roster(kit, house.cleo).list().rows] == ["P-001"]
    assert len(Roster(kit, house.ben).list().rows) == 1


def test_administrators_and_patients_end_nothing(house: House, tmp_path: Path) -> None:
    for viewer in (house.admin, house.ana):
        with pytest.raises(AccessDeniedError):
            Moves(kit_for(house, tmp_path), viewer).end(house.ana.actor_id, "finished")
