"""first tables

Why: everything that is said, meant and done, from the first day.
Cannot be back-filled: nothing was before.
Does the old program still run on it: there is none.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "a7cd92a6ffd1"
down_revision = None
branch_labels = None
depends_on = None


# What was said, and what happened, is only ever added to.
APPEND_ONLY = ("entry", "assessment", "alert_event", "audit_event", "consent")


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def upgrade() -> None:
    op.create_table(
        "clinic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("emergency_number", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("digest_sent_on", sa.Date(), nullable=True),
        sa.Column("policy", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("temperature_unit", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "temperature_unit IS NULL OR temperature_unit IN ('C', 'F')",
            name=op.f("ck_clinic_temperature_unit"),
        ),
        sa.CheckConstraint(
            "digest_hour IS NULL OR (digest_hour >= 0 AND digest_hour <= 23)",
            name=op.f("ck_clinic_digest_hour"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", db.types.UtcDateTime(), nullable=False),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
        sa.UniqueConstraint("name", name=op.f("uq_heartbeat_name")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", db.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_key"), ["key"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", db.types.UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_role", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_audit_event_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("clinic_id", "number", name=op.f("uq_audit_event_clinic_id_number")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_clinic_id"), ["clinic_id"], unique=False)

    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("temperature_unit", sa.String(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=True),
        sa.Column("prior_severe_reaction", sa.Boolean(), nullable=True),
        sa.Column("prior_reaction_type", sa.String(), nullable=True),
        sa.Column("on_systemic_steroid", sa.Boolean(), nullable=True),
        sa.Column("baseline_grades", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "prior_reaction_type IS NULL OR prior_reaction_type IN ('maculopapular_g3', 'exfoliative', 'em_no_mucosa', 'em_mucosal', 'sjs_ten', 'dress')",
            name=op.f("ck_patient_prior_reaction_type"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_patient_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("clinic_id", "code", name=op.f("uq_patient_clinic_id_code")),
    )
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patient_clinic_id"), ["clinic_id"], unique=False)

    op.create_table(
        "user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "role IS NULL OR role IN ('nurse', 'clinician', 'administrator')",
            name=op.f("ck_user_role"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_user_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_clinic_id"), ["clinic_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("agreed_at", db.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_consent_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_consent_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("diary_on", sa.Date(), nullable=False),
        sa.Column("local_time", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("written_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("received_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("temperature_text", sa.String(), nullable=True),
        sa.Column("temperature_value", sa.Float(), nullable=True),
        sa.Column("temperature_unit", sa.String(), nullable=True),
        sa.Column("temperature_site", sa.String(), nullable=True),
        sa.Column("antipyretic_within_6h", sa.Boolean(), nullable=True),
        sa.Column("chills", sa.String(), nullable=True),
        sa.Column("itch_nrs", sa.Integer(), nullable=True),
        sa.Column("itch_extent", sa.String(), nullable=True),
        sa.Column("itch_pattern", sa.String(), nullable=True),
        sa.Column("sleep_loss", sa.String(), nullable=True),
        sa.Column("rash_present", sa.Boolean(), nullable=True),
        sa.Column("regions", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("map_percent", sa.Float(), nullable=True),
        sa.Column("handprints", sa.Float(), nullable=True),
        sa.Column("bsa_percent", sa.Float(), nullable=True),
        sa.Column("generalized", sa.Boolean(), nullable=True),
        sa.Column("peeling_bsa_percent", sa.Float(), nullable=True),
        sa.Column("morphology", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("red_flags", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("skin_pain_nrs", sa.Integer(), nullable=True),
        sa.Column("adl", sa.String(), nullable=True),
        sa.Column("adl_due_to", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("mouth", sa.String(), nullable=True),
        sa.Column("mouth_intake_affected", sa.Boolean(), nullable=True),
        sa.Column("periorbital", sa.String(), nullable=True),
        sa.Column("stools_over_baseline", sa.Integer(), nullable=True),
        sa.Column("nausea", sa.String(), nullable=True),
        sa.Column("fatigue", sa.String(), nullable=True),
        sa.Column("limb_swelling", sa.String(), nullable=True),
        sa.Column("blurred_vision", sa.String(), nullable=True),
        sa.Column("weight_gain_3d_kg", sa.Float(), nullable=True),
        sa.Column("imatinib_mg_taken", sa.Float(), nullable=True),
        sa.Column("imatinib_mg_prescribed", sa.Float(), nullable=True),
        sa.Column("prednisolone_mg_taken", sa.Float(), nullable=True),
        sa.Column("prednisolone_mg_prescribed", sa.Float(), nullable=True),
        sa.Column("wants_contact", sa.Boolean(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.CheckConstraint(
            "adl IS NULL OR adl IN ('none', 'instrumental', 'self_care')", name=op.f("ck_entry_adl")
        ),
        sa.CheckConstraint(
            "author IS NULL OR author IN ('patient', 'carer', 'staff')",
            name=op.f("ck_entry_author"),
        ),
        sa.CheckConstraint(
            "blurred_vision IS NULL OR blurred_vision IN ('none', 'mild', 'moderate', 'severe')",
            name=op.f("ck_entry_blurred_vision"),
        ),
        sa.CheckConstraint(
            "chills IS NULL OR chills IN ('none', 'mild', 'rigors')", name=op.f("ck_entry_chills")
        ),
        sa.CheckConstraint(
            "fatigue IS NULL OR fatigue IN ('none', 'relieved_by_rest', 'not_relieved', 'self_care')",
            name=op.f("ck_entry_fatigue"),
        ),
        sa.CheckConstraint(
            "itch_extent IS NULL OR itch_extent IN ('localized', 'widespread')",
            name=op.f("ck_entry_itch_extent"),
        ),
        sa.CheckConstraint(
            "itch_pattern IS NULL OR itch_pattern IN ('intermittent', 'constant')",
            name=op.f("ck_entry_itch_pattern"),
        ),
        sa.CheckConstraint(
            "kind IS NULL OR kind IN ('full', 'reading')", name=op.f("ck_entry_kind")
        ),
        sa.CheckConstraint(
            "limb_swelling IS NULL OR limb_swelling IN ('none', 'mild', 'moderate', 'severe')",
            name=op.f("ck_entry_limb_swelling"),
        ),
        sa.CheckConstraint(
            "mouth IS NULL OR mouth IN ('none', 'mild', 'moderate', 'severe')",
            name=op.f("ck_entry_mouth"),
        ),
        sa.CheckConstraint(
            "nausea IS NULL OR nausea IN ('none', 'mild', 'reduced_intake', 'inadequate_intake')",
            name=op.f("ck_entry_nausea"),
        ),
        sa.CheckConstraint(
            "periorbital IS NULL OR periorbital IN ('none', 'soft', 'firm_or_pitting', 'cannot_open_or_vision')",
            name=op.f("ck_entry_periorbital"),
        ),
        sa.CheckConstraint(
            "sleep_loss IS NULL OR sleep_loss IN ('none', 'some', 'major')",
            name=op.f("ck_entry_sleep_loss"),
        ),
        sa.CheckConstraint(
            "temperature_site IS NULL OR temperature_site IN ('oral', 'axillary', 'tympanic', 'forehead', 'rectal', 'unknown')",
            name=op.f("ck_entry_temperature_site"),
        ),
        sa.CheckConstraint(
            "temperature_unit IS NULL OR temperature_unit IN ('C', 'F')",
            name=op.f("ck_entry_temperature_unit"),
        ),
        sa.CheckConstraint(
            "bsa_percent IS NULL OR (bsa_percent >= 0 AND bsa_percent <= 100)",
            name=op.f("ck_entry_bsa_percent"),
        ),
        sa.CheckConstraint(
            "handprints IS NULL OR (handprints >= 0 AND handprints <= 100)",
            name=op.f("ck_entry_handprints"),
        ),
        sa.CheckConstraint(
            "imatinib_mg_prescribed IS NULL OR (imatinib_mg_prescribed >= 0 AND imatinib_mg_prescribed <= 800)",
            name=op.f("ck_entry_imatinib_mg_prescribed"),
        ),
        sa.CheckConstraint(
            "imatinib_mg_taken IS NULL OR (imatinib_mg_taken >= 0 AND imatinib_mg_taken <= 5000)",
            name=op.f("ck_entry_imatinib_mg_taken"),
        ),
        sa.CheckConstraint(
            "itch_nrs IS NULL OR (itch_nrs >= 0 AND itch_nrs <= 10)", name=op.f("ck_entry_itch_nrs")
        ),
        sa.CheckConstraint(
            "map_percent IS NULL OR (map_percent >= 0 AND map_percent <= 100)",
            name=op.f("ck_entry_map_percent"),
        ),
        sa.CheckConstraint(
            "peeling_bsa_percent IS NULL OR (peeling_bsa_percent >= 0 AND peeling_bsa_percent <= 100)",
            name=op.f("ck_entry_peeling_bsa_percent"),
        ),
        sa.CheckConstraint(
            "prednisolone_mg_prescribed IS NULL OR (prednisolone_mg_prescribed >= 0 AND prednisolone_mg_prescribed <= 1000)",
            name=op.f("ck_entry_prednisolone_mg_prescribed"),
        ),
        sa.CheckConstraint(
            "prednisolone_mg_taken IS NULL OR (prednisolone_mg_taken >= 0 AND prednisolone_mg_taken <= 5000)",
            name=op.f("ck_entry_prednisolone_mg_taken"),
        ),
        sa.CheckConstraint(
            "skin_pain_nrs IS NULL OR (skin_pain_nrs >= 0 AND skin_pain_nrs <= 10)",
            name=op.f("ck_entry_skin_pain_nrs"),
        ),
        sa.CheckConstraint(
            "stools_over_baseline IS NULL OR (stools_over_baseline >= 0 AND stools_over_baseline <= 50)",
            name=op.f("ck_entry_stools_over_baseline"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_entry_version")),
        sa.CheckConstraint(
            "weight_gain_3d_kg IS NULL OR (weight_gain_3d_kg >= -50 AND weight_gain_3d_kg <= 50)",
            name=op.f("ck_entry_weight_gain_3d_kg"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_entry_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_entry_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["entry.id"], name=op.f("fk_entry_replaces_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("first_id", "version", name=op.f("uq_entry_first_id_version")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_entry_replaces_id")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_diary_on"), ["diary_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_first_id"), ["first_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("used_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("wrong_answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_invitation_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_invitation_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_invitation_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_clinic_id"), ["clinic_id"], unique=False)

    op.create_table(
        "lab_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("lower_limit", sa.Float(), nullable=True),
        sa.Column("upper_limit", sa.Float(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", db.types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "name IS NULL OR name IN ('anc', 'eosinophils', 'alt', 'ast', 'bilirubin', 'creatinine', 'ldh', 'imatinib_trough')",
            name=op.f("ck_lab_result_name"),
        ),
        sa.CheckConstraint(
            "value IS NULL OR (value >= 0 AND value <= 1000000)", name=op.f("ck_lab_result_value")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_lab_result_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["user.id"], name=op.f("fk_lab_result_entered_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_lab_result_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_result")),
    )
    with op.batch_alter_table("lab_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lab_result_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lab_result_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "plan_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("imatinib_mg", sa.Float(), nullable=False),
        sa.Column("every_n_days", sa.Integer(), nullable=False),
        sa.Column("prednisolone_mg", sa.Float(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("approved_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("superseded_at", db.types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "every_n_days IS NULL OR (every_n_days >= 1 AND every_n_days <= 2)",
            name=op.f("ck_plan_step_every_n_days"),
        ),
        sa.CheckConstraint(
            "imatinib_mg IS NULL OR (imatinib_mg >= 0 AND imatinib_mg <= 800)",
            name=op.f("ck_plan_step_imatinib_mg"),
        ),
        sa.CheckConstraint(
            "prednisolone_mg IS NULL OR (prednisolone_mg >= 0 AND prednisolone_mg <= 1000)",
            name=op.f("ck_plan_step_prednisolone_mg"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_plan_step_author_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_plan_step_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_plan_step_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_step")),
    )
    with op.batch_alter_table("plan_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_step_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_step_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("unlocked_until", db.types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", db.types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IS NULL OR kind IN ('patient', 'staff')", name=op.f("ck_sign_in_kind")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_sign_in_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_sign_in_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sign_in_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason_codes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("raised_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("level_since", db.types.UtcDateTime(), nullable=False),
        sa.Column("policy", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step_entered_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("next_look_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "level IS NULL OR level IN ('prompt', 'urgent')", name=op.f("ck_alert_level")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('advice', 'dose_held', 'seen_same_day', 'sent_to_emergency', 'no_action', 'wrong_entry')",
            name=op.f("ck_alert_outcome"),
        ),
        sa.CheckConstraint(
            "state IS NULL OR state IN ('open', 'acknowledged', 'closed')",
            name=op.f("ck_alert_state"),
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["user.id"], name=op.f("fk_alert_acknowledged_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_alert_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["user.id"], name=op.f("fk_alert_closed_by_user")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_alert_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_alert_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("code", name=op.f("uq_alert_code")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index("ix_alert_due", ["next_look_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("assessed_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("grades", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("v6_rash_maculopapular", sa.Integer(), nullable=True),
        sa.Column("temperature_celsius", sa.Float(), nullable=True),
        sa.Column("extent_percent", sa.Float(), nullable=True),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("inputs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("rules_version", sa.String(), nullable=False),
        sa.Column("ctcae_version", sa.String(), nullable=False),
        sa.Column("recheck_minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "level IS NULL OR level IN ('none', 'digest', 'prompt', 'urgent')",
            name=op.f("ck_assessment_level"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('graded', 'failed')", name=op.f("ck_assessment_outcome")
        ),
        sa.CheckConstraint(
            "v6_rash_maculopapular IS NULL OR (v6_rash_maculopapular >= 0 AND v6_rash_maculopapular <= 4)",
            name=op.f("ck_assessment_v6_rash_maculopapular"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_assessment_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_assessment_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_assessment_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("correcting_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("sent_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("discarded_at", db.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_draft_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["correcting_id"], ["entry.id"], name=op.f("fk_draft_correcting_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_draft_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "entry_seen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", db.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_entry_seen_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_entry_seen_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_entry_seen_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_entry_seen_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_seen")),
        sa.UniqueConstraint("entry_id", "user_id", name=op.f("uq_entry_seen_entry_id_user_id")),
    )
    with op.batch_alter_table("entry_seen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_seen_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_seen_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_seen_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "alert_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("at", db.types.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_alert_event_alert_id_alert")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_alert_event_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_event")),
    )
    with op.batch_alter_table("alert_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_event_alert_id"), ["alert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_event_clinic_id"), ["clinic_id"], unique=False)

    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("next_attempt_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("lease_until", db.types.UtcDateTime(), nullable=True),
        sa.Column("sent_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IS NULL OR kind IN ('alert', 'digest')", name=op.f("ck_notification_kind")
        ),
        sa.CheckConstraint(
            "state IS NULL OR state IN ('pending', 'sending', 'sent', 'failed_temporary', 'failed_permanent', 'superseded')",
            name=op.f("ck_notification_state"),
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_notification_alert_id_alert")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_notification_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_notification_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint(
            "alert_id",
            "user_id",
            "step",
            "round",
            name=op.f("uq_notification_alert_id_user_id_step_round"),
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_notification_message_id")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notification_alert_id"), ["alert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notification_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index("ix_notification_due", ["state", "next_attempt_at"], unique=False)

    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256_received", sa.String(), nullable=False),
        sa.Column("sha256_kept", sa.String(), nullable=False),
        sa.Column("received_bytes", sa.Integer(), nullable=False),
        sa.Column("received_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("removed_at", db.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_photo_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_photo_draft_id_draft")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_photo_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_photo_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_photo_draft_id"), ["draft_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_photo_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "upload_ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("used_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_upload_ticket_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_upload_ticket_draft_id_draft")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_upload_ticket_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_ticket")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_upload_ticket_token_hash")),
    )
    with op.batch_alter_table("upload_ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_ticket_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_upload_ticket_patient_id"), ["patient_id"], unique=False
        )

    for table in APPEND_ONLY:
        _forbid_changes(table)


def downgrade() -> None:
    with op.batch_alter_table("upload_ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_ticket_patient_id"))
        batch_op.drop_index(batch_op.f("ix_upload_ticket_clinic_id"))

    op.drop_table("upload_ticket")
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_photo_patient_id"))
        batch_op.drop_index(batch_op.f("ix_photo_draft_id"))
        batch_op.drop_index(batch_op.f("ix_photo_clinic_id"))

    op.drop_table("photo")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index("ix_notification_due")
        batch_op.drop_index(batch_op.f("ix_notification_clinic_id"))
        batch_op.drop_index(batch_op.f("ix_notification_alert_id"))

    op.drop_table("notification")
    with op.batch_alter_table("alert_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_event_clinic_id"))
        batch_op.drop_index(batch_op.f("ix_alert_event_alert_id"))

    op.drop_table("alert_event")
    with op.batch_alter_table("entry_seen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_seen_patient_id"))
        batch_op.drop_index(batch_op.f("ix_entry_seen_entry_id"))
        batch_op.drop_index(batch_op.f("ix_entry_seen_clinic_id"))

    op.drop_table("entry_seen")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_patient_id"))
        batch_op.drop_index(batch_op.f("ix_draft_clinic_id"))

    op.drop_table("draft")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_patient_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_entry_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_clinic_id"))

    op.drop_table("assessment")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_patient_id"))
        batch_op.drop_index("ix_alert_due")
        batch_op.drop_index(batch_op.f("ix_alert_clinic_id"))

    op.drop_table("alert")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_user_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_patient_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_clinic_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("plan_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_step_patient_id"))
        batch_op.drop_index(batch_op.f("ix_plan_step_clinic_id"))

    op.drop_table("plan_step")
    with op.batch_alter_table("lab_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lab_result_patient_id"))
        batch_op.drop_index(batch_op.f("ix_lab_result_clinic_id"))

    op.drop_table("lab_result")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_clinic_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_patient_id"))
        batch_op.drop_index(batch_op.f("ix_entry_first_id"))
        batch_op.drop_index(batch_op.f("ix_entry_diary_on"))
        batch_op.drop_index(batch_op.f("ix_entry_clinic_id"))

    op.drop_table("entry")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_patient_id"))
        batch_op.drop_index(batch_op.f("ix_consent_clinic_id"))

    op.drop_table("consent")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_clinic_id"))

    op.drop_table("user")
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patient_clinic_id"))

    op.drop_table("patient")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_clinic_id"))

    op.drop_table("audit_event")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_key"))
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_at"))

    op.drop_table("sign_in_attempt")
    op.drop_table("heartbeat")
    op.drop_table("clinic")
