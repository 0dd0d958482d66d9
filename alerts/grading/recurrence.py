"""A reaction that comes back after a step up or after less steroid (R8)."""

from __future__ import annotations

from alerts.grading.case import Case
from alerts.grading.reasons import Reason, Wording
from alerts.grading.terms import Level

STEPS = (
    "Hwang 2010 (recurrence on day 4 of a step to 200 mg); Lee 2015; window lengths are design "
    "choices"
)
BEFORE_DOSE = "Phone your care team now, before the next dose."
AFTER_SCAR = frozenset({"sjs_ten", "dress", "em_mucosal"})

REACTIONS = {
    "maculopapular_g3": "maculo-papular rash, grade 3",
    "exfoliative": "exfoliative dermatitis",
    "em_no_mucosa": "erythema multiforme without mucosa",
    "em_mucosal": "erythema multiforme with mucosa",
    "sjs_ten": "SJS or TEN",
    "dress": "DRESS",
}
# The same signs for the patient, where the nurse's words hold a grade or a name of a test.
PLAIN = {
    "rash of estimated grade 2 or more": "a wide or troublesome rash",
    "new rash of estimated grade 1": "a new rash",
    "ALT or AST over 3 times the limit": "a blood test about your liver",
}

SCAR = Wording(
    "R8_RECURRENCE_AFTER_SCAR",
    "{signs}, {step}, after a severe cutaneous reaction in the past ({reaction}).",
    "You have a sign that can mean that your severe reaction is coming back, {step}: {signs_told}.",
    STEPS,
    BEFORE_DOSE,
)
MAJOR = Wording(
    "R8_RECURRENCE_AFTER_STEP_UP_MAJOR",
    "{signs}, {step}: probable recurrence of the earlier reaction.",
    "Your earlier reaction may be coming back, {step}: {signs_told}.",
    STEPS,
    BEFORE_DOSE,
)
POSSIBLE = Wording(
    "R8_RECURRENCE_AFTER_STEP_UP_POSSIBLE",
    "{signs}, {step}: possible recurrence of the earlier reaction.",
    "You have a possible sign of your earlier reaction, {step}: {signs_told}.",
    STEPS,
)
AFTER_STEROID = Wording(
    "R8_RELAPSE_AFTER_STEROID_STEP_DOWN",
    "New rash (estimated grade {rash}) {step}: possible relapse with less steroid.",
    "You have a new rash {step}.",
    "Kim 2020, NCT03440515: 5 of 7 relapses within 3 weeks after the steroid",
)
WORDINGS = (SCAR, MAJOR, POSSIBLE, AFTER_STEROID)


def recurrence_reasons(case: Case) -> list[Reason]:
    """Return why the earlier reaction may be coming back."""
    reasons = []
    if case.context.has_prior_severe_reaction and (step := case.windows.step_up) is not None:
        major, minor = major_signs(case), minor_signs(case)
        signs = ", ".join(major + minor)
        reaction = REACTIONS.get(case.context.prior_reaction_type or "", "type unknown")
        values: dict[str, object] = {
            "signs": signs[:1].upper() + signs[1:],
            "signs_told": ", ".join(PLAIN.get(sign, sign) for sign in major + minor),
            "step": step,
        }
        if signs and case.context.prior_reaction_type in AFTER_SCAR:
            reasons.append(SCAR.reason(Level.URGENT, **values, reaction=reaction))
        elif major and len(major + minor) >= 2:
            reasons.append(MAJOR.reason(Level.URGENT, **values))
        elif signs:
            reasons.append(POSSIBLE.reason(Level.PROMPT, **values))
    if case.windows.steroid is not None and case.grade("rash") >= 1 and case.fresh("rash"):
        rash, words = case.grade("rash"), case.windows.steroid
        reasons.append(AFTER_STEROID.reason(Level.PROMPT, rash=rash, step=words))
    return reasons


def major_signs(case: Case) -> list[str]:
    """Return the names of the major signs present."""
    eyelids = case.grade("periorbital_edema") >= 1 and case.fresh("periorbital_edema")
    signs = {
        "rash of estimated grade 2 or more": case.grade("rash") >= 2,
        "swelling of eyelids or face": eyelids or case.entry.flagged("face_swelling"),
        "raised temperature": case.reading.reaches(case.rules.raised_celsius),
        "dry scaling": case.entry.looks_like("scaling_dry"),
        "mouth sores": case.mouth_sores(),
        "ALT or AST over 3 times the limit": max(case.grade("lab_alt"), case.grade("lab_ast")) >= 2,
    }
    return [sign for sign, present in signs.items() if present]


def minor_signs(case: Case) -> list[str]:
    """Return the names of the minor signs present."""
    itch = case.entry.itch_nrs
    signs = {
        "new rash of estimated grade 1": case.grade("rash") == 1 and case.fresh("rash"),
        "moderate itch": itch is not None and itch >= case.rules.itch_moderate,
    }
    return [sign for sign, present in signs.items() if present]
