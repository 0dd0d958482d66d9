"""Codes of answers, symptoms, levels and outcomes in words a clinician reads."""

from collections.abc import Mapping

from alerts.grading.body_surface import REGIONS
from diary_app.exports.bundle import LabLine
from diary_app.text import _, said


def words_for(code: str, words: Mapping[str, str]) -> str:
    """Return the words of a code; a code without words is shown with spaces."""
    return words.get(code, code.replace("_", " "))


def level_words(level: str | None) -> str:
    """Return a level in words; None = the entry could not be graded."""
    if level is None:
        return _("not graded")
    words = {
        "none": _("no alert"),
        "digest": _("weekly list"),
        "prompt": _("same day"),
        "urgent": _("urgent"),
    }
    return words_for(level, words)


def rash_kind_words(code: str) -> str:
    """Return a kind of rash (``morphology`` of clinical.md 9B) in words."""
    words = {
        "macules_papules": _("flat or raised red spots"),
        "acneiform_pustules": _("acne-like pustules"),
        "target_lesions": _("rings like a target"),
        "scaling_dry": _("dry scales"),
        "peeling_raw": _("peeling, raw skin"),
        "purple_nonblanching": _("purple, does not fade"),
        "pustules_widespread": _("many pinhead pustules"),
        "diffuse_redness": _("widespread redness"),
        "crusted_infected": _("crusted or infected"),
        "hyperpigmentation": _("dark marks"),
    }
    return words_for(code, words)


def region_words(code: str) -> str:
    """Return a region of the body map in words."""
    label = next((region.label for region in REGIONS if region.key == code), None)
    return code.replace("_", " ") if label is None else said(label)


def danger_sign_words(code: str) -> str:
    """Return a danger sign (``red_flags`` of clinical.md 4.1) in words."""
    words = {
        "skin_peeling_raw": _("skin peeling, raw below"),
        "purple_skin": _("dark purple skin"),
        "skin_pain": _("sore or burning skin"),
        "lip_tongue_swelling": _("swollen lips or tongue"),
        "breathing_difficulty": _("difficulty breathing"),
        "visual_disturbance": _("disturbed sight"),
        "jaundice_or_dark_urine": _("yellow eyes or dark urine"),
        "rigors": _("uncontrollable shaking"),
        "feels_unwell": _("feels unwell"),
    }
    return words_for(code, words)


def symptom_words(code: str) -> str:
    """Return a graded symptom (a key of ``grades``) in words."""
    words = {
        "rash_maculopapular": _("maculopapular rash"),
        "rash_acneiform": _("acneiform rash"),
        "sjs_ten_suspected": _("SJS/TEN pattern (software flag)"),
        "pruritus": _("itch"),
        "periorbital_edema": _("eyelid swelling"),
        "limb_edema": _("limb swelling"),
        "mucositis": _("mouth sores"),
        "febrile_neutropenia": _("fever with low neutrophils"),
        "lab_alt": _("ALT"),
        "lab_ast": _("AST"),
        "lab_bilirubin": _("bilirubin"),
        "lab_creatinine": _("creatinine"),
        "lab_ldh": _("LDH"),
        "lab_eosinophilia": _("eosinophils"),
        "lab_anc": _("neutrophils (ANC)"),
    }
    return words_for(code, words)


def lab_words(name: str) -> str:
    """Return the name of a laboratory value in words."""
    words = {
        "anc": _("Neutrophils (ANC)"),
        "eosinophils": _("Eosinophils"),
        "alt": _("ALT"),
        "ast": _("AST"),
        "bilirubin": _("Bilirubin"),
        "creatinine": _("Creatinine"),
        "ldh": _("LDH"),
        "imatinib_trough": _("Imatinib trough"),
    }
    return words_for(name, words)


def limit_words(lab: LabLine) -> str:
    """Return on which side a value lies outside the laboratory's limits; "" = inside or unknown."""
    if lab.upper_limit is not None and lab.value > lab.upper_limit:
        return _("above the limit")
    if lab.lower_limit is not None and lab.value < lab.lower_limit:
        return _("below the limit")
    return ""


def outcome_words(state: str, outcome: str | None) -> str:
    """Return how an alert ended, or where it stands when it has no outcome yet."""
    states = {
        "open": _("open, not yet taken"),
        "acknowledged": _("taken, not yet closed"),
        "closed": _("closed"),
    }
    outcomes = {
        "advice": _("advice given"),
        "dose_held": _("dose held"),
        "seen_same_day": _("seen the same day"),
        "sent_to_emergency": _("sent to emergency"),
        "no_action": _("no action needed"),
        "wrong_entry": _("entry was wrong"),
    }
    return words_for(state, states) if outcome is None else words_for(outcome, outcomes)


def author_words(author: str) -> str:
    """Return who wrote an entry, in words."""
    words = {"patient": _("patient"), "carer": _("carer"), "staff": _("care team")}
    return words_for(author, words)
