"""A dozen quieter patients, invented: what most days of most patients look like."""

import random
from datetime import date

from diary_app.demo.course import Course, Lab, Other, Said, Step, answers, rash

_NAMES = (
    ("P-003", "Greta Sommer", date(1949, 1, 23)),
    ("P-004", "Tomás Rivera", date(1962, 7, 8)),
    ("P-005", "Ruth Adler", date(1951, 11, 30)),
    ("P-006", "Pavel Novak", date(1957, 4, 17)),
    ("P-007", "Amina Haddad", date(1968, 2, 5)),
    ("P-008", "Henrik Dahl", date(1945, 6, 21)),
    ("P-009", "Lucia Ferri", date(1959, 10, 12)),
    ("P-010", "Samuel Osei", date(1964, 12, 3)),
    ("P-011", "Ingrid Vogt", date(1953, 8, 27)),
    ("P-012", "Marek Zielski", date(1960, 5, 9)),
    ("P-013", "Dolores Peña", date(1947, 3, 31)),
    ("P-014", "Yusuf Kaya", date(1966, 9, 15)),
)
_DAYS = 45


def quiet_courses() -> list[Course]:
    """Return the twelve, always the same."""
    courses = [_everyday(index, *who) for index, who in enumerate(_NAMES)]
    return [_with_story(course) for course in courses]


def _everyday(index: int, code: str, name: str, born_on: date) -> Course:
    """Most days: a temperature, little or no itch, the dose as planned; some days no entry."""
    chance = random.Random(1000 + index)
    days = [day for day in range(_DAYS) if chance.random() < 0.7]
    return Course(
        code=code,
        name=name,
        born_on=born_on,
        phone=f"+49 30 555 02{index:02d}",
        started_days_ago=_DAYS,
        plan=(Step(0, 400, reason="Start of treatment"),),
        entries=tuple(
            Said(
                day,
                answers(round(36.4 + chance.random() * 0.6, 1), chance.choice((0, 0, 0, 1, 1, 2))),
                hour=chance.choice((8, 9, 18, 20, 21)),
            )
            for day in days
        ),
        patient={"baseline_grades": {"pruritus": 1}},
    )


def _with_story(course: Course) -> Course:
    """Give some of them something that the care team should see."""
    story = _STORIES.get(course.code)
    if story is None:
        return course
    entries, more = story
    first = min((said.day for said in entries), default=_DAYS)
    kept = tuple(said for said in course.entries if said.day < first)
    fields = {**vars(course), "entries": (*kept, *entries), **more}
    return Course(**fields)


_STORIES: dict[str, tuple[tuple[Said, ...], dict[str, object]]] = {
    # Itch that keeps her awake since yesterday evening: a call today.
    "P-003": (
        (
            Said(_DAYS - 2, answers(36.6, 3)),
            Said(_DAYS - 1, answers(36.7, 5, sleep_loss="some", itch_extent="localized")),
            Said(_DAYS, answers(36.8, 8, sleep_loss="major", adl="none"), hour=8, outcome=None),
        ),
        {},
    ),
    # Small rash in the first weeks, already taken by the nurse.
    "P-004": (
        (
            Said(_DAYS - 1, answers(36.6, 1)),
            Said(_DAYS, rash(12, "macules_papules", itch=3), hour=7, outcome=None),
        ),
        {
            "others": (
                Other(-400, "Ramipril", "5 mg every morning", "blood pressure"),
                Other(_DAYS - 6, "Amoxicillin", "three times a day", "tooth", _DAYS - 1),
            ),
        },
    ),
    # Silent for days after a rash: the roster shows it.
    "P-005": (
        (Said(_DAYS - 5, rash(8, "macules_papules", itch=2), outcome="advice"),),
        {},
    ),
    # Every-other-day plan: off days are not missed doses.
    "P-006": (
        tuple(Said(day, answers(36.5, 0)) for day in range(_DAYS - 12, _DAYS + 1, 2)),
        {
            "plan": (
                Step(0, 400, reason="Start of treatment"),
                Step(_DAYS - 30, 0, prednisolone_mg=20, reason="Rash grade 2 with itch"),
                Step(_DAYS - 12, 100, 2, prednisolone_mg=10, reason="Re-challenge"),
            ),
        },
    ),
    # Three missed doses while traveling.
    "P-007": (
        (
            Said(_DAYS - 4, answers(36.6, 0), taken=0),
            Said(_DAYS - 3, answers(36.6, 0), taken=0),
            Said(_DAYS - 2, answers(36.6, 0), taken=0, outcome="advice"),
            Said(_DAYS - 1, answers(36.6, 0)),
        ),
        {},
    ),
    # A low fever with a blood count five days ago: a second reading was normal.
    "P-008": (
        (
            Said(_DAYS - 3, answers(38.1, 0, chills="none"), hour=17, outcome="advice"),
            Said(_DAYS - 2, answers(36.9, 0)),
            Said(_DAYS - 1, answers(36.6, 0)),
        ),
        {
            "labs": (Lab(_DAYS - 8, "anc", 2.1, "10^9/L", 1.5, 8.0),),
            "patient": {"prior_severe_reaction": False, "on_systemic_steroid": False},
        },
    ),
    # Only dark marks left.
    "P-009": (
        tuple(
            Said(day, answers(36.6, 0, bsa_percent=9.0, morphology=["hyperpigmentation"]))
            for day in range(_DAYS - 6, _DAYS)
        ),
        {},
    ),
}
