"""Free text and photos in the database and on the disk: sealed, bound to their place, changed."""

import gc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from weakref import ref

import pytest
from PIL import Image
from sqlalchemy import CheckConstraint, Engine, String, Text, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select
from sqlmodel.sql.sqltypes import AutoString

from db.engine import open_database
from db.errors import ImpossibleValueError, KeyMissingError, TamperedError
from db.keyring import Keyring, attach, sealed_columns
from db.keys import MasterKey
from db.models import METADATA, Draft, Entry, Photo, PlanStep
from db.photos import clean_photo
from db.photos.vault import PhotoVault
from db.resealing import Resealed, Standing, renew_key, reseal, standing
from db.sealing import UNREADABLE, Unreadable
from db.stores import audit, diary, drafts
from db.types import new_id
from tests.db.full_house import FullHouse, build_full_house
from tests.people import ENGINE, NOW, House, build_house

KEY = MasterKey(bytes(range(32)))
OTHER_KEY = MasterKey(bytes(32))
WORDS = "My eyelids are swollen shut since Tuesday"

# Text that is not sealed, and why: docs/keys.md says it to the security officer.
OPEN = {
    "a name, code, address or number that is searched, sorted or sent to": (
        "clinic.name clinic.phone clinic.emergency_number clinic.hours user.email user.name"
        " patient.code patient.name patient.phone alert.code alert_event.actor_name"
        " contact_way.label follow_up_change.by_name follow_up_change.clinic_name"
        " handover.offered_by handover.settled_by team.name rota.name api_token.name sign_in.device"
        " api_write.key"
    ),
    "a sentence of ours without patient data, for messages that leave": (
        "task.sentence notification.receipt notification.error contact_way.disabled_because"
        " upload_ticket.refusal notification.held_because due_row.because"
    ),
    "about thresholds, not about a patient": (
        "rule_set.name rule_set.version rule_set.reason rule_set.decision rule_set.what_if_of"
    ),
    "a measurement that is graded, as it was typed": "entry.temperature_text lab_result.unit",
    "a word of ours, a clock time, a version or an identifier": (
        "clinic.time_zone clinic.language heartbeat.name sign_in_attempt.key used_once.key"
        " audit_event.actor_role audit_event.verb audit_event.subject_kind audit_event.hash"
        " patient.time_zone patient.language patient.temperature_unit user.language"
        " consent.version consent.language consent.answer consent_text.version entry.local_time"
        " entry.time_zone follow_up_change.reason hospital_identity.issuer"
        " hospital_identity.subject passkey.credential_id passkey.name reminder_rule.local_time"
        " rota_shift.starts rota_shift.ends weekly_report.time_zone weekly_report.instrument"
        " assessment.rules_version assessment.ctcae_version dose_record.taken_clock"
        " dose_record.time_zone due_row.key due_row.local_time alert_event.kind notification.way"
        " notification.level notification.message_id notification.lease_owner photo.region"
        " photo.doubt"
    ),
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = build_house(tmp_path)
    yield found
    found.database.close()


def keep(house: House, **answers: object) -> Entry:
    entry = house.entry(**answers)
    with house.database.writing(house.clinic_id) as session:
        diary.add_entry(session, house.ana, entry, NOW)
    return entry


def words_of(house: House, entry: Entry) -> str:
    with house.database.reading(house.clinic_id) as session:
        return diary.entry(session, house.ana, entry.id).words


def raw(session: Session, query: str, **values: object) -> list[str]:
    return [str(row[0]) for row in session.connection().execute(text(query), values)]


def jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 48), (200, 120, 110)).save(file, "JPEG")
    return file.getvalue()


def test_words_are_read_as_written_and_stand_nowhere_in_the_database(
    house: House, tmp_path: Path
) -> None:
    attach(house.database, KEY)
    entry = keep(house, words=WORDS)
    with house.database.writing(house.clinic_id) as session:
        draft = drafts.begin_draft(session, house.ana, {"words": WORDS, "itch_nrs": 4}, NOW)
        drafts.save_draft(session, house.ana, draft.id, 0, {"words": WORDS + "!"}, NOW)

    with house.database.reading(house.clinic_id) as session:
        assert diary.entry(session, house.ana, entry.id).words == WORDS
        assert session.exec(select(Entry.words)).one() == WORDS
        assert drafts.draft(session, house.ana, draft.id).content == {"words": WORDS + "!"}
        stored = raw(session, "SELECT words FROM entry") + raw(session, "SELECT content FROM draft")
    assert all(each and "eyelids" not in each for each in stored)
    if ENGINE == "sqlite":
        house.database.forget()
        files = tmp_path.glob("diary.db*")
        assert not any(b"eyelids" in file.read_bytes() for file in files)


def test_what_is_graded_and_who_must_know_stays_readable_without_a_key(house: House) -> None:
    attach(house.database, KEY)
    keep(house, words=WORDS, itch_nrs=9, red_flags=["mucosal"])
    with house.database.reading(house.clinic_id) as session:
        assert raw(session, "SELECT itch_nrs FROM entry") == ["9"]
        assert raw(session, "SELECT CAST(red_flags AS TEXT) FROM entry") == ['["mucosal"]']


@pytest.mark.parametrize("swapped", ["row", "clinic"])
def test_a_sealed_text_opens_in_its_own_place_alone(house: House, swapped: str) -> None:
    attach(house.database, KEY)
    with house.database.writing() as session:
        step = session.exec(select(PlanStep).where(PlanStep.patient_id == house.ana.actor_id)).one()
        step.reason = "Rash in the last week"
        session.add(step)
        mine = {**step.model_dump(), "id": new_id(), "starts_on": NOW.date(), "reason": "Itch"}
        session.add(other := PlanStep(**mine))
        session.flush()
        own = raw(session, "SELECT reason FROM plan_step WHERE reason <> ''")[0]
        assert own.startswith("~sealed~1~")
        where = {"kept": own, "id": other.id.hex if ENGINE == "sqlite" else str(other.id)}
        if swapped == "row":
            session.connection().execute(
                text("UPDATE plan_step SET reason = :kept WHERE id = :id"), where
            )
        if swapped == "clinic":
            south = house.cleo.clinic_id
            where["clinic"] = south.hex if ENGINE == "sqlite" else str(south)
            session.connection().execute(
                text("UPDATE plan_step SET reason = :kept, clinic_id = :clinic WHERE id = :id"),
                where,
            )
        session.expire_all()
        read = session.exec(select(PlanStep.reason).where(PlanStep.id == other.id)).one()
    assert read == UNREADABLE


def test_a_sealed_text_does_not_open_in_another_column(house: House) -> None:
    attach(house.database, KEY)
    entry = keep(house, words=WORDS)
    with house.database.writing(house.clinic_id) as session:
        (sealed,) = raw(session, "SELECT words FROM entry")
        draft = drafts.begin_draft(session, house.ana, {"kind": "full"}, NOW)
        # The entry's very words, in a draft of the entry's own id.
        session.connection().execute(
            text("UPDATE draft SET content = :content, id = :id WHERE id = :old"),
            {
                "content": f'{{"words": "{sealed}"}}',
                "id": entry.id.hex if ENGINE == "sqlite" else str(entry.id),
                "old": draft.id.hex if ENGINE == "sqlite" else str(draft.id),
            },
        )
        session.expire_all()
        moved = session.exec(select(Draft).where(Draft.id == entry.id)).one()
        assert moved.content == {"words": UNREADABLE}


def test_a_change_of_one_bit_is_told(house: House) -> None:
    attach(house.database, KEY)
    with house.database.writing() as session:
        step = session.exec(select(PlanStep).where(PlanStep.patient_id == house.ana.actor_id)).one()
        step.reason = "Rash in the last week"
        session.add(step)
        session.flush()
        (kept,) = raw(session, "SELECT reason FROM plan_step WHERE reason <> ''")
        changed = kept[:-6] + ("A" if kept[-6] != "A" else "B") + kept[-5:]
        session.connection().execute(
            text("UPDATE plan_step SET reason = :changed WHERE reason = :kept"),
            {"changed": changed, "kept": kept},
        )
        session.expire_all()
        assert session.exec(select(PlanStep.reason).where(PlanStep.id == step.id)).one() == (
            UNREADABLE
        )


def test_words_that_do_not_know_their_place_are_not_written(house: House) -> None:
    """A statement that forgets to say whose row it is would leave the words unsealed."""
    attach(house.database, KEY)
    table = METADATA.tables["plan_step"]
    with house.database.writing(house.clinic_id) as session, pytest.raises(Exception) as caught:  # noqa: PT011
        session.connection().execute(table.update().values(reason="Typed by hand"))
    assert "place" in str(caught.value)
    assert isinstance(caught.value.__cause__ or caught.value, ImpossibleValueError)


def found(house: House, ring: Keyring, vault: PhotoVault) -> Standing:
    every = standing(house.database, ring, vault)
    return next(each for each in every if each.clinic_id == house.clinic_id)


class CutError(Exception):
    """The process was killed here."""


def after(rounds: int):
    told = []

    def progress(_done: int) -> None:
        told.append(1)
        if len(told) == rounds:
            raise CutError

    return progress


def photos_of(full: FullHouse, folder: Path, ring: Keyring | None) -> tuple[PhotoVault, list]:
    vault = PhotoVault(folder / "photos", KEY, ring)
    clean = clean_photo(jpeg())
    with full.house.database.writing() as session:
        every = list(session.exec(select(Photo)))
        for photo in every:
            vault.put(photo.id, clean)
            photo.sha256_kept = clean.sha256_kept
            session.add(photo)
    return vault, every


def test_a_diary_from_before_is_sealed_step_by_step_and_goes_on_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.resealing.ROWS_AT_ONCE", 1)
    full = build_full_house(tmp_path)
    house = full.house
    for n in range(4):
        keep(house, words=f"{WORDS} {n}")
    with house.database.writing() as session:
        before = sorted(raw(session, "SELECT words FROM entry"))
        chain = audit.last_link(session, house.clinic_id)
    _vault, photos = photos_of(full, tmp_path, None)

    ring = attach(house.database, KEY)
    vault = PhotoVault(tmp_path / "photos", KEY, ring)
    north = found(house, ring, vault)
    assert north.left == north.values[0] + north.photos[0] > 5
    with house.database.reading() as session:  # and it is read meanwhile as it is
        assert sorted(session.exec(select(Entry.words)).all()) == before
    with pytest.raises(CutError):
        reseal(house.database, ring, vault, house.clinic_id, NOW, after(3))
    half = found(house, ring, vault).left
    assert half == north.left - 3

    done = reseal(house.database, ring, vault, house.clinic_id, NOW)

    assert done.unreadable == 0
    assert done.values + done.photos == half
    assert found(house, ring, vault).left == 0
    with house.database.reading() as session:
        assert sorted(session.exec(select(Entry.words)).all()) == before
        assert not any("eyelids" in each for each in raw(session, "SELECT words FROM entry"))
        assert audit.last_link(session, house.clinic_id) == chain
        assert audit.first_broken_link(session, house.clinic_id) is None
    assert all(vault.verify(photo.id, photo.sha256_kept) for photo in photos)
    assert vault.sealed_by(photos[0].id) == (house.clinic_id, 1)


def test_a_key_is_changed_while_others_write(tmp_path: Path) -> None:
    full = build_full_house(tmp_path)
    house = full.house
    url = house.database.engine.url.render_as_string(hide_password=False)
    running, rotating = house.database, open_database(url)
    attach(running, KEY)
    ring = attach(rotating, KEY)
    vault = PhotoVault(tmp_path / "photos", KEY, ring)
    first = keep(house, words=WORDS)

    assert renew_key(rotating, ring, house.clinic_id) == 2
    second = keep(house, words="Written while the key is changed")
    with running.reading(house.clinic_id) as session:
        kept = raw(session, "SELECT words FROM entry WHERE words LIKE '~sealed~%'")
    assert sorted(each[:10] for each in kept) == ["~sealed~1~", "~sealed~2~"]
    assert found(house, ring, vault).is_cut_off
    reseal(rotating, ring, vault, house.clinic_id, NOW)

    assert (words_of(house, first), words_of(house, second)) == (
        WORDS,
        "Written while the key is changed",
    )
    end = found(house, ring, vault)
    assert (end.left, end.values[1], end.is_cut_off) == (0, 0, False)
    rotating.close()


def test_what_is_only_added_to_can_be_changed_by_nothing_else(house: House) -> None:
    attach(house.database, KEY)
    keep(house, words=WORDS)
    with pytest.raises(IntegrityError), house.database.writing(house.clinic_id) as session:
        session.connection().execute(text("UPDATE entry SET words = 'I feel fine'"))


@pytest.mark.parametrize("master", [None, OTHER_KEY], ids=["missing", "another"])
def test_without_the_key_nothing_is_blank_nothing_is_lost_and_entries_are_kept(
    house: House, master: MasterKey | None
) -> None:
    attach(house.database, KEY)
    entry = keep(house, words=WORDS)
    with house.database.writing(house.clinic_id) as session:
        step = session.exec(select(PlanStep).where(PlanStep.patient_id == house.ana.actor_id)).one()
        step.reason = "Rash in the last week"
        session.add(step)

    ring = attach(house.database, master)
    assert ring.is_lost()
    assert words_of(house, entry) == UNREADABLE
    later = keep(house, words="It is worse today")
    assert words_of(house, later) == "It is worse today"
    with house.database.writing(house.clinic_id) as session:
        held = session.exec(select(PlanStep).where(PlanStep.id == step.id)).one()
        assert isinstance(held.reason, Unreadable)
        held.superseded_at = NOW  # another column is changed, the words stay as they are
        session.add(held)
    with house.database.writing(house.clinic_id) as session:
        copy = PlanStep(**{**held.model_dump(), "id": new_id()})
        session.add(copy)
        with pytest.raises(KeyMissingError, match="cannot be copied"):
            session.flush()
        session.rollback()

    ring = attach(house.database, KEY)
    assert words_of(house, entry) == WORDS
    with house.database.reading(house.clinic_id) as session:
        assert session.exec(select(PlanStep.reason).where(PlanStep.id == step.id)).one() == (
            "Rash in the last week"
        )
    vault = PhotoVault(Path("nowhere"), KEY, ring)
    assert found(house, ring, vault).values[0] == 1
    assert reseal(house.database, ring, vault, house.clinic_id, NOW) == Resealed(1, 0, 0)
    assert words_of(house, later) == "It is worse today"


def test_a_key_made_in_a_transaction_that_failed_seals_nothing(house: House) -> None:
    ring = Keyring(house.database.engine, KEY)
    attach(house.database, KEY)
    with pytest.raises(CutError), house.database.writing(house.clinic_id) as session:
        ring.renew(session.connection(), house.clinic_id)
        raise CutError
    other = Keyring(house.database.engine, KEY)
    with house.database.writing(house.clinic_id) as session:
        assert other.renew(session.connection(), house.clinic_id) == 2
    with house.database.writing(house.clinic_id) as session:
        version = ring.newest(session.connection(), house.clinic_id.hex)
        assert version == 2
    sealed = ring.seal_bytes(house.clinic_id.hex, 2, b"words", b"here")
    assert other.open_bytes(house.clinic_id.hex, 2, sealed, b"here") == b"words"


def test_a_photo_is_sealed_with_its_clinics_key_and_opens_under_its_own_id(
    house: House, tmp_path: Path
) -> None:
    ring = attach(house.database, KEY)
    vault, clean = PhotoVault(tmp_path / "photos", KEY, ring), clean_photo(jpeg())
    one, two, before = new_id(), new_id(), new_id()
    for photo_id in (one, two):
        vault.put(photo_id, clean, house.clinic_id)
    PhotoVault(tmp_path / "photos", KEY).put(before, clean)

    assert vault.picture(one) == vault.picture(before) == clean.picture
    assert vault.sealed_by(one) == (house.clinic_id, 1)
    assert vault.sealed_by(before) == (None, 0)
    file = {photo: next(tmp_path.glob(f"photos/??/{photo}.photo")) for photo in (one, two)}
    file[two].write_bytes(file[one].read_bytes())
    with pytest.raises(TamperedError):
        vault.picture(two)
    # The other clinic's number in its head: its key opens nothing of this one.
    sealed = file[one].read_bytes()
    file[one].write_bytes(sealed[:1] + house.cleo.clinic_id.bytes + sealed[17:])
    with pytest.raises(TamperedError):
        vault.picture(one)

    lost = PhotoVault(tmp_path / "photos", None, attach(house.database, None))
    for photo_id in (before, two):
        with pytest.raises(KeyMissingError, match="cannot be read without the key"):
            lost.picture(photo_id)
    with pytest.raises(KeyMissingError, match="cannot be kept"):
        lost.put(new_id(), clean, house.clinic_id)


def test_every_text_column_is_sealed_or_said_to_be_open() -> None:
    """A new column with words of people is forgotten by nobody."""
    said = {name for names in OPEN.values() for name in names.split()}
    sealed, unsaid = set(), set()
    for table in METADATA.tables.values():
        sealed |= {f"{table.name}.{name}" for name in sealed_columns(table)}
        checks = " ".join(
            str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint)
        )
        unsaid |= {
            f"{table.name}.{column.name}"
            for column in table.c
            if isinstance(column.type, AutoString | String | Text)
            and f"{column.name} IN (" not in checks  # one of a few words
            and not column.name.endswith(("_hash", "sha256", "sha256_kept", "sha256_received"))
        }
    assert unsaid - said == set()
    told = (Path(__file__).parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
    assert {name for name in sealed if f"`{name}`" not in told} == set()


def test_a_database_that_was_closed_is_forgotten_with_its_keys(tmp_path: Path) -> None:
    """Every night a backup is opened beside the diary; nothing of it may stay in memory."""
    house = build_house(tmp_path)

    def looked_into() -> ref[Engine]:
        opened = open_database(house.database.engine.url)
        attach(opened, KEY)
        with opened.reading(house.clinic_id) as session:
            session.exec(select(PlanStep.id)).all()
        opened.close()
        return ref(opened.engine)

    gone = looked_into()
    gc.collect()

    assert gone() is None
    house.database.close()
