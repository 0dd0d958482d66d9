"""What the tests of the care team's side share: a kit on a real file, an entry and its alert."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from db.keyring import attach
from db.keys import load_or_create_master_key
from db.models import Alert, Assessment, Draft, Entry, Photo
from db.photos.vault import PhotoVault
from db.stores import alerting, outbox
from diary_app.ground.signed_in import SignedIn
from diary_app.services.kit import Kit
from tests.people import NOW, House

BEN_SIGNED_IN = SignedIn("sign-in-of-ben", "staff", None, "en", "Europe/Berlin")
HOT = {
    "code": "R4_TEMP_GE_38_3",
    "level": "urgent",
    "sentence": "Temperature 38.5 C, at or above 38.3 C.",
    "patient_sentence": "You have a fever.",
    "source": "IDSA 2010",
    "values": {},
}
ITCH = {
    "code": "R6_PRURITUS_G2_IN_WINDOW",
    "level": "prompt",
    "sentence": "Itch 5 of 10, widespread.",
    "patient_sentence": "You itch.",
    "source": "CTCAE 5.0",
    "values": {},
}


def kit_for(
    house: House,
    folder: Path,
    *,
    now: datetime = NOW,
    publish: Callable[[str], None] = lambda _topic: None,
) -> Kit:
    key = load_or_create_master_key(folder / "master.key")
    ring = attach(house.database, key)
    return Kit(
        database=house.database,
        key=key,
        vault=PhotoVault(folder / "photos", key, ring),
        ring=ring,
        clock=lambda: now,
        wake_worker=lambda: None,
        publish=publish,
        origin="http://test",
    )


def keep_entry(house: House, entry: Entry, level: str | None, *reasons: dict[str, object]) -> UUID:
    """Keep an entry with its assessment; level None = the rules raised."""
    with house.database.writing() as session:
        session.add(entry)
        session.flush()
        session.add(
            Assessment(
                clinic_id=entry.clinic_id,
                patient_id=entry.patient_id,
                entry_id=entry.id,
                assessed_at=entry.received_at,
                outcome="failed" if level is None else "graded",
                level=level,
                grades={} if level is None else {"fever": 1, "pruritus": 2},
                temperature_celsius=entry.temperature_value,
                reasons=list(reasons),
                rules_version="1.0.0",
            )
        )
        return entry.id


def keep_alert(
    house: House,
    code: str,
    level: str,
    entry_id: UUID | None,
    *reason_codes: str,
    minutes_ago: int = 12,
) -> UUID:
    raised_at = NOW - timedelta(minutes=minutes_ago)
    with house.database.writing() as session:
        new = Alert(
            clinic_id=house.clinic_id,
            patient_id=house.ana.actor_id,
            entry_id=entry_id,
            code=code,
            level=level,
            reason_codes=list(reason_codes),
            raised_at=raised_at,
            level_since=raised_at,
            policy={},
            next_look_at=raised_at,
        )
        alerting.add_alert(session, house.worker, new)
        alerting.add_event(
            session, house.worker, new.id, "raised", raised_at, {"entry": str(entry_id)}
        )
        return new.id


def hot_evening(house: House) -> UUID:
    """Ana's fever and itch, and the urgent alert that it raised; returns the alert."""
    entry_id = keep_entry(
        house,
        house.entry(
            temperature_text="38,5",
            temperature_value=38.5,
            temperature_unit="C",
            temperature_site="oral",
            itch_nrs=5,
            imatinib_mg_taken=400,
            wants_contact=True,
            words="I feel hot.",
        ),
        "urgent",
        HOT,
        ITCH,
    )
    return keep_alert(house, "K7Q-4T", "urgent", entry_id, HOT["code"], ITCH["code"])


def beat(house: House, at: datetime = NOW) -> None:
    with house.database.writing() as session:
        outbox.beat(session, house.worker, "worker", at)


def keep_photo_row(house: House, entry_id: UUID, region: str | None = None) -> UUID:
    """Keep the row of a photo whose picture is missing from the vault."""
    with house.database.writing() as session:
        session.add(
            Draft(
                id=entry_id,
                clinic_id=house.clinic_id,
                patient_id=house.ana.actor_id,
                created_at=NOW,
                updated_at=NOW,
                sent_at=NOW,
            )
        )
        session.flush()
        photo = Photo(
            clinic_id=house.clinic_id,
            patient_id=house.ana.actor_id,
            draft_id=entry_id,
            region=region,
            width=8,
            height=8,
            sha256_received="0" * 64,
            sha256_kept="0" * 64,
            received_bytes=1,
            received_at=NOW,
        )
        session.add(photo)
        session.flush()
        return photo.id
