"""Grade random courses and check the laws of grading on every one of them.

Run from the folder of the repository: ``python -m bench.random_courses --courses 100000``.
A course that breaks a law ends the run with its number; ``--seed`` and ``--first`` find it again.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

from alerts.grading import terms
from alerts.grading.assess import Assessment, assess, assess_course
from alerts.grading.catalogue import CATALOGUE
from alerts.grading.course import (
    AncValue,
    Context,
    DoseEvent,
    Entry,
    Labs,
    SteroidEvent,
    TemperatureInput,
    Uln,
)
from alerts.grading.limits import CHOICES
from alerts.grading.terms import Level

Course = tuple[Context, list[Entry]]
Graded = list[tuple[Entry, Assessment]]

CAUSES = ("skin", "itch", "eyes", "diarrhea", "joints")
PERCENTS = (0, 0.05, 0.1, 2, 9.9, 10, 12, 29.9, 30, 30.1, 45, 50, 50.1, 100)
DOSES = (0, 2.5, 5, 30, 100, 200, 400, 600, 800, 1200)
CELSIUS = (35.9, 36, 36.6, 37.4, 37.5, 37.9, 38, 38.2, 38.3, 39, 39.1, 40, 40.1, 42.9)
OUTCOMES = (0.0, 0.2, 0.49, 0.5, 0.99, 1.0, 1.01, 1.5, 2.4, 20.0, 44.0, 81.0, 130.0, 220.0, 900.0)


def numbers(chance: random.Random) -> dict[str, Callable[[], Any]]:
    """Return how each number of an entry is drawn: mostly at and beside the thresholds."""
    return {
        "minute_of_day": lambda: chance.randrange(1440),
        "itch_nrs": lambda: chance.randint(0, 10),
        "skin_pain_nrs": lambda: chance.randint(0, 10),
        "bsa_percent": lambda: chance.choice(PERCENTS),
        "peeling_bsa_percent": lambda: chance.choice(PERCENTS),
        "stools_over_baseline": lambda: chance.choice((0, 1, 3, 4, 6, 7, 20)),
        "weight_gain_3d_kg": lambda: chance.choice((-3, 0, 1.9, 2, 2.0000001, 9)),
        "imatinib_mg_taken": lambda: chance.choice(DOSES),
        "imatinib_mg_prescribed": lambda: chance.choice(DOSES),
        "prednisolone_mg_taken": lambda: chance.choice(DOSES),
        "prednisolone_mg_prescribed": lambda: chance.choice(DOSES),
    }


def reading(chance: random.Random) -> TemperatureInput:
    """Return a reading as typed: usual, at a threshold, in the wrong unit or absurd."""
    celsius: float = chance.choice((*CELSIUS, round(chance.uniform(33, 44), 1)))
    value, unit = (celsius, "C") if chance.random() < 0.7 else (round(celsius * 1.8 + 32, 1), "F")
    if chance.random() < 0.1:
        unit = "F" if unit == "C" else "C"
    if chance.random() < 0.05:
        value = chance.choice((0, -5, 385, 98.6, 101, 43.1, 109.6, 999999))
    site = chance.choice(sorted(terms.SITES))
    return TemperatureInput(value, "F" if unit == "F" else "C", site)


def some(chance: random.Random, words: Sequence[str], most: int) -> frozenset[str]:
    """Return up to so many of the words."""
    return frozenset(chance.sample(list(words), chance.randint(0, most)))


def sample(chance: random.Random) -> Labs:
    """Return the results of one blood sample, some of them not measured."""
    names = ("anc_1e9_l", "eosinophils_1e9_l", "alt", "ast", "bilirubin", "creatinine", "ldh")
    return Labs(**{name: chance.choice((None, *OUTCOMES)) for name in names})


def random_entry(chance: random.Random, day: int) -> Entry:
    """Return an entry that answers a random part of the questions."""
    asked = chance.random() ** 3

    def answered() -> bool:
        return chance.random() < asked

    told: dict[str, Any] = {name: draw() for name, draw in numbers(chance).items() if answered()}
    for name, words in CHOICES.items():
        if name not in {"timer_event", "prior_reaction_type"} and answered():
            told[name] = chance.choice(sorted(words))
    for name in ("generalized", "rash_present", "mouth_intake_affected", "antipyretic_within_6h"):
        if answered():
            told[name] = chance.random() < 0.3
    if answered():
        told["temperature_input"] = reading(chance)
    if answered():
        told["morphology"] = some(chance, sorted(terms.MORPHOLOGY), 3)
    if answered():
        told["red_flags"] = some(chance, sorted(terms.RED_FLAGS), 2)
    if answered():
        told["adl_due_to"] = some(chance, CAUSES, 2)
    if chance.random() < 0.2:
        told["labs"] = sample(chance)
    if chance.random() < 0.1:
        told = {"no_entry": True}
    if chance.random() < 0.03:
        told["timer_event"] = "recheck_not_entered"
    return Entry(day=day, **told)


def random_context(chance: random.Random) -> Context:
    """Return the context of one treatment."""

    def doses(kind: Any, types: Sequence[str]) -> tuple[Any, ...]:
        return tuple(
            kind(
                chance.randint(-70, 12),
                chance.choice(types),
                chance.choice((None, *DOSES)),
                chance.choice((None, *DOSES)),
            )
            for _ in range(chance.randint(0, 3))
        )

    limits = [chance.choice((None, 0.5, 1.3, 40.0)) for _ in range(6)]
    return Context(
        prior_severe_reaction=chance.choice((None, False, True)),
        prior_reaction_type=chance.choice((None, *sorted(terms.REACTION_TYPES))),
        on_systemic_steroid=chance.choice((None, False, True)),
        anc_history=tuple(
            AncValue(chance.randint(-20, 12), chance.choice(OUTCOMES[:9]))
            for _ in range(chance.randint(0, 3))
        ),
        dose_events=doses(DoseEvent, sorted(terms.DOSE_EVENTS)),
        steroid_events=doses(SteroidEvent, sorted(terms.STEROID_EVENTS)),
        baseline_grades={
            symptom: chance.randint(0, 3)
            for symptom in ("rash", "pruritus", "periorbital_edema", "fatigue")
            if chance.random() < 0.2
        },
        uln=Uln(*limits),
        skin_alert_days=tuple(chance.randint(-9, 9) for _ in range(chance.randint(0, 2))),
    )


def random_course(chance: random.Random, most: int = 8) -> Course:
    """Return a context and up to so many entries, oldest first."""
    days = sorted(chance.randint(0, 12) for _ in range(chance.randint(1, most)))
    entries = [random_entry(chance, day) for day in days]
    return random_context(chance), sorted(entries, key=lambda each: each.minute)


def broken_laws(context: Context, graded: Graded) -> list[str]:
    """Return the names of the laws this course breaks; empty when it keeps them all."""
    broken = []
    for entry, found in graded:
        if found.level != max(reason.level for reason in found.reasons):
            broken.append("the level is that of its worst reason")
        if not set(found.codes) <= set(CATALOGUE) or len(set(found.codes)) != len(found.codes):
            broken.append("every reason is in the catalogue, once")
        if not all(reason.sentence and reason.patient_sentence for reason in found.reasons):
            broken.append("every reason has its sentences")
        if not all(isinstance(grade, int) and 0 <= grade <= 4 for grade in found.grades.values()):
            broken.append("grades are whole numbers from 0 to 4")
        if entry.itch_nrs is None and "pruritus" in found.grades:
            broken.append("unknown never equals normal")
    entry, found = graded[-1]
    worse = replace(entry, red_flags=(entry.red_flags or frozenset()) | {"blisters"})
    if assess(worse, graded[:-1], context).level is not Level.URGENT:
        broken.append("blisters are urgent whatever else is told")
    typed = entry.temperature_input
    if typed is not None and found.temperature_celsius is not None and typed.unit == "C":
        same = TemperatureInput(round(typed.value * 1.8 + 32, 6), "F", typed.site)
        other = assess(replace(entry, temperature_input=same), graded[:-1], context)
        if other.level != found.level or other.grades != found.grades:
            broken.append("Fahrenheit and Celsius agree")
    return broken


def main() -> None:
    """Grade the courses, check the laws, print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, default=2000, help="how many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first course")
    asked = parser.parse_args()
    levels: Counter[str] = Counter()
    entries = 0
    begun = perf_counter()
    for number in range(asked.first, asked.first + asked.courses):
        context, told = random_course(random.Random(f"{asked.seed}-{number}"))
        graded = list(zip(told, assess_course(context, told), strict=True))
        broken = broken_laws(context, graded)
        if broken:
            raise SystemExit(f"Course {number} of seed {asked.seed} breaks: {'; '.join(broken)}.")
        levels.update(found.level.word for _, found in graded)
        entries += len(graded)
    seconds = perf_counter() - begun
    print(f"{asked.courses} courses, {entries} entries, no law broken, {seconds:.0f} s")
    print(", ".join(f"{levels[level.word]} {level.word}" for level in Level))


if __name__ == "__main__":
    main()
