"""Codes of the FHIR export with their systems: clinical.md section 7, only what it confirms.

What has no confirmed code anywhere (itch scale, share of the skin, amounts on the body map) has
one of the diary's own code systems, below `BASE`, and says so by its address.
"""

from collections.abc import Mapping
from typing import Any

BASE = "https://symptom-diary.example/fhir"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
ATC = "http://www.whocc.no/atc"
MEDDRA = "https://www.meddra.org"
NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

Coded = dict[str, Any]


def own_system(name: str) -> str:
    """Return the address of one of the diary's own code systems."""
    return f"{BASE}/CodeSystem/{name}"


def coding(system: str, code: str, display: str = "") -> Coded:
    """Return a Coding."""
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(*codings: Coded, text: str = "") -> Coded:
    """Return a CodeableConcept."""
    return ({"coding": list(codings)} if codings else {}) | ({"text": text} if text else {})


def own(system: str, code: str, display: str = "") -> Coded:
    """Return a Coding of one of the diary's own systems."""
    return coding(own_system(system), code, display)


# Estimated symptom -> MedDRA LLT, NCIt (CTCAE 5.0 term), SNOMED CT; None = none confirmed.
# A suspicion of SJS/TEN has no code: the codes name the disease.
_TERMS: Mapping[str, tuple[str | None, str | None, str | None]] = {
    "rash": (None, None, "271807003"),
    "rash_maculopapular": ("10037868", "C143799", "247471006"),
    "rash_acneiform": ("10037847", "C143798", "402644006"),
    "pruritus": ("10037087", "C58006", "418363000"),
    "urticaria": ("10046735", "C58019", "126485001"),
    "erythema_multiforme": ("10015218", "C143449", "36715001"),
    "bullous_dermatitis": ("10006556", "C143346", "7231009"),
    "periorbital_edema": ("10054541", "C143747", "49563000"),
    "limb_edema": ("10050068", "C143433", "424372002"),
    "blurred_vision": ("10005886", "C55906", "111516008"),
    "mucositis": ("10028130", "C143679", "61170000"),
    "fever": ("10016558", "C143485", "386661006"),
    "febrile_neutropenia": ("10016288", "C143481", "409089005"),
    "diarrhea": ("10012727", "C57788", "62315008"),
    "nausea": ("10028813", "C146764", "422587007"),
    "fatigue": ("10016256", "C146753", "84229001"),
    "lab_anc": ("10029366", "C143704", "165517008"),
    "lab_eosinophilia": ("10014950", "C143190", None),
    "lab_alt": ("10001551", "C143267", "409673008"),
    "lab_ast": ("10003481", "C143301", "166669000"),
    "lab_bilirubin": ("10005364", "C143325", "166612004"),
    "lab_creatinine": ("10011368", "C143391", "166717003"),
    "lab_ldh": ("10005630", "C143218", None),
}
# Known reaction -> SNOMED CT; two named in one (SJS or TEN) and DRESS have no confirmed code.
_REACTIONS = {
    "maculopapular_g3": "247471006",
    "exfoliative": "399992009",
    "em_no_mucosa": "36715001",
    "em_mucosal": "36715001",
}
# NCI Thesaurus; grade 0 has no confirmed code.
_GRADES = {1: "C41338", 2: "C41339", 3: "C41340", 4: "C41337"}
# LOINC of a laboratory value, and the units that its property (mass, number) allows; None = any.
_LABS: Mapping[str, tuple[str, frozenset[str] | None]] = {
    "alt": ("1742-6", None),
    "ast": ("1920-8", None),
    "ldh": ("2532-0", None),
    "bilirubin": ("1975-2", frozenset({"mg/dL"})),
    "creatinine": ("2160-0", frozenset({"mg/dL"})),
    "anc": ("26499-4", None),
    "eosinophils": ("711-2", None),
    "imatinib_trough": ("57844-3", frozenset({"ng/mL", "ug/L", "mg/L", "ug/mL"})),
}
# How the diary writes a unit -> UCUM.
_UNITS = {
    "10^9/L": "10*9/L",
    "/uL": "/uL",
    "U/L": "U/L",
    "ukat/L": "ukat/L",
    "mg/dL": "mg/dL",
    "umol/L": "umol/L",
    "ng/mL": "ng/mL",
    "ug/L": "ug/L",
    "mg/L": "mg/L",
    "ug/mL": "ug/mL",
}


def symptom(name: str) -> Coded:
    """Return the concept of a symptom that is graded: the diary's own word first."""
    words = name.replace("_", " ")
    systems = (MEDDRA, NCIT, SNOMED)
    known = zip(systems, _TERMS.get(name, (None, None, None)), strict=True)
    return concept(
        own("symptom", name), *(coding(system, code) for system, code in known if code), text=words
    )


def grade(number: int) -> Coded:
    """Return the concept of an estimated grade, 0 to 4."""
    known = [coding(NCIT, _GRADES[number])] if number in _GRADES else []
    return concept(own("grade", str(number)), *known, text=f"Grade {number} (estimated)")


def reaction(name: str) -> Coded:
    """Return the concept of an earlier severe reaction."""
    known = [coding(SNOMED, _REACTIONS[name])] if name in _REACTIONS else []
    return concept(
        own("reaction", name), *known, text=f"Earlier severe reaction: {name.replace('_', ' ')}"
    )


def laboratory(name: str, unit: str) -> Coded:
    """Return the concept of a laboratory value; LOINC only where the unit fits its property."""
    code, units = _LABS.get(name, ("", None))
    fits = bool(code) and (units is None or unit in units)
    return concept(own("laboratory", name), *([coding(LOINC, code)] if fits else []), text=name)


def medicine(drug: str) -> Coded:
    """Return the concept of a medicine; prednisolone has no confirmed code."""
    known = [coding(ATC, "L01EA01", "imatinib")] if drug == "imatinib" else []
    return concept(own("medicine", drug), *known, text=drug)


def quantity(value: float, unit: str) -> Coded:
    """Return a Quantity; with a UCUM code where the unit is one that the diary knows."""
    code = _UNITS.get(unit, unit if unit in {"mg", "%", "Cel", "kg"} else None)
    return {"value": value, "unit": unit} | ({"system": UCUM, "code": code} if code else {})


# What an answer is in a QuestionnaireResponse, by its column.
BOOLEANS = frozenset(
    {
        "antipyretic_within_6h",
        "rash_present",
        "generalized",
        "mouth_intake_affected",
        "wants_contact",
    }
)
INTEGERS = frozenset({"itch_nrs", "skin_pain_nrs", "stools_over_baseline"})
DECIMALS = frozenset(
    {
        "temperature_value",
        "map_percent",
        "handprints",
        "bsa_percent",
        "peeling_bsa_percent",
        "weight_gain_3d_kg",
        "imatinib_mg_taken",
        "imatinib_mg_prescribed",
        "prednisolone_mg_taken",
        "prednisolone_mg_prescribed",
    }
)
TEXTS = frozenset({"temperature_text", "words"})
LISTS = frozenset({"morphology", "red_flags", "adl_due_to"})
MAPS = frozenset({"regions"})
NONE_TICKED = "none-ticked"
