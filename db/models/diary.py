"""What the patient said (entries, photos, drafts) and what the rules made of it (assessments)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from db.models.base import ClinicRow, between, one_of
from db.sealing import SealedJson, SealedText
from db.types import Json, UtcDateTime

LEVELS = ("none", "digest", "prompt", "urgent")
_THREE = ("none", "mild", "moderate", "severe")
ONE_SUBJECT = (
    " + ".join(
        f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END"
        for column in ("entry_id", "lab_on", "silent_on", "timer_of", "dose_on")
    )
    + " = 1"
)


def _where(condition: str) -> dict[str, Any]:
    """Return the arguments of an index that holds some rows only."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Entry(ClinicRow, table=True):
    """One diary entry as the patient gave it. Never changed: a correction is a new version.

    Every answer is optional: None = not asked or not answered, which is never the same as none.
    Words and ranges are those of clinical.md section 9B.

    Attributes:
        id: Made by the client (the draft's id), so that saving twice is one entry.
        first_id: The id of version 1; equal to id for a first version.
        version: 1, 2, ...; the highest version of a first_id is what counts.
        kind: ``full``, or ``reading`` for a later temperature alone.
        diary_on: The patient's calendar day that the entry is about.
        local_time: "HH:MM" on the patient's clock when it was saved.
        temperature_text: Exactly what was typed, such as "38,5".
        temperature_value: The number read from it, in temperature_unit, even if rule R4 rejects
            it; None when there was no number.
        regions: Body-map region -> amount word (alerts.grading.body_surface).
        wants_contact: "Do you feel this needs someone today?"; None = not asked.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("first_id", "version"),
        Index("ix_entry_received", "clinic_id", "received_at"),
        Index("ix_entry_day", "clinic_id", "patient_id", "diary_on"),
        Index("ix_entry_clinic_day", "clinic_id", "diary_on"),
        Index("ix_entry_replaced", "clinic_id", "replaces_id", **_where("replaces_id IS NOT NULL")),
        one_of("kind", "kind", ("full", "reading")),
        one_of("author", "author", ("patient", "carer", "staff")),
        one_of("temperature_unit", "temperature_unit", ("C", "F")),
        one_of(
            "temperature_site",
            "temperature_site",
            ("oral", "axillary", "tympanic", "forehead", "rectal", "unknown"),
        ),
        between("itch_nrs", "itch_nrs", 0, 10),
        one_of("itch_extent", "itch_extent", ("localized", "widespread")),
        one_of("itch_pattern", "itch_pattern", ("intermittent", "constant")),
        one_of("sleep_loss", "sleep_loss", ("none", "some", "major")),
        between("skin_pain_nrs", "skin_pain_nrs", 0, 10),
        between("bsa_percent", "bsa_percent", 0, 100),
        between("map_percent", "map_percent", 0, 100),
        between("handprints", "handprints", 0, 100),
        between("peeling_bsa_percent", "peeling_bsa_percent", 0, 100),
        one_of("adl", "adl", ("none", "instrumental", "self_care")),
        one_of("mouth", "mouth", _THREE),
        one_of(
            "periorbital",
            "periorbital",
            ("none", "soft", "firm_or_pitting", "cannot_open_or_vision"),
        ),
        between("stools_over_baseline", "stools_over_baseline", 0, 50),
        one_of("nausea", "nausea", ("none", "mild", "reduced_intake", "inadequate_intake")),
        one_of("fatigue", "fatigue", ("none", "relieved_by_rest", "not_relieved", "self_care")),
        one_of("limb_swelling", "limb_swelling", _THREE),
        one_of("blurred_vision", "blurred_vision", _THREE),
        between("weight_gain_3d_kg", "weight_gain_3d_kg", -50, 50),
        one_of("chills", "chills", ("none", "mild", "rigors")),
        between("imatinib_mg_taken", "imatinib_mg_taken", 0, 5000),
        between("imatinib_mg_prescribed", "imatinib_mg_prescribed", 0, 800),
        between("prednisolone_mg_taken", "prednisolone_mg_taken", 0, 5000),
        between("prednisolone_mg_prescribed", "prednisolone_mg_prescribed", 0, 1000),
        CheckConstraint("version >= 1", name="version"),
    )

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    first_id: UUID = Field(index=True)
    version: int = 1
    replaces_id: UUID | None = Field(default=None, foreign_key="entry.id", unique=True)
    kind: str = "full"
    author: str = "patient"
    diary_on: date
    local_time: str | None = None
    time_zone: str
    written_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)

    temperature_text: str | None = None
    temperature_value: float | None = None
    temperature_unit: str | None = None
    temperature_site: str | None = None
    antipyretic_within_6h: bool | None = None
    chills: str | None = None
    itch_nrs: int | None = None
    itch_extent: str | None = None
    itch_pattern: str | None = None
    sleep_loss: str | None = None
    rash_present: bool | None = None
    regions: dict[str, str] | None = Field(default=None, sa_type=Json)
    map_percent: float | None = None
    handprints: float | None = None
    bsa_percent: float | None = None
    generalized: bool | None = None
    peeling_bsa_percent: float | None = None
    morphology: list[str] | None = Field(default=None, sa_type=Json)
    red_flags: list[str] | None = Field(default=None, sa_type=Json)
    skin_pain_nrs: int | None = None
    adl: str | None = None
    adl_due_to: list[str] | None = Field(default=None, sa_type=Json)
    mouth: str | None = None
    mouth_intake_affected: bool | None = None
    periorbital: str | None = None
    stools_over_baseline: int | None = None
    nausea: str | None = None
    fatigue: str | None = None
    limb_swelling: str | None = None
    blurred_vision: str | None = None
    weight_gain_3d_kg: float | None = None
    imatinib_mg_taken: float | None = None
    imatinib_mg_prescribed: float | None = None
    prednisolone_mg_taken: float | None = None
    prednisolone_mg_prescribed: float | None = None
    wants_contact: bool | None = None
    words: str = Field(default="", sa_type=SealedText("entry.words"))


class Assessment(ClinicRow, table=True):
    """What the rules made of an entry, a day's laboratory values or doses, a silence, a timer.

    Exactly one of ``entry_id``, ``lab_on``, ``silent_on``, ``timer_of``, ``dose_on`` is set.
    Grading again adds a row; the newest row of an entry, or of a day's values, counts.

    Attributes:
        entry_id: The entry that was graded.
        lab_on: The day whose values were graded without an entry, the patient's calendar.
        silent_on: The day that passed without an entry (R11).
        timer_of: The entry after which an awaited second temperature did not come (R4).
        dose_on: The day whose dose log was graded without an entry (R10).
        outcome: ``graded``, or ``failed`` when the rules raised (the entry itself is safe).
        attempt: 1, 2, ...; how often grading this entry was tried so far.
        grades: symptom -> estimated CTCAE 5.0 grade 0 to 4; a symptom not asked is absent.
        v6_rash_maculopapular: Estimated CTCAE 6.0 grade beside it; None where it does not apply.
        reasons: List of {code, level, sentence, patient_sentence, source, values}.
        inputs: The values graded, in the words of clinical.md 9B.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        one_of("outcome", "outcome", ("graded", "failed")),
        one_of("level", "level", LEVELS),
        between("v6_rash_maculopapular", "v6_rash_maculopapular", 0, 4),
        CheckConstraint(ONE_SUBJECT, name="about"),
        Index("ix_assessment_made", "clinic_id", "assessed_at"),
        Index("ix_assessment_beside", "clinic_id", "patient_id", **_where("entry_id IS NULL")),
        Index("ix_assessment_digest", "clinic_id", "id", **_where("level = 'digest'")),
        Index("ix_assessment_failed", "clinic_id", "entry_id", **_where("outcome = 'failed'")),
        Index("ix_assessment_silence", "clinic_id", "assessed_at", **_where("entry_id IS NULL")),
    )

    clinic_id: UUID = Field(foreign_key="clinic.id")  # ix_assessment_made begins with it
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    entry_id: UUID | None = Field(default=None, foreign_key="entry.id", index=True)
    lab_on: date | None = None
    silent_on: date | None = None
    timer_of: UUID | None = Field(default=None, foreign_key="entry.id")
    dose_on: date | None = None
    assessed_at: datetime = Field(sa_type=UtcDateTime)
    outcome: str
    attempt: int = 1
    level: str | None = None
    grades: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    v6_rash_maculopapular: int | None = None
    temperature_celsius: float | None = None
    extent_percent: float | None = None
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    inputs: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    rules_version: str
    ctcae_version: str = "5.0"
    recheck_minutes: int | None = None


class Draft(ClinicRow, table=True):
    """The entry being written: one open draft per patient, so nothing half-typed is lost.

    Attributes:
        id: Becomes the entry's id when it is sent.
        revision: Counts every save; a save with an old revision is refused, not lost.
        light: Written on the light page; it lies beside the open draft and never replaces it.
        correcting_id: The entry this draft will replace; None for a new entry.
        sent_at: When it became an entry; a sent draft is never changed again.
    """

    __tablename__ = "draft"

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    revision: int = 0
    light: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    correcting_id: UUID | None = Field(default=None, foreign_key="entry.id")
    content: dict[str, Any] = Field(
        default_factory=dict, sa_type=SealedJson("draft.content", "words")
    )
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Photo(ClinicRow, table=True):
    """One photo: its place in the diary; the picture itself lies sealed in the photo folder.

    Attributes:
        draft_id: The draft it was added to; the sent entry has the same id.
        region: Body-map region, or None.
        sha256_received: Hex digest of the bytes that arrived.
        sha256_kept: Hex digest of the re-encoded picture that is kept.
        removed_at: Taken out again by the patient before the entry was sent.
        doubt: small, dark or blurred, as it seemed on arrival; None = nothing, or the patient
            keeps it as it is.
    """

    __tablename__ = "photo"

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    draft_id: UUID = Field(foreign_key="draft.id", index=True)
    region: str | None = None
    description: str = Field(default="", sa_type=SealedText("photo.description"))
    width: int
    height: int
    sha256_received: str
    sha256_kept: str
    received_bytes: int
    received_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    doubt: str | None = None


class UploadTicket(ClinicRow, table=True):
    """One permission to upload one photo to one draft. Only the hash of the ticket is kept.

    Attributes:
        refusal: Why the photo was not kept, in a sentence for the patient; None when it was, or
            nothing came yet.
    """

    __tablename__ = "upload_ticket"

    token_hash: str = Field(unique=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    draft_id: UUID = Field(foreign_key="draft.id")
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refusal: str | None = None


class EntrySeen(ClinicRow, table=True):
    """A member of the care team opened this entry; the patient may know that it was seen."""

    __tablename__ = "entry_seen"
    __table_args__ = (UniqueConstraint("entry_id", "user_id"),)

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    entry_id: UUID = Field(foreign_key="entry.id", index=True)
    user_id: UUID = Field(foreign_key="user.id")
    seen_at: datetime = Field(sa_type=UtcDateTime)
