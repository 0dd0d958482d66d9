"""Words and numbers of the field: levels, vocabularies, comparisons with a tolerance."""

from __future__ import annotations

from enum import IntEnum

EPS = 1e-6
MINUTES_PER_DAY = 1440

CTCAE_VERSIONS = ("5.0", "6.0")


class Level(IntEnum):
    """How soon a person must know; ordered, so that ``max`` is the level of an entry."""

    NONE = 0
    DIGEST = 1
    PROMPT = 2
    URGENT = 3

    @property
    def word(self) -> str:
        """Return the stored word: none, digest, prompt or urgent."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> Level:
        """Return the level of a stored word.

        Raises:
            ValueError: If the word is not one of the four.
        """
        for level in cls:
            if level.word == word:
                return level
        raise ValueError(f"A level is none, digest, prompt or urgent, got {word!r}.")

    def raised(self) -> Level:
        """Return the next level up, at most urgent."""
        return Level(min(self + 1, Level.URGENT))


def at_least(value: float, limit: float) -> bool:
    """Return whether the value reaches the limit, within the tolerance."""
    return value >= limit - EPS


def above(value: float, limit: float) -> bool:
    """Return whether the value lies over the limit by more than the tolerance."""
    return value > limit + EPS


def below(value: float, limit: float) -> bool:
    """Return whether the value lies under the limit by more than the tolerance."""
    return value < limit - EPS


BENIGN_MORPHOLOGY = frozenset({"scratch_marks", "hyperpigmentation", "dry_skin"})
MORPHOLOGY = BENIGN_MORPHOLOGY | {
    "macules_papules",
    "acneiform_pustules",
    "hives",
    "target_lesions",
    "blisters",
    "scaling_dry",
    "peeling_raw",
    "purple_nonblanching",
    "pustules_widespread",
    "diffuse_redness",
    "crusted_infected",
}
RED_FLAGS = frozenset(
    {
        "blisters",
        "skin_peeling_raw",
        "mouth_sores",
        "eye_sores",
        "genital_sores",
        "skin_pain",
        "purple_skin",
        "purple_nonblanching",
        "target_lesions",
        "face_swelling",
        "lip_tongue_swelling",
        "breathing_difficulty",
        "pustules_widespread",
        "swollen_glands",
        "visual_disturbance",
        "confusion",
        "reduced_urine",
        "jaundice_or_dark_urine",
        "rigors",
        "chest_pain",
        "fainting",
        "bleeding",
        "severe_abdominal_pain",
        "feels_unwell",
    }
)
ITCH_EXTENTS = frozenset({"localized", "widespread"})
ITCH_PATTERNS = frozenset({"intermittent", "constant"})
SLEEP_LOSSES = frozenset({"none", "some", "major"})
ADL_LIMITS = frozenset({"none", "instrumental", "self_care"})
SEVERITIES = frozenset({"none", "mild", "moderate", "severe"})
PERIORBITAL = frozenset({"none", "soft", "firm_or_pitting", "cannot_open_or_vision"})
NAUSEA = frozenset({"none", "mild", "reduced_intake", "inadequate_intake"})
FATIGUE = frozenset({"none", "relieved_by_rest", "not_relieved", "self_care"})
CHILLS = frozenset({"none", "mild", "rigors"})
UNITS = frozenset({"C", "F"})
SITES = frozenset({"oral", "axillary", "tympanic", "forehead", "rectal", "unknown"})
GRADED = frozenset(
    {
        "rash",
        "rash_maculopapular",
        "rash_acneiform",
        "urticaria",
        "erythema_multiforme",
        "bullous_dermatitis",
        "sjs_ten_suspected",
        "pruritus",
        "fever",
        "febrile_neutropenia",
        "mucositis",
        "periorbital_edema",
        "diarrhea",
        "nausea",
        "fatigue",
        "limb_edema",
        "blurred_vision",
        "lab_alt",
        "lab_ast",
        "lab_bilirubin",
        "lab_creatinine",
        "lab_ldh",
        "lab_eosinophilia",
        "lab_anc",
    }
)
TIMER_EVENTS = frozenset({"recheck_not_entered"})
DOSE_EVENTS = frozenset({"start", "restart", "increase", "decrease", "stop"})
STEROID_EVENTS = frozenset({"start", "restart", "increase", "decrease", "stop"})
REACTION_TYPES = frozenset(
    {"maculopapular_g3", "exfoliative", "em_no_mucosa", "em_mucosal", "sjs_ten", "dress"}
)
