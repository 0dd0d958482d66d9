"""The data dictionary: what every column of the exported tables means, and what empty means."""

from dataclasses import dataclass

from alerts.grading.body_surface import AMOUNTS, PERCENT_BY_REGION
from alerts.grading.pro_ctcae_items import ITEMS
from alerts.grading.pro_ctcae_wording import QUESTIONS
from alerts.grading.terms import MORPHOLOGY, RED_FLAGS
from diary_app.exports import table_columns as columns
from diary_app.exports.table_facts import meanings_of_facts
from diary_app.text import _

_UNITS = {
    "temperature_celsius": "Cel",
    "map_percent": "%",
    "handprints": "{handprint}",
    "bsa_percent": "%",
    "peeling_bsa_percent": "%",
    "extent_percent": "%",
    "weight_gain_3d_kg": "kg",
    "stools_over_baseline": "/d",
    **dict.fromkeys(columns.DOSE_ANSWERS, "mg"),
    **{f"said_{name}": "mg" for name in columns.DOSE_ANSWERS},
    "imatinib_mg": "mg",
    "prednisolone_mg": "mg",
    "planned_mg": "mg",
    "taken_mg": "mg",
    "day_since_step": "d",
    "every_n_days": "d",
    "recheck_minutes": "min",
    "minutes": "min",
}
_THREE = "none;mild;moderate;severe"
_YES_NO = "true;false"
_LEVELS = "none;digest;prompt;urgent"
_RANGES = {
    "version": "1..",
    "itch_nrs": "0..10",
    "skin_pain_nrs": "0..10",
    "map_percent": "0..100",
    "handprints": "0..100",
    "bsa_percent": "0..100",
    "peeling_bsa_percent": "0..100",
    "extent_percent": "0..100",
    "stools_over_baseline": "0..50",
    "weight_gain_3d_kg": "-50..50",
    "imatinib_mg_taken": "0..5000",
    "said_imatinib_mg_taken": "0..5000",
    "prednisolone_mg_taken": "0..5000",
    "said_prednisolone_mg_taken": "0..5000",
    "imatinib_mg_prescribed": "0..800",
    "said_imatinib_mg_prescribed": "0..800",
    "prednisolone_mg_prescribed": "0..1000",
    "said_prednisolone_mg_prescribed": "0..1000",
    "imatinib_mg": "0..800",
    "every_n_days": "1..2",
    "prednisolone_mg": "0..1000",
    "planned_mg": "0..1000",
    "taken_mg": "0..5000",
    "v6_rash_maculopapular": "0..4",
    "grade": "0..4",
    "day_since_step": "0..",
    "position": "1..",
    "finding": "1..",
    "week": "1..",
    "recheck_minutes": "1..",
}
_CODINGS = {
    "kind": "full;reading",
    "author": "patient;carer;staff",
    "temperature_unit": "C;F",
    "prefers_unit": "C;F",
    "temperature_site": "oral;axillary;tympanic;forehead;rectal;unknown",
    "chills": "none;mild;rigors",
    "itch_extent": "localized;widespread",
    "itch_pattern": "intermittent;constant",
    "sleep_loss": "none;some;major",
    "region": ";".join(PERCENT_BY_REGION),
    "regions": f"none;[region]={'|'.join(AMOUNTS)}",
    "morphology": ";".join(("none", *sorted(MORPHOLOGY))),
    "red_flags": ";".join(("none", *sorted(RED_FLAGS))),
    "adl": "none;instrumental;self_care",
    "mouth": _THREE,
    "periorbital": "none;soft;firm_or_pitting;cannot_open_or_vision",
    "nausea": "none;mild;reduced_intake;inadequate_intake",
    "fatigue": "none;relieved_by_rest;not_relieved;self_care",
    "limb_swelling": _THREE,
    "blurred_vision": _THREE,
    "level": _LEVELS,
    "drug": "imatinib;prednisolone",
    "how": "planned;late;missed;different;vomited;taken_back",
    "vomited_after": "within_30;within_120;later;unknown",
    "name": "anc;eosinophils;alt;ast;bilirubin;creatinine;ldh;imatinib_trough",
    "state": "open;acknowledged;closed",
    "outcome": "advice;dose_held;seen_same_day;sent_to_emergency;no_action;wrong_entry",
    "about": "labs;silence;doses;timer",
    **dict.fromkeys(
        (
            "antipyretic_within_6h",
            "rash_present",
            "generalized",
            "mouth_intake_affected",
            "wants_contact",
            "prior_severe_reaction",
            "on_systemic_steroid",
            "is_trough",
            "is_kept",
            "is_mistake",
        ),
        _YES_NO,
    ),
    **dict.fromkeys(
        ("born_on", "first_on", "last_on", "diary_on", "starts_on", "dose_on", "taken_on"),
        "YYYY-MM-DD",
    ),
    **dict.fromkeys(("period_ends_on", "about_on", "since", "until"), "YYYY-MM-DD"),
    **dict.fromkeys(("local_time", "taken_clock"), "HH:MM"),
    **dict.fromkeys(
        (
            *("made_at", "received_at", "written_at", "assessed_at", "approved_at"),
            *("superseded_at", "recorded_at", "sampled_at", "last_dose_at", "entered_at"),
            *("raised_at", "acknowledged_at", "closed_at", "level_since", "at"),
            *("added_at", "ended_at", "starts_at", "changed_at", "cancelled_at", "asked_at"),
        ),
        "YYYY-MM-DDTHH:MM:SSZ",
    ),
    **dict.fromkeys(("inputs", "values", "detail"), "JSON"),
    **dict.fromkeys(
        ("entry_id", "first_id", "dose_id", "lab_id", "alert_id", "photo_id", "sent_with"), "UUID"
    ),
    **dict.fromkeys(("week_id", "medicine_id", "visit_id", "visit_question_id"), "UUID"),
    "ended_how": "answered;taken_back",
    "minutes": "5..480",
    "sequence": "0..",
}
# Cells that are never empty in any table that has them.
_NEVER = frozenset(
    {
        *("patient_code", "patient_name", "born_on", "clinic_name", "first_on", "last_on"),
        *("made_at", "version", "kind", "diary_on", "received_at", "variable", "value"),
        *("position", "code", "starts_on", "imatinib_mg", "every_n_days", "dose_on", "drug", "how"),
        *("recorded_at", "taken_on", "name", "state", "raised_at", "alert_code"),
        *("at", "event", "about", "week", "period_ends_on", "instrument", "question", "photo_id"),
        *("file", "is_kept", "medicine", "added_at", "is_mistake", "medicine_id", "visit_id"),
        *("starts_at", "minutes", "sequence", "changed_at"),
        *("visit_question", "asked_at", "visit_question_id"),
    }
)


@dataclass(frozen=True)
class Meaning:
    """What one column says; ``unit`` in UCUM, ``coding`` a list of words or a pattern."""

    words: str
    unit: str
    range: str
    coding: str
    empty: str


def unit_of(column: str) -> str:
    """Return the unit of a column in UCUM; empty = it has none."""
    return _UNITS.get(column, "")


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
        return Meaning(words, "", "0..4", "", _("not graded: not asked, or not enough was told"))
    if column.startswith("PROCTCAE_"):
        return _proctcae(column)
    return Meaning(
        _words(column),
        unit_of(column),
        _RANGES.get(column, ""),
        _CODINGS.get(column, ""),
        _empty(column),
    )


def _proctcae(column: str) -> Meaning:
    empty = _("not asked that week, or not answered")
    if column.endswith("_COMP"):
        term = ITEMS[int(column.split("_")[1])].term
        words = _("PRO-CTCAE composite grade, patient-reported: {term}").format(term=term)
        return Meaning(words, "", "0..3", "", empty)
    if column.endswith("_IND"):
        return Meaning(QUESTIONS.get(column, ""), "", "", "0;1", empty)
    return Meaning(QUESTIONS.get(column, ""), "", "0..4", "", empty)


def _empty(column: str) -> str:
    special = {
        "prednisolone_mg": _("the plan says nothing"),
        "planned_mg": _("there was no plan"),
        "taken_mg": _("not known, as after vomiting"),
        "level": _("could not be graded"),
        "rules_version": _("could not be graded"),
        "reason_codes": _("could not be graded"),
        "day_since_step": _("no step yet"),
        "superseded_at": _("still in force"),
        "acknowledged_at": _("nobody has taken it yet"),
        "acknowledged_by": _("nobody has taken it yet"),
        "closed_at": _("still open"),
        "closed_by": _("still open"),
        "outcome": _("still open"),
        "actor": _("the diary itself"),
        "words": _("nothing was written"),
    }
    if column in special:
        return special[column]
    if column in _NEVER:
        return _("is never empty")
    if column in columns.ANSWER_COLUMNS or column.removeprefix("said_") in columns.DOSE_ANSWERS:
        return _("not asked or not answered")
    return _("not known, or does not apply")


def _words(column: str) -> str:
    words = _answers() | _frame() | _care() | meanings_of_facts()
    if column.startswith("said_"):
        answered = words[column.removeprefix("said_")]
        return _("{answer}, as the entry itself said it").format(answer=answered)
    return words.get(column, column.replace("_", " "))


def _answers() -> dict[str, str]:
    return {
        "temperature_text": _("Exactly what was typed"),
        "temperature_value": _("The number read from it, in temperature_unit"),
        "temperature_unit": _("Unit of temperature_value"),
        "temperature_site": _("Where it was measured"),
        "temperature_celsius": _("Temperature as measured"),
        "antipyretic_within_6h": _("Took something against fever in the 6 hours before"),
        "chills": _("Chills"),
        "itch_nrs": _("Worst itch"),
        "itch_extent": _("Where it itches"),
        "itch_pattern": _("How often it itches"),
        "sleep_loss": _("Sleep lost by the itch"),
        "rash_present": _("Has a rash"),
        "regions": _("Body-map region=amount"),
        "map_percent": _("Extent by body map"),
        "handprints": _("Extent in own handprints"),
        "bsa_percent": _("Extent used"),
        "generalized": _("Rash all over"),
        "peeling_bsa_percent": _("Extent of peeling skin"),
        "extent_percent": _("Extent the rules worked with"),
        "morphology": _("Kinds of rash ticked"),
        "red_flags": _("Danger signs ticked"),
        "skin_pain_nrs": _("Worst skin pain"),
        "adl": _("Daily activities limited"),
        "adl_due_to": _("What limits the daily activities"),
        "mouth": _("Sore mouth"),
        "mouth_intake_affected": _("Eats or drinks less because of the mouth"),
        "periorbital": _("Swollen eyelids"),
        "stools_over_baseline": _("More stools a day than usual"),
        "nausea": _("Feeling sick"),
        "fatigue": _("Tiredness"),
        "limb_swelling": _("Swollen arms or legs"),
        "blurred_vision": _("Blurred sight"),
        "weight_gain_3d_kg": _("Weight gained in 3 days"),
        "imatinib_mg_taken": _("Imatinib taken that day; 0 = not taken"),
        "imatinib_mg_prescribed": _("Imatinib planned for that day"),
        "prednisolone_mg_taken": _("Prednisolone taken that day; 0 = not taken"),
        "prednisolone_mg_prescribed": _("Prednisolone planned for that day"),
        "wants_contact": _("Asked for contact that day"),
        "words": _("The patient's own words"),
    }


def _frame() -> dict[str, str]:
    return {
        "patient_code": _("The clinic's code of the patient"),
        "patient_name": _("Name of the patient"),
        "born_on": _("Date of birth"),
        "time_zone": _("Time zone of the patient then"),
        "clinic_name": _("Name of the clinic"),
        "clinic_phone": _("Phone number of the clinic"),
        "first_on": _("First day of this export"),
        "last_on": _("Last day of this export"),
        "made_at": _("When this export was made"),
        "made_by": _("Who made this export"),
        "phone": _("Phone number of the patient"),
        "language": _("Language of the patient"),
        "prefers_unit": _("Unit in which the patient reads temperatures"),
        "prior_severe_reaction": _("Had a severe skin reaction before"),
        "prior_reaction_type": _("Kind of the earlier reaction"),
        "on_systemic_steroid": _("Takes a steroid"),
        "baseline_grades": _("Usual for this patient: symptom=grade"),
        "entry_id": _("Identifier of this version of the entry"),
        "version": _("1 = first version, higher = corrected"),
        "kind": _("Whole entry, or a later temperature alone"),
        "author": _("Who wrote it"),
        "diary_on": _("The day the entry is about"),
        "local_time": _("Patient's clock when it was saved"),
        "received_at": _("When the clinic received it"),
        "first_id": _("Identifier of the first version of the entry"),
        "written_at": _("When it was written"),
        "variable": _("Which answer or result: the column name in the table entries"),
        "level": _("How soon a person must know"),
        "v6_rash_maculopapular": _("Estimated CTCAE 6.0 rash grade"),
        "reason_codes": _("Rules that fired"),
        "rules_version": _("Version of the rules that graded it"),
        "day_since_step": _("Days since the last imatinib step up or restart"),
        "assessed_at": _("When it was graded"),
        "recheck_minutes": _("A second temperature was asked for after"),
        "inputs": _("What the rules were given"),
        "position": _("Place in the list, the first is 1"),
        "sentence": _("The reason as the care team reads it"),
        "patient_sentence": _("The reason as the patient read it"),
        "source": _("Where the rule comes from"),
        "values": _("What the rule looked at"),
        "finding": _("Number of the finding in the table findings"),
        "about": _("What was graded without an entry"),
        "about_on": _("The day that it is about"),
        "grades": _("Estimated CTCAE 5.0 grades: symptom=grade"),
    }


def _care() -> dict[str, str]:
    return {
        "starts_on": _("First day of the step"),
        "imatinib_mg": _("Imatinib on a dosing day; 0 = stopped"),
        "every_n_days": _("1 = daily, 2 = every 2nd day"),
        "prednisolone_mg": _("Prednisolone a day; empty = the plan says nothing"),
        "reason": _("Why the step was taken"),
        "approved_at": _("When a clinician confirmed it"),
        "superseded_at": _("When a newer plan replaced it"),
        "dose_on": _("The day the dose belongs to"),
        "drug": _("Medicine"),
        "planned_mg": _("Planned for that day; 0 = none, empty = no plan"),
        "how": _("How it was taken"),
        "taken_mg": _("Taken that day; 0 = not taken, empty = not known"),
        "taken_clock": _("When it was taken late"),
        "vomited_after": _("How long after the dose (minutes)"),
        "recorded_at": _("When it was said"),
        "taken_on": _("Day of the blood sample"),
        "name": _("Name of the value"),
        "value": _("The value, in unit"),
        "unit": _("Unit of the value"),
        "lower_limit": _("Lower limit of that laboratory"),
        "upper_limit": _("Upper limit of that laboratory"),
        "grade": _("Estimated CTCAE 5.0 grade of the value"),
        "sampled_at": _("When the sample was taken"),
        "last_dose_at": _("The last dose before the sample"),
        "is_trough": _("Taken just before the next dose"),
        "entered_at": _("When it was typed"),
        "entered_by": _("Who typed it"),
        "code": _("Code of the alert or of the rule"),
        "alert_code": _("Code of the alert"),
        "state": _("Where the alert stands"),
        "raised_at": _("When the alert was raised"),
        "level_since": _("Since when it has this level"),
        "acknowledged_at": _("When somebody took it"),
        "acknowledged_by": _("Who took it"),
        "closed_at": _("When it was closed"),
        "closed_by": _("Who closed it"),
        "outcome": _("How it ended"),
        "at": _("When it happened"),
        "event": _("What happened"),
        "actor": _("Who did it"),
        "detail": _("More about it"),
        "region": _("Body-map region"),
        "description": _("The patient's words about the photo"),
        "file": _("Where the picture lies in this archive"),
        "sent_with": _("The version of the entry that it was sent with"),
        "is_kept": _("The picture could be opened"),
        "period_ends_on": _("The last of the 7 days asked about"),
        "instrument": _("Library, version and language of the questions"),
        "week": _("Number of the week in the table proctcae"),
        "question": _("Which question: the column name in the table proctcae"),
        "score": _("The answer as a number"),
    }
