"""Signs that do not wait for a grade (R1)."""

from __future__ import annotations

from alerts.grading.answer_words import FLAGS, LESIONS
from alerts.grading.case import Case
from alerts.grading.course import Entry
from alerts.grading.reasons import EMERGENCY, PHONE, Reason, Wording
from alerts.grading.terms import Level

LEAFLET = "EU package leaflet of imatinib, section 4"
DANGEROUS_RASH = "Danger signs of drug eruptions; EU package leaflet of imatinib, section 4"


def _sign(
    code: str, nurse: str, patient: str, source: str = LEAFLET, advice: str = PHONE
) -> Wording:
    return Wording(code, nurse, patient, source, advice)


BLISTERS = _sign(
    "R1_BLISTERS",
    "Fluid-filled blisters reported: possible bullous reaction, SJS or TEN.",
    "You told us about blisters on your skin.",
    DANGEROUS_RASH,
)
PEELING = _sign(
    "R1_SKIN_PEELING",
    "Skin coming off in sheets, raw below: possible SJS or TEN.",
    "You told us that skin is coming off and is raw below.",
    DANGEROUS_RASH,
)
PURPLE = _sign(
    "R1_PURPLE_SKIN",
    "Purple skin that does not fade when pressed: possible purpura, necrosis or sepsis.",
    "You told us about dark purple skin.",
    DANGEROUS_RASH,
)
EYE_SORES = _sign(
    "R1_MUCOSA_EYE",
    "Sore, sticky eyes: possible involvement of the mucosa.",
    "You told us about sore eyes.",
    DANGEROUS_RASH,
)
GENITAL_SORES = _sign(
    "R1_MUCOSA_GENITAL",
    "Genital sores: possible involvement of the mucosa.",
    "You told us about sores in the genital area.",
    DANGEROUS_RASH,
)
FACE = _sign(
    "R1_FACE_SWELLING",
    "Swelling of the whole face or sudden swelling: possible DRESS, angioedema or fluid.",
    "You told us that your face is swollen.",
    DANGEROUS_RASH,
)
AIRWAY = _sign(
    "R1_AIRWAY_EMERGENCY",
    "Airway emergency: {told}.",
    "You told us about {told}.",
    advice=EMERGENCY,
)
VISION = _sign(
    "R1_VISUAL_DISTURBANCE",
    "Disturbed vision or eye pain reported.",
    "You told us that your sight has changed.",
)
CONFUSION = _sign(
    "R1_CONFUSION",
    "Confusion reported: possible sepsis, liver or brain involvement.",
    "You or someone near you told us about confusion.",
)
URINE = _sign(
    "R1_REDUCED_URINE",
    "Hardly any urine for 12 hours: possible kidney injury or sepsis.",
    "You told us that you pass hardly any urine.",
)
JAUNDICE = _sign(
    "R1_JAUNDICE",
    "Yellow eyes or dark urine: possible liver injury.",
    "You told us about yellow eyes or dark urine.",
)
RIGORS = _sign(
    "R1_RIGORS",
    "Shaking chills, at any temperature: possible bacteremia.",
    "You told us about shaking chills.",
)
CHEST = _sign(
    "R1_CHEST_PAIN_SYNCOPE",
    "Reported: {told}.",
    "You told us about {told}.",
    advice=EMERGENCY,
)
BLEEDING = _sign(
    "R1_BLEEDING",
    "Bleeding or black stools reported.",
    "You told us about bleeding.",
)
ABDOMEN = _sign(
    "R1_SEVERE_ABDOMINAL_PAIN",
    "Severe abdominal pain: possible bleeding or perforation of the tumor.",
    "You told us about severe belly pain.",
)
PAIN_WITH_RASH = _sign(
    "R1_SKIN_PAIN_WITH_RASH",
    "Painful skin with a rash (estimated grade {rash}): possible SJS or TEN.",
    "You told us that your skin hurts where the rash is.",
    DANGEROUS_RASH,
)
PAIN_ALONE = _sign(
    "R1_SKIN_PAIN_NO_RASH",
    "Painful skin; no rash reported.",
    "You told us that your skin is painful.",
    DANGEROUS_RASH,
)
MOUTH_WITH_RASH = _sign(
    "R1_MOUTH_SORES_WITH_RASH",
    "Mouth sores with a rash (estimated grade {rash}): possible SJS or erythema multiforme major.",
    "You told us about mouth sores and a rash.",
    DANGEROUS_RASH,
)
MOUTH_ALONE = _sign(
    "R1_MOUTH_SORES_NO_RASH",
    "Mouth sores ticked, severity not given, no rash reported.",
    "You told us about sores in your mouth.",
)
TARGETS_PLUS = _sign(
    "R1_TARGET_LESIONS_PLUS",
    "Target lesions (rings on the skin) with {beside}: possible SJS or erythema multiforme major.",
    "You told us about ring-shaped spots and {beside}.",
    DANGEROUS_RASH,
)
TARGETS_ALONE = _sign(
    "R1_TARGET_LESIONS_ALONE",
    "Target lesions (rings on the skin) without fever, pain or sores.",
    "You told us about ring-shaped spots.",
    DANGEROUS_RASH,
)
PUSTULES = _sign(
    "R1_PUSTULES_AGEP",
    "Widespread pustules{beside}: possible AGEP.",
    "You told us about many small pus spots{beside}.",
    DANGEROUS_RASH,
)
GLANDS = _sign(
    "R1_DRESS_PATTERN",
    "Swollen glands with a rash (estimated grade {rash}){beside}: possible DRESS.",
    "You told us about swollen glands with a rash{beside}.",
    DANGEROUS_RASH,
)

# A sign, the red flags and the lesion types that mean it; each is urgent on its own.
SIGNS: tuple[tuple[Wording, frozenset[str], frozenset[str]], ...] = (
    (BLISTERS, frozenset({"blisters"}), frozenset({"blisters"})),
    (PEELING, frozenset({"skin_peeling_raw"}), frozenset({"peeling_raw"})),
    (
        PURPLE,
        frozenset({"purple_skin", "purple_nonblanching"}),
        frozenset({"purple_nonblanching"}),
    ),
    (EYE_SORES, frozenset({"eye_sores"}), frozenset()),
    (GENITAL_SORES, frozenset({"genital_sores"}), frozenset()),
    (FACE, frozenset({"face_swelling"}), frozenset()),
    (AIRWAY, frozenset({"lip_tongue_swelling", "breathing_difficulty"}), frozenset()),
    (VISION, frozenset({"visual_disturbance"}), frozenset()),
    (CONFUSION, frozenset({"confusion"}), frozenset()),
    (URINE, frozenset({"reduced_urine"}), frozenset()),
    (JAUNDICE, frozenset({"jaundice_or_dark_urine"}), frozenset()),
    (CHEST, frozenset({"chest_pain", "fainting"}), frozenset()),
    (BLEEDING, frozenset({"bleeding"}), frozenset()),
    (ABDOMEN, frozenset({"severe_abdominal_pain"}), frozenset()),
)
TICKS = {**LESIONS, **FLAGS}
TELLING_LESIONS = frozenset[str]().union(*(lesions for _, _, lesions in SIGNS))
WORDINGS = (
    *(wording for wording, _, _ in SIGNS),
    RIGORS,
    PAIN_WITH_RASH,
    PAIN_ALONE,
    MOUTH_WITH_RASH,
    MOUTH_ALONE,
    TARGETS_PLUS,
    TARGETS_ALONE,
    PUSTULES,
    GLANDS,
)


def red_flag_reasons(case: Case) -> list[Reason]:
    """Return every warning sign of the entry, urgent unless it stands alone."""
    entry = case.entry
    told, seen = entry.red_flags or frozenset(), entry.morphology or frozenset()
    reasons: list[Reason] = []
    if told or not seen.isdisjoint(TELLING_LESIONS):
        reasons = [
            wording.reason(Level.URGENT, told=_words((told & flags) | (seen & lesions)))
            for wording, flags, lesions in SIGNS
            if not (told.isdisjoint(flags) and seen.isdisjoint(lesions))
        ]
    if entry.flagged("rigors") or entry.chills == "rigors":
        reasons.append(RIGORS.reason(Level.URGENT, told=FLAGS["rigors"]))
    reasons += _skin_pain(case)
    reasons += _mouth_sores(case)
    if _either(entry, "target_lesions"):
        reasons.append(_targets(case))
    if _either(entry, "pustules_widespread"):
        reasons.append(_pustules(case))
    if entry.flagged("swollen_glands") and case.grade("rash") >= 1:
        reasons.append(_glands(case))
    return reasons


def _words(ticked: frozenset[str]) -> str:
    return " and ".join(dict.fromkeys(TICKS[word] for word in TICKS if word in ticked))


def _either(entry: Entry, word: str) -> bool:
    return entry.flagged(word) or entry.looks_like(word)


def _skin_pain(case: Case) -> list[Reason]:
    if not case.entry.flagged("skin_pain"):
        return []
    rash = case.grade("rash")
    if rash >= 1:
        return [PAIN_WITH_RASH.reason(Level.URGENT, told=FLAGS["skin_pain"], rash=rash)]
    return [PAIN_ALONE.reason(Level.PROMPT, told=FLAGS["skin_pain"])]


def _mouth_sores(case: Case) -> list[Reason]:
    rash = case.grade("rash")
    if case.mouth_sores() and rash >= 1:
        told = FLAGS["mouth_sores"]
        return [MOUTH_WITH_RASH.reason(Level.URGENT, told=told, rash=rash)]
    if case.entry.flagged("mouth_sores") and case.entry.mouth is None:
        return [MOUTH_ALONE.reason(Level.PROMPT, told=FLAGS["mouth_sores"])]
    return []


def _targets(case: Case) -> Reason:
    beside = _present(
        ("mouth sores", case.mouth_sores()),
        ("skin pain", case.entry.flagged("skin_pain")),
        ("eye or genital sores", case.entry.flagged("eye_sores", "genital_sores")),
        ("fever", case.reading.reaches(case.rules.fever_celsius)),
    )
    if beside:
        return TARGETS_PLUS.reason(Level.URGENT, told=FLAGS["target_lesions"], beside=beside)
    return TARGETS_ALONE.reason(Level.PROMPT, told=FLAGS["target_lesions"])


def _pustules(case: Case) -> Reason:
    beside = _present(
        ("fever", case.reading.reaches(case.rules.fever_celsius)),
        ("feeling unwell", case.entry.flagged("feels_unwell")),
    )
    level = Level.URGENT if beside else Level.PROMPT
    told = FLAGS["pustules_widespread"]
    return PUSTULES.reason(level, told=told, beside=f" and {beside}" if beside else "")


def _glands(case: Case) -> Reason:
    beside = _present(
        ("a raised temperature", case.reading.reaches(case.rules.raised_celsius)),
        ("a swollen face", case.entry.flagged("face_swelling")),
        ("firm swelling around the eyes", case.grade("periorbital_edema") >= 2),
    )
    level = Level.URGENT if beside else Level.PROMPT
    words = f" and {beside}" if beside else ""
    told = FLAGS["swollen_glands"]
    return GLANDS.reason(level, told=told, rash=case.grade("rash"), beside=words)


def _present(*signs: tuple[str, bool]) -> str:
    return " and ".join(name for name, present in signs if present)
