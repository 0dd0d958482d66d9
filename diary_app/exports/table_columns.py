"""The columns of the exported tables, in their order; `table_meanings` says what each holds."""

ANSWER_COLUMNS = (
    "temperature_text",
    "temperature_value",
    "temperature_unit",
    "temperature_site",
    "antipyretic_within_6h",
    "chills",
    "itch_nrs",
    "itch_extent",
    "itch_pattern",
    "sleep_loss",
    "rash_present",
    "regions",
    "map_percent",
    "handprints",
    "bsa_percent",
    "generalized",
    "peeling_bsa_percent",
    "morphology",
    "red_flags",
    "skin_pain_nrs",
    "adl",
    "adl_due_to",
    "mouth",
    "mouth_intake_affected",
    "periorbital",
    "stools_over_baseline",
    "nausea",
    "fatigue",
    "limb_swelling",
    "blurred_vision",
    "weight_gain_3d_kg",
    "imatinib_mg_taken",
    "imatinib_mg_prescribed",
    "prednisolone_mg_taken",
    "prednisolone_mg_prescribed",
    "wants_contact",
    "words",
)
"""Every answer of an entry, by its name in the database."""

GRADED_SYMPTOMS = (
    "rash",
    "rash_maculopapular",
    "rash_acneiform",
    "urticaria",
    "erythema_multiforme",
    "bullous_dermatitis",
    "sjs_ten_suspected",
    "pruritus",
    "fever",
    "periorbital_edema",
    "limb_edema",
    "mucositis",
    "diarrhea",
    "nausea",
    "fatigue",
    "blurred_vision",
    "febrile_neutropenia",
    "lab_alt",
    "lab_ast",
    "lab_bilirubin",
    "lab_creatinine",
    "lab_ldh",
    "lab_eosinophilia",
    "lab_anc",
)
"""Symptoms that always have a ``grade_`` column; others found in the entries come after them."""

DOSE_ANSWERS = (
    "imatinib_mg_taken",
    "imatinib_mg_prescribed",
    "prednisolone_mg_taken",
    "prednisolone_mg_prescribed",
)
"""Answers that the dose log may complete; ``said_`` before the name = as the entry said it."""

PATIENT = (
    "patient_code",
    "patient_name",
    "born_on",
    "time_zone",
    "clinic_name",
    "clinic_phone",
    "first_on",
    "last_on",
    "made_at",
    "made_by",
    "rules_version",
)
PERSON = (
    "phone",
    "language",
    "prefers_unit",
    "prior_severe_reaction",
    "prior_reaction_type",
    "on_systemic_steroid",
    "baseline_grades",
)
ENTRY_START = (
    "patient_code",
    "entry_id",
    "version",
    "kind",
    "author",
    "diary_on",
    "local_time",
    "received_at",
)
ENTRY_MIDDLE = ("temperature_celsius", "extent_percent", "level")
ENTRY_END = ("v6_rash_maculopapular", "reason_codes", "rules_version", "day_since_step")
ENTRY_ORIGIN = ("first_id", "time_zone", "written_at")
LONG = (
    "patient_code",
    "entry_id",
    "diary_on",
    "local_time",
    "author",
    "variable",
    "value",
    "unit",
)
GRADING = ("patient_code", "entry_id", "assessed_at", "recheck_minutes", "inputs")
REASONS = (
    "patient_code",
    "entry_id",
    "finding",
    "position",
    "code",
    "level",
    "sentence",
    "patient_sentence",
    "source",
    "values",
)
FINDINGS = (
    "patient_code",
    "finding",
    "about",
    "about_on",
    "entry_id",
    "assessed_at",
    "level",
    "grades",
    "rules_version",
    "inputs",
)
PLAN = (
    "patient_code",
    "starts_on",
    "imatinib_mg",
    "every_n_days",
    "prednisolone_mg",
    "reason",
    "author",
    "approved_at",
    "superseded_at",
)
DOSES = (
    "patient_code",
    "dose_on",
    "drug",
    "planned_mg",
    "how",
    "taken_mg",
    "taken_clock",
    "vomited_after",
    "recorded_at",
    "dose_id",
    "entry_id",
    "time_zone",
)
LABS = (
    "patient_code",
    "taken_on",
    "name",
    "value",
    "unit",
    "lower_limit",
    "upper_limit",
    "lab_id",
    "grade",
    "sampled_at",
    "last_dose_at",
    "is_trough",
    "entered_at",
    "entered_by",
)
ALERTS = (
    "patient_code",
    "code",
    "level",
    "state",
    "raised_at",
    "acknowledged_at",
    "acknowledged_by",
    "closed_at",
    "outcome",
    "reason_codes",
    "alert_id",
    "entry_id",
    "level_since",
    "closed_by",
)
EVENTS = ("patient_code", "alert_code", "position", "at", "event", "actor", "detail")
PROCTCAE = (
    "patient_code",
    "week",
    "period_ends_on",
    "received_at",
    "author",
    "instrument",
    "week_id",
    "time_zone",
    "written_at",
)
PROCTCAE_LONG = ("patient_code", "week", "period_ends_on", "question", "score")
PHOTOS = (
    "patient_code",
    "photo_id",
    "entry_id",
    "taken_on",
    "region",
    "description",
    "file",
    "sent_with",
    "received_at",
    "is_kept",
)
MEDICINES = (
    "patient_code",
    "medicine",
    "medicine_dose",
    "since",
    "until",
    "taken_for",
    "added_by",
    "added_at",
    "ended_by",
    "ended_at",
    "end_reason",
    "is_mistake",
    "medicine_id",
)
VISITS = (
    "patient_code",
    "visit_id",
    "starts_at",
    "minutes",
    "sequence",
    "changed_by",
    "changed_at",
    "cancelled_at",
)
VISIT_QUESTIONS = (
    "patient_code",
    "visit_question",
    "asked_at",
    "ended_at",
    "ended_how",
    "ended_by",
    "visit_question_id",
)
TABLES = (
    "patient",
    "entries",
    "entries_long",
    "entries_earlier",
    "grading",
    "reasons",
    "plan",
    "plan_former",
    "doses",
    "doses_said",
    "medicines",
    "visits",
    "visit_questions",
    "labs",
    "alerts",
    "alert_events",
    "findings",
    "photos",
    "proctcae",
    "proctcae_long",
)
"""Every table of an archive and of a workbook, in order; all are there, also without rows."""

WEEKLY = ("proctcae", "proctcae_long")
"""The tables that are there only when the clinic asks the weekly questions."""

LATER = ("medicines", "visits", "visit_questions")
"""Tables that files of earlier versions lack; they are read without them."""
