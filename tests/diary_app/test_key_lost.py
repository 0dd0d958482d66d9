"""The master key is gone in the middle of a story: who still hears what, and who is told."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from db.keyring import attach
from db.photos.vault import PhotoVault
from db.resealing import standing
from diary_app.services import authenticator, staff_invitations
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.doors import Visitor
from diary_app.services.health import health
from diary_app.services.inbox import Inbox
from diary_app.services.kit import Kit
from diary_app.services.people import invite_staff
from diary_app.services.photos import keep_photo
from diary_app.services.refusals import RefusedError
from diary_app.services.reminding import PatientReminders
from diary_app.services.totp import code_of, step_at
from diary_app.services.visit import Visits
from diary_app.services.ways import Ways
from diary_app.state.faults import AnswerRefusedError
from tests.alerts.mail_server import Mailbox, mail_server
from tests.alerts.test_worker import worker_to
from tests.db.test_sealing import jpeg
from tests.diary_app.patient_house import Desk, desk_for, save
from tests.people import NOW, ZONE, House

WORDS = "My eyelids are swollen shut since Tuesday"
UNREADABLE = "Cannot be read without the key."


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return desk_for(house, tmp_path)


def lose_key(desk: Desk, folder: Path) -> Desk:
    """What `diary serve` holds open after a start without the key."""
    ring = attach(desk.house.database, None)
    kit = replace(
        desk.kit,
        vault=PhotoVault(folder / "photos", None, ring),
        ring=ring,
        key_trouble="The key file master.key is missing.",
    )
    return replace(desk, kit=kit)


def test_alerts_go_out_and_nothing_is_silently_blank(desk: Desk, tmp_path: Path) -> None:
    before = save(desk.diary(), temperature_text="38,6", words=WORDS)
    nurse = Inbox(desk.kit, desk.house.ben)
    (row,) = nurse.page().rows
    nurse.add_note(row.alert_id, "She cannot open her eyes")
    assert desk.diary().entry_view(before.entry_id).answers["words"] == WORDS

    desk = lose_key(desk, tmp_path)
    desk.clock.pass_(hours=14)
    later = save(desk.diary(), temperature_text="39,4", words="I am shivering")

    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        worker_to(desk.house, port, desk.clock).run_once()
    assert "ben@north.example" in mailbox.recipients
    inbox = Inbox(desk.kit, desk.house.ben)
    assert inbox.page().trouble.key_lost
    page = inbox.open(row.alert_id)
    assert UNREADABLE in str(page)
    assert "eyes" not in str(page)
    mine = desk.diary()
    assert mine.entry_view(before.entry_id).answers["words"] == UNREADABLE
    assert mine.entry_view(later.entry_id).answers["words"] == "I am shivering"
    (reason,) = (each for each in health(desk.kit, desk.clock(), worker_expected=False).reasons)
    assert "free text and photos cannot be read" in reason

    today = desk.clock().date()
    doctor = Visits(desk.kit, desk.house.dora)
    archive = doctor.archive(desk.house.ana.actor_id, NOW.date(), today, lambda *_told: None)
    with ZipFile(BytesIO(archive)) as tables:
        entries = next(name for name in tables.namelist() if name.endswith("entries.csv"))
        assert UNREADABLE in tables.read(entries).decode()


def test_what_would_be_lost_or_kept_open_for_good_is_refused(desk: Desk, tmp_path: Path) -> None:
    before = save(desk.diary(), itch_nrs=4, words=WORDS)
    desk = lose_key(desk, tmp_path)
    with pytest.raises(AnswerRefusedError, match="once the clinic has put the key back"):
        desk.diary().correct(before.entry_id)
    draft = desk.diary().begin("full")
    picture = tmp_path / "rash.jpg"
    picture.write_bytes(jpeg())
    with pytest.raises(RefusedError, match="send the entry without it"):
        keep_photo(desk.kit, desk.house.ana, draft.id, picture, desk.clock())
    assert list(desk.kit.vault.photo_ids()) == []

    save(desk.diary(), draft, itch_nrs=5, words="Kept open until the key is back")
    (north, *_others) = [
        each
        for each in standing(desk.house.database, desk.kit.ring, desk.kit.vault)
        if each.clinic_id == desk.house.clinic_id
    ]
    assert north.values[0] > 0


def join(kit: Kit, token: str, now: datetime) -> None:
    page = staff_invitations.begin(kit, token, "", now)
    staff_invitations.finish(
        kit,
        token,
        page.state,
        password="green lamps hum softly",
        again="green lamps hum softly",
        code=code_of(page.secret, step_at(now)),
        device="",
        now=now,
    )


def test_nothing_is_sealed_that_the_key_would_never_open_when_it_is_back(
    desk: Desk, tmp_path: Path
) -> None:
    invitation = invite_staff(
        desk.kit, desk.house.admin, "nora@north.example", "Nora", "nurse", desk.clock()
    )
    token = invitation.url.rsplit("/", 1)[1]
    kit, now = lose_key(desk, tmp_path).kit, desk.clock()
    nurse = Visitor("", "staff", desk.house.ben, "en", ZONE, locked=False)
    new = authenticator.begin(kit, nurse)

    with pytest.raises(UnusableAnswerError, match="key is missing"):
        Ways(kit, desk.house.ben).add_email("Ward", "ward@north.example")
    with pytest.raises(AnswerRefusedError, match="key is missing"):
        PatientReminders(kit, desk.house.ana).add_email("ana@home.example")
    with pytest.raises(RefusedError, match="key is missing"):
        authenticator.finish(kit, nurse, new.state, code_of(new.secret, step_at(now)), now)
    with pytest.raises(RefusedError, match="key is missing"):
        join(kit, token, now)

    # The key is back: the same link goes on, and what is kept opens.
    join(desk.kit, token, now)
