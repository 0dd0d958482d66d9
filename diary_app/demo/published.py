"""Two published courses, dated so that they reach today. Names and birthdays are invented.

What a publication does not state is assumed as in clinical.md 9C (D01 to D04).
"""

from datetime import date

from diary_app.demo.course import Course, Lab, Said, Step, answers, rash

_HWANG_LIMITS = {"alt": 43.0, "ast": 38.0, "bilirubin": 1.3, "creatinine": 1.3, "ldh": 472.0}
_UNITS = {"alt": "U/L", "ast": "U/L", "ldh": "U/L", "bilirubin": "mg/dL", "creatinine": "mg/dL"}


def _hwang_labs(day: int, **values: float) -> tuple[Lab, ...]:
    return tuple(
        Lab(day, name, value, _UNITS[name], upper_limit=_HWANG_LIMITS[name])
        for name, value in values.items()
    )


# Eight quiet weeks, the crisis at about three months, a month's pause, then the steps 100 mg
# every other day, 100 mg, 200 mg; the rash is back on the 4th day at 200 mg, which is today.
_CRISIS, _RESTART = 90, 120
_DAILY, _STEP_200 = _RESTART + 7, _RESTART + 21
_TODAY = _STEP_200 + 4

HWANG = Course(
    code="P-001",
    name="Jong-su Han",
    born_on=date(1955, 3, 14),
    phone="+49 30 555 0111",
    started_days_ago=_TODAY,
    source="Hwang JE et al. BMC Cancer 2010;10:438",
    patient={
        "prior_severe_reaction": True,
        "prior_reaction_type": "exfoliative",
        "baseline_grades": {"periorbital_edema": 1, "pruritus": 1},
    },
    plan=(
        Step(0, 400, reason="Start of treatment"),
        Step(_CRISIS, 0, prednisolone_mg=30, reason="Exfoliative rash with neutropenic fever"),
        Step(_RESTART - 14, 0, prednisolone_mg=15, reason="Skin healing: taper"),
        Step(_RESTART, 100, 2, prednisolone_mg=0, reason="Re-challenge, every other day"),
        Step(_DAILY, 100, 1, prednisolone_mg=0, reason="Tolerated for a week"),
        Step(_STEP_200, 200, 1, prednisolone_mg=0, reason="Tolerated 100 mg daily for two weeks"),
    ),
    entries=(
        *(Said(d, answers(36.7, 2, periorbital="soft"), outcome=None) for d in range(0, 57, 4)),
        *(Said(d, answers(36.8, 2, periorbital="soft")) for d in (60, 66, 72, 78, 84)),
        Said(88, rash(6, "macules_papules", itch=4, periorbital="soft"), outcome="advice"),
        Said(
            _CRISIS,
            rash(
                None,
                "macules_papules",
                "scaling_dry",
                temperature=38.6,
                itch=5,
                generalized=True,
                red_flags=["visual_disturbance"],
                adl="self_care",
                periorbital="cannot_open_or_vision",
                mouth="none",
                stools_over_baseline=2,
                fatigue="not_relieved",
                words="My eyes are swollen shut and the skin is peeling everywhere.",
            ),
            photos=("trunk_front", "head_front"),
            hour=9,
            outcome="sent_to_emergency",
        ),
        *(
            Said(_CRISIS + d, rash(percent, "scaling_dry", temperature=temperature, itch=itch))
            for d, percent, temperature, itch in (
                (6, 45, 37.2, 4),
                (10, 28, 36.9, 3),
                (14, 15, 36.7, 2),
                (18, 6, 36.6, 1),
            )
        ),
        Said(_CRISIS + 24, answers(36.6, 0, bsa_percent=10.0, morphology=["hyperpigmentation"])),
        *(Said(_RESTART + d, answers(36.6, 0)) for d in (0, 1, 2, 4, 6, 8, 10, 14, 17, 20)),
        *(Said(_STEP_200 + d, answers(36.7, 0)) for d in (0, 1, 3)),
        Said(
            _TODAY,
            rash(
                None,
                "scaling_dry",
                temperature=36.9,
                itch=3,
                periorbital="firm_or_pitting",
                words="It starts again like the last time, first around the eyes.",
            ),
            photos=("head_front",),
            hour=8,
            outcome=None,
        ),
    ),
    labs=(
        Lab(_CRISIS, "anc", 0.15, "10^9/L", 1.5, 8.0),
        Lab(_CRISIS, "eosinophils", 1.25, "10^9/L", None, 0.5),
        *_hwang_labs(_CRISIS, alt=161, ast=66, bilirubin=3.9, creatinine=1.4, ldh=498),
        Lab(_RESTART - 2, "anc", 2.4, "10^9/L", 1.5, 8.0),
        *_hwang_labs(_TODAY, ast=89, alt=133, ldh=941),
    ),
)

# Five weeks at 400 mg, target lesions, a month's pause under a taper, two clean months at 100 mg,
# recurrence at 200 mg, then 100 to 200 mg under 5 mg prednisolone: clean for months.
_TARGETS, _AGAIN = 36, 66
_LEE_200 = _AGAIN + 61
_BACK = _LEE_200 + 7

LEE = Course(
    code="P-002",
    name="Min-ji Lim",
    born_on=date(1960, 9, 2),
    phone="+49 30 555 0112",
    started_days_ago=_BACK + 140,
    source="Lee et al. Ann Dermatol 2015;27(5)",
    patient={"prior_severe_reaction": True, "prior_reaction_type": "em_no_mucosa"},
    plan=(
        Step(0, 400, reason="Adjuvant treatment"),
        Step(_TARGETS, 0, prednisolone_mg=30, reason="Erythema multiforme"),
        Step(_TARGETS + 14, 0, prednisolone_mg=10, reason="Taper"),
        Step(_AGAIN, 100, prednisolone_mg=0, reason="Re-challenge without steroid"),
        Step(_LEE_200, 200, prednisolone_mg=0, reason="Two clean months at 100 mg"),
        Step(_BACK, 100, prednisolone_mg=5, reason="Rash came back at 200 mg"),
        Step(_BACK + 28, 200, prednisolone_mg=5, reason="Step up under 5 mg prednisolone"),
    ),
    entries=(
        *(Said(d, answers(36.6, 0)) for d in range(0, 35, 5)),
        Said(34, answers(36.6, 0)),
        Said(35, rash(8, "macules_papules", itch=6), hour=19),
        Said(
            _TARGETS,
            rash(None, "hives", "target_lesions", itch=6, generalized=True),
            photos=("trunk_front",),
            hour=9,
            outcome="dose_held",
        ),
        *(
            Said(_TARGETS + d, rash(percent, "macules_papules", itch=itch))
            for d, percent, itch in ((4, 20, 4), (9, 9, 2), (15, 3, 1))
        ),
        *(Said(_TARGETS + d, answers(36.5, 0)) for d in (22, 28)),
        *(Said(_AGAIN + d, answers(36.5, 0)) for d in range(0, 61, 6)),
        *(Said(_LEE_200 + d, answers(36.6, 0)) for d in (0, 2, 4, 6)),
        Said(
            _BACK,
            rash(15, "hives", "target_lesions", itch=5),
            photos=("trunk_back",),
            outcome="dose_held",
        ),
        *(Said(_BACK + d, rash(percent, "hives", itch=2)) for d, percent in ((3, 6), (7, 2))),
        *(Said(_BACK + d, answers(36.6, 0)) for d in range(12, 140, 4)),
        Said(_BACK + 139, answers(36.6, 0)),
    ),
)
