"""The columns of the exported tables: names, meaning, unit and values (the data dictionary)."""

from dataclasses import dataclass

from alerts.grading.pro_ctcae_items import ITEMS
from alerts.grading.pro_ctcae_wording import QUESTIONS
from diary_app.text import _

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
PLAN = (
    "patient_code",
    "starts_on",
    "imatinib_mg",
    "every_n_days",
    "prednisolone_mg",
    "reason",
    "author",
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
)
LABS = ("patient_code", "taken_on", "name", "value", "unit", "lower_limit", "upper_limit")
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
)
PROCTCAE = ("patient_code", "period_ends_on", "received_at", "author", "instrument")
PHOTOS = ("patient_code", "photo_id", "entry_id", "taken_on", "region", "description", "file")


@dataclass(frozen=True)
class Meaning:
    """What one column says: in words, with its unit, range or values."""

    words: str
    values: str = ""


def rules_of_reading() -> list[str]:
    """Return how cells are to be read, in sentences, for the top of the data dictionary."""
    return [
        _("An empty cell = not asked, not answered or not known. It is never 0 and never none."),
        _("none in a list = asked, and nothing was ticked. Several items are joined with ;"),
        _("true and false = yes and no. Days are YYYY-MM-DD in the patient's time zone."),
        _("Times ending in Z are UTC. Decimal point, no thousands separator."),
        _(
            "A text that begins with = + - @ ' tab or a line break has one ' put before it, so "
            "that no spreadsheet reads it as a formula. Take one leading ' away to read it."
        ),
        _("Estimated grades are made by rules. They are not a diagnosis."),
    ]


def meaning_of(column: str) -> Meaning:
    """Return what a column says; a grade column is explained by its symptom."""
    if column.startswith("grade_"):
        symptom = column.removeprefix("grade_").replace("_", " ")
        words = _("Estimated CTCAE 5.0 grade of: {symptom}").format(symptom=symptom)
        return Meaning(words, "0-4")
    if column.startswith("PROCTCAE_"):
        return _proctcae(column)
    return _meanings().get(column, Meaning(column.replace("_", " ")))


def _proctcae(column: str) -> Meaning:
    if column.endswith("_COMP"):
        term = ITEMS[int(column.split("_")[1])].term
        words = _("PRO-CTCAE composite grade, patient-reported: {term}").format(term=term)
        return Meaning(words, "0-3")
    return Meaning(QUESTIONS.get(column, ""), "0;1" if column.endswith("_IND") else "0-4")


def _meanings() -> dict[str, Meaning]:
    nrs, percent, mg = "0-10", _("percent of the body, 0-100"), _("mg")
    return {
        "entry_id": Meaning(_("Identifier of this version of the entry"), "UUID"),
        "version": Meaning(_("1 = first version, higher = corrected"), "1-"),
        "kind": Meaning(_("Whole entry, or a later temperature alone"), "full;reading"),
        "author": Meaning(_("Who wrote it")),
        "diary_on": Meaning(_("The day the entry is about"), "YYYY-MM-DD"),
        "local_time": Meaning(_("Patient's clock when it was saved"), "HH:MM"),
        "received_at": Meaning(_("When the clinic received it"), "UTC"),
        "temperature_text": Meaning(_("Exactly what was typed")),
        "temperature_value": Meaning(_("The number read from it, in temperature_unit")),
        "temperature_unit": Meaning(_("Unit of temperature_value"), "C;F"),
        "temperature_site": Meaning(
            _("Where it was measured"), "oral;axillary;tympanic;forehead;rectal;unknown"
        ),
        "temperature_celsius": Meaning(_("Temperature as measured"), _("degrees Celsius")),
        "itch_nrs": Meaning(_("Worst itch"), nrs),
        "skin_pain_nrs": Meaning(_("Worst skin pain"), nrs),
        "regions": Meaning(_("Body-map region=amount")),
        "map_percent": Meaning(_("Extent by body map"), percent),
        "handprints": Meaning(_("Extent in own handprints"), "0-100"),
        "bsa_percent": Meaning(_("Extent used"), percent),
        "peeling_bsa_percent": Meaning(_("Extent of peeling skin"), percent),
        "extent_percent": Meaning(_("Extent the rules worked with"), percent),
        "morphology": Meaning(_("Kinds of rash ticked")),
        "red_flags": Meaning(_("Danger signs ticked")),
        "adl": Meaning(_("Daily activities limited"), "none;instrumental;self_care"),
        "stools_over_baseline": Meaning(_("More stools a day than usual"), "0-50"),
        "weight_gain_3d_kg": Meaning(_("Weight gained in 3 days"), "kg"),
        "imatinib_mg_taken": Meaning(_("Imatinib taken that day; 0 = not taken"), mg),
        "imatinib_mg_prescribed": Meaning(_("Imatinib planned for that day"), mg),
        "prednisolone_mg_taken": Meaning(_("Prednisolone taken that day; 0 = not taken"), mg),
        "prednisolone_mg_prescribed": Meaning(_("Prednisolone planned for that day"), mg),
        "wants_contact": Meaning(_("Asked for contact that day"), "true;false"),
        "words": Meaning(_("The patient's own words")),
        "level": Meaning(_("How soon a person must know"), "none;digest;prompt;urgent"),
        "v6_rash_maculopapular": Meaning(_("Estimated CTCAE 6.0 rash grade"), "0-4"),
        "reason_codes": Meaning(_("Rules that fired")),
        "rules_version": Meaning(_("Version of the rules that graded it")),
        "day_since_step": Meaning(_("Days since the last imatinib step up or restart"), "0-"),
        "starts_on": Meaning(_("First day of the step"), "YYYY-MM-DD"),
        "imatinib_mg": Meaning(_("Imatinib on a dosing day; 0 = stopped"), mg),
        "every_n_days": Meaning(_("1 = daily, 2 = every 2nd day"), "1;2"),
        "prednisolone_mg": Meaning(_("Prednisolone a day; empty = the plan says nothing"), mg),
        "dose_on": Meaning(_("The day the dose belongs to"), "YYYY-MM-DD"),
        "drug": Meaning(_("Medicine"), "imatinib;prednisolone"),
        "planned_mg": Meaning(_("Planned for that day; 0 = none, empty = no plan"), mg),
        "how": Meaning(_("How it was taken"), "planned;late;missed;different;vomited"),
        "taken_mg": Meaning(_("Taken that day; 0 = not taken, empty = not known"), mg),
        "taken_clock": Meaning(_("When it was taken late"), "HH:MM"),
        "vomited_after": Meaning(
            _("How long after the dose (minutes)"), "within_30;within_120;later;unknown"
        ),
        "recorded_at": Meaning(_("When it was said"), "UTC"),
        "value": Meaning(_("Measured value, in unit")),
        "lower_limit": Meaning(_("Lower limit of that laboratory")),
        "upper_limit": Meaning(_("Upper limit of that laboratory")),
        "region": Meaning(_("Body-map region")),
        "period_ends_on": Meaning(_("The last of the 7 days asked about"), "YYYY-MM-DD"),
        "instrument": Meaning(_("Library, version and language of the questions")),
        "file": Meaning(_("Where the picture lies in this archive")),
    }
