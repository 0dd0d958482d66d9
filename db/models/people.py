"""Clinics, the people who work there, and the patients they care for."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from db.models.base import ClinicRow, Row, between, one_of
from db.types import Json, UtcDateTime


class Clinic(Row, table=True):
    """One clinic: its numbers, its clock, its way of escalating.

    Attributes:
        time_zone: IANA name; digests go out by it.
        phone: The helpline that patients are told to call.
        emergency_number: Such as 112, 911 or 999.
        digest_hour: 0 to 23, local; when the daily summary mail goes out.
        digest_sent_on: The last local day whose summary was queued; None before the first.
        weekly_sent_on: The last Monday whose week before was reported; None before the first.
        policy: Escalation policy as JSON (alerts.escalation.policy); frozen into each alert.
        temperature_unit: C or F: what the entry form offers first.
        weekly_questions: The weekly PRO-CTCAE questions are asked; off until the clinic chooses.
        weekly_items: Numbers of the library that are asked; None = the usual ones.
        probe_hour: 0 to 23, local; when the alarm tries itself each day. None = it does not.
        probe_to: The member of staff whom the test alarm must reach; None = all administrators.
        keep_years: Years after the end of follow-up when an erasure is proposed; None = never.
        is_demo: Synthetic patients only.
    """

    __tablename__ = "clinic"
    __table_args__ = (
        between("digest_hour", "digest_hour", 0, 23),
        one_of("temperature_unit", "temperature_unit", ("C", "F")),
    )

    name: str
    time_zone: str
    phone: str
    emergency_number: str
    hours: str = ""
    digest_hour: int = 7
    digest_sent_on: date | None = None
    weekly_sent_on: date | None = None
    policy: dict[str, Any] = Field(sa_type=Json)
    temperature_unit: str = "C"
    language: str = "en"
    weekly_questions: bool = False
    weekly_items: list[int] | None = Field(default=None, sa_type=Json)
    probe_hour: int | None = 10
    probe_to: UUID | None = None
    keep_years: int | None = None
    is_demo: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)


class User(ClinicRow, table=True):
    """One member of the care team or administration.

    Attributes:
        email: Lower case; sign-in name and the way out of alerts.
        password_hash: argon2id; None until the invitation was used.
        totp_sealed: The TOTP secret, sealed with the master key; None until enrolled.
        totp_last_step: The last 30 s step used, so that no code works twice.
        language: Language tag of their screens; None = the clinic's.
    """

    __tablename__ = "user"
    __table_args__ = (one_of("role", "role", ("nurse", "clinician", "administrator")),)

    email: str = Field(unique=True)
    name: str
    role: str
    password_hash: str | None = None
    totp_sealed: bytes | None = None
    totp_last_step: int | None = None
    language: str | None = None
    active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)


class Patient(ClinicRow, table=True):
    """One patient, with what the rules must know about them.

    Attributes:
        code: The clinic's own short identifier, such as P-014; the second identifier on screens.
        time_zone: IANA; days are this patient's calendar days.
        pin_hash: argon2id of the optional PIN; None when none was chosen.
        prior_severe_reaction: None = not known; never read as no.
        prior_reaction_type: One of clinical.md 9B; None = not known or none.
        on_systemic_steroid: None = not known.
        is_test: Not a person: the clinic's own alarms are tried with it, and no figure counts it.
        planned_until: Up to when what is due is laid out in rows; None = not begun.
        plan_read_at: When they last said that they read their plan; None = never yet.
        erased_at: When everything about them was erased; the row is then a tombstone.
        baseline_grades: symptom -> grade known before the diary (e.g. periorbital_edema 1).
    """

    __tablename__ = "patient"
    __table_args__ = (
        UniqueConstraint("clinic_id", "code"),
        Index(
            "ix_patient_test",
            "clinic_id",
            sqlite_where=text("is_test IS 1"),
            postgresql_where=text("is_test IS true"),
        ),
        one_of(
            "prior_reaction_type",
            "prior_reaction_type",
            ("maculopapular_g3", "exfoliative", "em_no_mucosa", "em_mucosal", "sjs_ten", "dress"),
        ),
        Index("ix_patient_planned", "clinic_id", "active", "is_test", "planned_until"),
    )

    code: str
    name: str
    born_on: date
    phone: str = ""
    time_zone: str
    language: str = "en"
    temperature_unit: str = "C"
    pin_hash: str | None = None
    prior_severe_reaction: bool | None = None
    prior_reaction_type: str | None = None
    on_systemic_steroid: bool | None = None
    baseline_grades: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    active: bool = True
    is_test: bool = False
    planned_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    plan_read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Invitation(ClinicRow, table=True):
    """A one-time link for a patient or a new member of staff. Only the hash is kept."""

    __tablename__ = "invitation"

    token_hash: str = Field(unique=True)
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id")
    user_id: UUID | None = Field(default=None, foreign_key="user.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    wrong_answers: int = 0


class Consent(ClinicRow, table=True):
    """What a patient answered: the version and the hash of the very text shown.

    Attributes:
        answer: agreed or refused.
        agreed_at: When they answered.
    """

    __tablename__ = "consent"

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    version: str
    text_sha256: str
    language: str
    answer: str = "agreed"
    agreed_at: datetime = Field(sa_type=UtcDateTime)


class ConsentWording(ClinicRow, table=True):
    """One version of the clinic's own consent text. Rows are only ever added.

    Attributes:
        number: 1, 2, 3 ... within the clinic; the highest is asked.
        version: What people see and what `Consent.version` keeps, such as 2026-12-1.
        texts: Language tag -> the text: lines that begin with "# " are headings.
        changes: Language tag -> what is new in it, in plain words.
    """

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("clinic_id", "number"),)

    number: int
    version: str
    texts: dict[str, str] = Field(sa_type=Json)
    changes: dict[str, str] = Field(sa_type=Json)
    written_by: UUID = Field(foreign_key="user.id")
    written_at: datetime = Field(sa_type=UtcDateTime)
