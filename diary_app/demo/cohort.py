"""Many synthetic patients after the published time courses; the same seed makes the same ones.

Sources: severe rash in 6.8 % (Park 2016, 42 of 620) and 7.6 % (Oncologist 2025, 54 of 712), any
rash in 23.9 % (Park 2016); days of onset of severe rashes as in the published cases (Ugurel, Rule
2002, Hwang 2010, Lee 2015 and others: 5 to 90 days); pause, steroid and steps as in Hwang 2010,
with the rash back on the 4th day at 200 mg. How often people write, miss a dose or catch a fever
is a design choice; none is published.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from diary_app.demo.course import Course, Said, Step, answers, rash

SEVERE_SHARE = 0.068
ANY_RASH_SHARE = 0.239
# 800 mg: days 5, 7, 10; then 10, 14, 15, 35 (5 weeks) and 90 (about 3 months).
SEVERE_ONSETS = (5, 7, 10, 10, 14, 15, 35, 90)
PAUSE_DAYS, FIRST_STEP_DAYS, SECOND_STEP_DAYS = 30, 7, 14
BACK_ON_DAY = 4
RECURRENCE_SHARE = 0.241  # Kim 2020: 7 of 29 after the steroid
WRITES_SHARE = 0.85
MISSED_SHARE = 0.02
FEVERS_PER_YEAR = 0.3

_MILD = ((2.0, 2), (5.0, 3), (8.0, 3), (6.0, 2), (3.0, 1), (1.0, 1))
_SEVERE = ((8.0, 4), (18.0, 6), (45.0, 8), (40.0, 6), (28.0, 4), (15.0, 3), (6.0, 2))
_AGAIN = ((12.0, 5), (8.0, 4), (4.0, 2), (1.0, 1))


@dataclass(frozen=True)
class Fate:
    """What a synthetic patient meets.

    Attributes:
        severe_on: Day of a severe rash; None = none.
        mild_on: Day of a mild rash; None = none.
        back: Whether the rash is back on the 4th day at 200 mg.
        fevers: Days on which a fever begins.
        periorbital: Mild swelling of the eyelids from the start, as many have.
    """

    severe_on: int | None
    mild_on: int | None
    back: bool
    fevers: frozenset[int]
    periorbital: bool


def cohort(patients: int, seed: int, days: int) -> Iterator[tuple[Course, Fate]]:
    """Yield synthetic patients one after another.

    Args:
        patients: How many.
        seed: The same number gives the same patients, however many are asked for.
        days: Length of every course; its last day is today.
    """
    for number in range(1, patients + 1):
        chance = random.Random(f"{seed}-{number}")
        fate = _fate(chance, days)
        yield _course(chance, fate, number, seed, days), fate


def _fate(chance: random.Random, days: int) -> Fate:
    kind, severe_on = chance.random(), chance.choice(SEVERE_ONSETS)
    mild_on, back = chance.randint(3, 56), chance.random() < RECURRENCE_SHARE
    fevers = frozenset(day for day in range(days) if chance.random() < FEVERS_PER_YEAR / 365)
    severe = kind < SEVERE_SHARE
    return Fate(
        severe_on=severe_on if severe else None,
        mild_on=mild_on if SEVERE_SHARE <= kind < ANY_RASH_SHARE else None,
        back=back,
        fevers=fevers,
        periorbital=chance.random() < 0.3,
    )


def _course(chance: random.Random, fate: Fate, number: int, seed: int, days: int) -> Course:
    told = _rashes(fate)
    entries = []
    for day in range(days):
        said = _day(chance, fate, told, day)
        if said is not None:
            entries.append(said)
    return Course(
        code=f"C{seed}-{number:05d}",
        name=f"Synthetic patient {number}",
        born_on=date(1940 + number % 45, 1 + number % 12, 1 + number % 28),
        phone="",
        started_days_ago=days - 1,
        plan=_plan(fate),
        entries=tuple(entries),
        patient={
            "baseline_grades": {"periorbital_edema": 1} if fate.periorbital else {},
            "prior_severe_reaction": fate.severe_on is not None,
        },
        source="Park 2016; Oncologist 2025; Hwang 2010" if fate.severe_on is not None else "",
    )


def _plan(fate: Fate) -> tuple[Step, ...]:
    start = Step(0, 400, reason="Start of treatment")
    if fate.severe_on is None:
        return (start,)
    stop = fate.severe_on + 2
    again = stop + PAUSE_DAYS
    up = again + FIRST_STEP_DAYS + SECOND_STEP_DAYS
    steps = (
        start,
        Step(stop, 0, prednisolone_mg=30, reason="Severe rash"),
        Step(stop + 16, 0, prednisolone_mg=15, reason="Taper"),
        Step(again, 100, 2, prednisolone_mg=0, reason="Re-challenge, every other day"),
        Step(again + FIRST_STEP_DAYS, 100, 1, prednisolone_mg=0, reason="Tolerated for a week"),
        Step(up, 200, 1, prednisolone_mg=0, reason="Tolerated for two weeks"),
    )
    if not fate.back:
        return steps
    return (*steps, Step(up + BACK_ON_DAY + 1, 100, 1, prednisolone_mg=0, reason="Rash is back"))


def _rashes(fate: Fate) -> dict[int, tuple[float, int]]:
    """Return day -> (percent of the skin, worst itch)."""
    told: dict[int, tuple[float, int]] = {}
    if fate.mild_on is not None:
        told |= {fate.mild_on + 2 * i: each for i, each in enumerate(_MILD)}
    if fate.severe_on is not None:
        steps = (0, 1, 2, 5, 9, 14, 20)
        told |= {fate.severe_on + day: each for day, each in zip(steps, _SEVERE, strict=True)}
        if fate.back:
            up = fate.severe_on + 2 + PAUSE_DAYS + FIRST_STEP_DAYS + SECOND_STEP_DAYS
            told |= {up + BACK_ON_DAY + 3 * i: each for i, each in enumerate(_AGAIN)}
    return told


def _day(
    chance: random.Random, fate: Fate, told: dict[int, tuple[float, int]], day: int
) -> Said | None:
    # Every draw is made on every day, so that one day's story does not move the next one's.
    writes = chance.random() < WRITES_SHARE
    temperature = round(chance.gauss(36.6, 0.2), 1)
    itch, missed = chance.choice((0, 0, 0, 0, 1, 1, 2)), chance.random() < MISSED_SHARE
    hour, fever = chance.choice((8, 9, 18, 20, 21)), round(chance.uniform(37.8, 39.0), 1)
    temperature = min(max(temperature, 36.1), 37.2)
    if day in fate.fevers:
        temperature, writes = fever, True
    more: dict[str, Any] = {"periorbital": "soft"} if fate.periorbital else {}
    if day in told:
        percent, rash_itch = told[day]
        wide = percent > 30
        said = rash(
            percent,
            "macules_papules",
            temperature=38.5 if wide and fate.severe_on == day - 2 else temperature,
            itch=rash_itch,
            **more | ({"adl": "self_care"} if wide else {}),
        )
    elif writes:
        said = answers(temperature, itch, **more)
    else:
        return None
    return Said(day, said, taken=0.0 if missed else None, hour=hour)
