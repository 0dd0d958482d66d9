"""Nothing half-typed is lost, and two windows cannot overwrite each other."""

from datetime import timedelta

import pytest

from db.errors import AccessDeniedError, ConflictError, NotFoundError
from db.models import UploadTicket
from db.stores import drafts
from tests.people import NOW, House


def begun(house: House):
    with house.database.writing() as session:
        return drafts.begin_draft(session, house.ana, {"step": "temperature"}, NOW)


def test_a_draft_is_found_again_by_its_patient_alone(house: House):
    draft = begun(house)

    with house.database.reading() as session:
        found = drafts.open_draft(session, house.ana)
        assert found is not None
        assert found.id == draft.id
        assert drafts.open_draft(session, house.otto) is None
        with pytest.raises(NotFoundError):
            drafts.draft(session, house.otto, draft.id)
        with pytest.raises(AccessDeniedError):
            drafts.draft(session, house.ben, draft.id)


def test_the_second_of_two_windows_is_told_and_the_first_is_kept(house: House):
    draft = begun(house)
    with house.database.writing() as session:
        revision = drafts.save_draft(session, house.ana, draft.id, 0, {"itch_nrs": 3}, NOW)

    with pytest.raises(ConflictError), house.database.writing() as session:
        drafts.save_draft(session, house.ana, draft.id, 0, {"itch_nrs": 9}, NOW)

    with house.database.reading() as session:
        assert drafts.draft(session, house.ana, draft.id).content == {"itch_nrs": 3}
    assert revision == 1


def test_a_draft_is_sent_once(house: House):
    draft = begun(house)
    with house.database.writing() as session:
        first = drafts.mark_sent(session, house.ana, draft.id, NOW)
        second = drafts.mark_sent(session, house.ana, draft.id, NOW)

    assert (first, second) == (True, False)
    with pytest.raises(ConflictError), house.database.writing() as session:
        drafts.save_draft(session, house.ana, draft.id, 0, {}, NOW)


def ticket(house: House, draft_id) -> UploadTicket:
    return UploadTicket(
        clinic_id=house.clinic_id,
        token_hash="t",
        patient_id=house.ana.actor_id,
        draft_id=draft_id,
        expires_at=NOW + timedelta(minutes=10),
    )


def test_a_ticket_works_once_for_its_patient_and_in_time(house: House):
    draft = begun(house)
    with house.database.writing() as session:
        drafts.add_ticket(session, house.ana, ticket(house, draft.id))
    with house.database.writing() as session:
        by_other = drafts.take_ticket(session, house.otto, "t", NOW)
        too_late = drafts.take_ticket(session, house.ana, "t", NOW + timedelta(minutes=10))
        in_time = drafts.take_ticket(session, house.ana, "t", NOW)
        again = drafts.take_ticket(session, house.ana, "t", NOW)

    assert [by_other, too_late, again] == [None, None, None]
    assert in_time is not None
    assert in_time.draft_id == draft.id


def test_nobody_gets_a_ticket_for_another_patients_draft(house: House):
    draft = begun(house)
    foreign = ticket(house, draft.id)
    foreign.patient_id = house.otto.actor_id

    with pytest.raises(NotFoundError), house.database.writing() as session:
        drafts.add_ticket(session, house.otto, foreign)
