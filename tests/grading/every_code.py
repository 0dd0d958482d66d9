"""For every reason code of the rules one course whose last entry fires it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.grading.assess import assess_course
from alerts.grading.course import Context, DoseEvent, Entry, TemperatureInput, Uln
from alerts.grading.reasons import Reason
from tests.grading.told import anc, context, entry, increase, rash, steroid_stop, well

LIMITS = Uln(alt=40, ast=40, bilirubin=1.2, creatinine=1.0, ldh=250)
REACTION = {"prior_severe_reaction": True, "prior_reaction_type": "maculopapular_g3"}
LOW_RISK = context(anc_history=anc(2.1, -5), prior_severe_reaction=False)
RESTARTED = DoseEvent(-40, "restart", 0, 100)


@dataclass(frozen=True)
class Example:
    """A course; its last entry fires the code."""

    entries: Sequence[Entry]
    where: Context


def after(*entries: Entry, where: Context | None = None) -> Example:
    return Example(entries, where or context())


def flagged(*flags: str, **told: object) -> Example:
    return after(well(red_flags=list(flags), **told))


def labs(where: Context | None = None, **values: float) -> Example:
    return after(entry(labs=values), where=where or context(uln=LIMITS))


def silence(days: int, *before: Entry, where: Context | None = None) -> Example:
    silent = [entry(day, no_entry=True) for day in range(1, days + 1)]
    return after(*(before or (well(),)), *silent, where=where)


EXAMPLES: Mapping[str, Example] = {
    "R1_BLISTERS": flagged("blisters"),
    "R1_SKIN_PEELING": flagged("skin_peeling_raw"),
    "R1_PURPLE_SKIN": after(rash(5, "purple_nonblanching")),
    "R1_MUCOSA_EYE": flagged("eye_sores"),
    "R1_MUCOSA_GENITAL": flagged("genital_sores"),
    "R1_FACE_SWELLING": flagged("face_swelling"),
    "R1_AIRWAY_EMERGENCY": flagged("breathing_difficulty"),
    "R1_VISUAL_DISTURBANCE": flagged("visual_disturbance"),
    "R1_CONFUSION": flagged("confusion"),
    "R1_REDUCED_URINE": flagged("reduced_urine"),
    "R1_JAUNDICE": flagged("jaundice_or_dark_urine"),
    "R1_RIGORS": after(well(chills="rigors")),
    "R1_CHEST_PAIN_SYNCOPE": flagged("fainting"),
    "R1_BLEEDING": flagged("bleeding"),
    "R1_SEVERE_ABDOMINAL_PAIN": flagged("severe_abdominal_pain"),
    "R1_SKIN_PAIN_WITH_RASH": after(rash(5, red_flags=["skin_pain"])),
    "R1_SKIN_PAIN_NO_RASH": flagged("skin_pain"),
    "R1_MOUTH_SORES_WITH_RASH": after(rash(5, mouth="mild")),
    "R1_MOUTH_SORES_NO_RASH": flagged("mouth_sores"),
    "R1_TARGET_LESIONS_PLUS": after(rash(2, "target_lesions", celsius=38.0)),
    "R1_TARGET_LESIONS_ALONE": after(rash(2, "target_lesions")),
    "R1_PUSTULES_AGEP": after(rash(12, "pustules_widespread", red_flags=["feels_unwell"])),
    "R1_DRESS_PATTERN": after(rash(12, red_flags=["swollen_glands"], celsius=37.6)),
    "R2_ONLY_BENIGN_MORPHOLOGY": after(rash(12, "hyperpigmentation")),
    "R2_BSA_ASSUMED_GT30_GENERALISED": after(entry(generalized=True)),
    "R2_BSA_MISSING_MIN_GRADE": after(entry(rash_present=True)),
    "R4_TEMP_REJECTED_UNIT_SUSPECT_F_ENTERED_AS_C": after(well(celsius=101)),
    "R4_TEMP_REJECTED_UNIT_SUSPECT_C_ENTERED_AS_F": after(
        entry(temperature_input=TemperatureInput(38.4, "F", "oral"))
    ),
    "R4_TEMP_REJECTED_TEMP_IMPLAUSIBLE": after(well(celsius=385)),
    "R4_FAILSAFE_FEVER_IF_OTHER_UNIT": after(well(celsius=101)),
    "R4_SITE_ADJUSTED_PLUS_0_5": after(well(celsius=37.2, site="axillary")),
    "R4_TEMP_GE_38_3": after(entry(temperature_input=TemperatureInput(102.2, "F", "oral"))),
    "R4_TEMP_GE_38_0_SUSTAINED_1H": after(
        well(celsius=38.2, clock="09:00"), well(celsius=38.0, clock="10:10"), where=LOW_RISK
    ),
    "R4_TEMP_38_0_TO_38_2_LOW_RISK_RECHECK_1H": after(
        well(celsius=38.1, chills="none"), where=LOW_RISK
    ),
    "R4_TEMP_GE_38_0_NEUTROPENIA_NOT_EXCLUDED": after(well(celsius=37.6, site="axillary")),
    "R4_RECHECK_NOT_ENTERED_90MIN": after(
        well(celsius=38.1, clock="20:00", chills="none"),
        entry(0, "21:30", timer_event="recheck_not_entered"),
        where=LOW_RISK,
    ),
    "R4_TEMP_37_5_TO_37_9_WITH_RISK": after(
        well(celsius=37.7, prednisolone_mg_taken=20, prednisolone_mg_prescribed=20)
    ),
    "R4_TEMP_37_5_TO_37_9_RECHECK_4H": after(well(celsius=37.7)),
    "R4_TEMP_LT_36_UNWELL": flagged("feels_unwell", celsius=35.4),
    "R4_CHILLS_MILD": after(well(chills="mild")),
    "R5_EXTENT_GT_30_PERCENT": after(rash(45, itch_nrs=1)),
    "R5_RASH_G3_LIKE": after(rash(35, itch_nrs=5)),
    "R5_RASH_G2_NEW_OR_WORSE": after(rash(15, itch_nrs=2)),
    "R5_RASH_G2_WITH_PRURITUS_G2": after(rash(15, itch_nrs=5)),
    "R5_RASH_G2_PERSISTING_7D": after(rash(15), rash(15, day=7)),
    "R5_RASH_G2_STABLE": after(rash(15), rash(15, day=1)),
    "R5_RECURRENT_G2": after(rash(15), rash(4, day=8), rash(15, day=16)),
    "R5_RASH_G1_IN_WINDOW": after(rash(4), where=context(increase(-4))),
    "R5_RASH_G1": after(rash(4)),
    "R5_RAPID_SPREAD_GE_20PTS_48H": after(rash(4), rash(25, day=1)),
    "R5_RAPID_SPREAD_GE_10PTS_48H": after(rash(4), rash(15, day=1)),
    "R6_PRURITUS_G3_LIKE": after(well(itch_nrs=8)),
    "R6_PRURITUS_G2": after(well(itch_nrs=5)),
    "R6_PRURITUS_G2_IN_WINDOW": after(well(itch_nrs=5), where=context(increase(-4))),
    "R6_PRURITUS_G1": after(well(itch_nrs=2)),
    "R6_ITCH_WORSE_BY_4_IN_72H": after(well(itch_nrs=1), well(itch_nrs=5, day=2)),
    "R7_MUCOSITIS_G1": after(well(mouth="mild")),
    "R7_MUCOSITIS_G2_NEW": after(well(mouth="moderate")),
    "R7_MUCOSITIS_G2_STABLE": after(well(mouth="moderate"), well(1, mouth="moderate")),
    "R7_MUCOSITIS_G3": after(well(mouth="moderate", mouth_intake_affected=True)),
    "R7_PERIORBITAL_EDEMA_G1": after(well(periorbital="soft")),
    "R7_PERIORBITAL_EDEMA_G2_NEW": after(well(periorbital="firm_or_pitting")),
    "R7_PERIORBITAL_EDEMA_G2_STABLE": after(
        well(periorbital="firm_or_pitting"), well(1, periorbital="firm_or_pitting")
    ),
    "R7_PERIORBITAL_EDEMA_G3": after(well(periorbital="cannot_open_or_vision")),
    "R7_DIARRHEA_G1": after(well(stools_over_baseline=1)),
    "R7_DIARRHEA_G2_NEW": after(well(stools_over_baseline=5)),
    "R7_DIARRHEA_G2_STABLE": after(well(stools_over_baseline=5), well(1, stools_over_baseline=5)),
    "R7_DIARRHEA_G3": after(well(stools_over_baseline=8)),
    "R7_NAUSEA_G1": after(well(nausea="mild")),
    "R7_NAUSEA_G2_NEW": after(well(nausea="reduced_intake")),
    "R7_NAUSEA_G2_STABLE": after(well(nausea="reduced_intake"), well(1, nausea="reduced_intake")),
    "R7_NAUSEA_G3": after(well(nausea="inadequate_intake")),
    "R7_FATIGUE_G1": after(well(fatigue="relieved_by_rest")),
    "R7_FATIGUE_G2_NEW": after(well(fatigue="not_relieved")),
    "R7_FATIGUE_G2_STABLE": after(well(fatigue="not_relieved"), well(1, fatigue="not_relieved")),
    "R7_FATIGUE_G3": after(well(fatigue="self_care")),
    "R7_LIMB_EDEMA_G1": after(well(limb_swelling="mild")),
    "R7_LIMB_EDEMA_G2_NEW": after(well(limb_swelling="moderate")),
    "R7_LIMB_EDEMA_G2_STABLE": after(
        well(limb_swelling="moderate"), well(1, limb_swelling="moderate")
    ),
    "R7_LIMB_EDEMA_G3": after(well(limb_swelling="severe")),
    "R7_BLURRED_VISION_G1": after(well(blurred_vision="mild")),
    "R7_BLURRED_VISION_G2_NEW": after(well(blurred_vision="moderate")),
    "R7_BLURRED_VISION_G2_STABLE": after(
        well(blurred_vision="moderate"), well(1, blurred_vision="moderate")
    ),
    "R7_BLURRED_VISION_G3": after(well(blurred_vision="severe")),
    "R7_RAPID_WEIGHT_GAIN": after(well(weight_gain_3d_kg=2.3)),
    "R7_FEELS_UNWELL_ALONE": flagged("feels_unwell"),
    "R7_TWO_OR_MORE_FRESH_AMBERS": after(rash(12, stools_over_baseline=5)),
    "R8_RECURRENCE_AFTER_SCAR": after(
        well(itch_nrs=5),
        where=context(increase(-4), prior_severe_reaction=True, prior_reaction_type="dress"),
    ),
    "R8_RECURRENCE_AFTER_STEP_UP_MAJOR": after(
        rash(12, itch_nrs=5), where=context(RESTARTED, increase(-4), **REACTION)
    ),
    "R8_RECURRENCE_AFTER_STEP_UP_POSSIBLE": after(
        rash(2, itch_nrs=1), where=context(RESTARTED, increase(-6), **REACTION)
    ),
    "R8_RELAPSE_AFTER_STEROID_STEP_DOWN": after(
        rash(4), where=context(steroid_events=(steroid_stop(-10),))
    ),
    "R9_ANC_LT_0_5": labs(anc_1e9_l=0.4),
    "R9_ANC_LT_1_0_LABEL_HOLD": labs(anc_1e9_l=0.8),
    "R9_ALT_G2": labs(alt=133),
    "R9_AST_G2": labs(ast=133),
    "R9_ALT_GT_5ULN_LABEL_HOLD": labs(alt=260),
    "R9_AST_GT_5ULN_LABEL_HOLD": labs(ast=260),
    "R9_BILIRUBIN_G2": labs(bilirubin=2.0),
    "R9_BILIRUBIN_GT_3ULN_LABEL_HOLD": labs(bilirubin=4.1),
    "R9_HYS_LAW_PATTERN": labs(alt=133, bilirubin=2.6),
    "R9_CREATININE_G2": labs(creatinine=1.7),
    "R9_EOS_GT_1_WITH_RASH": after(rash(4, labs={"eosinophils_1e9_l": 1.4})),
    "R9_DRESS_PATTERN_LABS": after(
        rash(4, labs={"eosinophils_1e9_l": 1.4}, red_flags=["swollen_glands"])
    ),
    "R9_FEBRILE_NEUTROPENIA": after(well(celsius=38.6), where=context(anc_history=anc(0.4, -3))),
    "R10_DOSE_ABOVE_PLAN": after(well(imatinib_mg_taken=200, imatinib_mg_prescribed=100)),
    "R10_MISSED_DOSE": after(well(imatinib_mg_taken=0, imatinib_mg_prescribed=400)),
    "R10_MISSED_3_CONSECUTIVE": after(
        *(well(day, imatinib_mg_taken=0, imatinib_mg_prescribed=400) for day in range(3))
    ),
    "R10_DOSE_BELOW_PLAN": after(well(imatinib_mg_taken=200, imatinib_mg_prescribed=400)),
    "R10_STEROID_MISSED": after(well(prednisolone_mg_taken=0, prednisolone_mg_prescribed=20)),
    "R10_STEROID_STOPPED_ABRUPTLY": after(
        *(well(day, prednisolone_mg_taken=0, prednisolone_mg_prescribed=20) for day in range(2))
    ),
    "R11_PATIENT_REMINDER_ONLY": silence(1),
    "R11_NO_ENTRY_48H_AFTER_CONCERN": silence(2, rash(18, itch_nrs=4)),
    "R11_NO_ENTRY_48H_IN_WINDOW": silence(2, where=context(increase(-4))),
    "R11_NO_ENTRY_PERSISTS": silence(3, rash(18, itch_nrs=4)),
    "R11_NO_ENTRY_7D": silence(7),
    "NO_CRITERIA_MET": after(well()),
}


def fired(code: str) -> Reason:
    """Return the reason of this code from the course that was made to fire it."""
    example = EXAMPLES[code]
    reasons = assess_course(example.where, example.entries)[-1].reasons
    return next(reason for reason in reasons if reason.code == code)
