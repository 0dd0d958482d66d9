"""How many entries a second are graded with explanations, against JSON in the same run.

Run from the folder of the repository: ``python -m bench.grading``. One process, one core. Each
entry looks back on 14 days. ``graded`` is level, grades, and every reason with its code, its source
and the values it used; ``told`` has the sentences for nurse and patient put together as well, as
intake stores them. The search for the nearest answer that would change the level runs only when a
nurse asks, and stands apart. The baseline writes the same entry as JSON and reads it back, so the
ratio holds on any machine.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from time import process_time
from typing import Any

from alerts.grading.assess import Assessment, assess, assess_course
from alerts.grading.counterfactual import nearest
from alerts.grading.course import (
    AncValue,
    Context,
    DoseEvent,
    Entry,
    TemperatureInput,
)

ROUNDS = 30
SECONDS_PER_ROUND = 0.05
DAYS = 14

Past = tuple[tuple[Entry, Assessment], ...]


def calm(day: int) -> Entry:
    """Return a full entry of someone who has nothing."""
    return usual(day)


def mild(day: int) -> Entry:
    """Return a full entry with several mild symptoms, five reasons in all."""
    return usual(
        day,
        itch_nrs=3,
        bsa_percent=8,
        morphology=frozenset({"macules_papules"}),
        periorbital="soft",
        nausea="mild",
        fatigue="relieved_by_rest",
    )


def severe(day: int) -> Entry:
    """Return a full entry with a wide rash, itch and a fever."""
    return usual(
        day,
        temperature_input=TemperatureInput(38.4, "C", "oral"),
        itch_nrs=7,
        bsa_percent=35,
        morphology=frozenset({"macules_papules", "diffuse_redness"}),
    )


def usual(day: int, **told: Any) -> Entry:
    """Return an entry in which every daily question is answered."""
    answers: dict[str, Any] = {
        "minute_of_day": 540,
        "temperature_input": TemperatureInput(36.6, "C", "oral"),
        "itch_nrs": 0,
        "itch_extent": "localized",
        "itch_pattern": "intermittent",
        "sleep_loss": "none",
        "bsa_percent": 0,
        "morphology": frozenset(),
        "red_flags": frozenset(),
        "adl": "none",
        "mouth": "none",
        "periorbital": "none",
        "stools_over_baseline": 0,
        "nausea": "none",
        "fatigue": "none",
        "limb_swelling": "none",
        "blurred_vision": "none",
        "chills": "none",
        "imatinib_mg_taken": 400,
        "imatinib_mg_prescribed": 400,
    }
    return Entry(day=day, **{**answers, **told})


def per_second(work: Callable[[], object]) -> float:
    """Return how often a second the work is done, by the shortest of several rounds."""
    times = 1
    while True:
        begun = process_time()
        for _ in range(times):
            work()
        if process_time() - begun >= SECONDS_PER_ROUND:
            break
        times *= 2
    best = float("inf")
    for _ in range(ROUNDS):
        begun = process_time()
        for _ in range(times):
            work()
        best = min(best, process_time() - begun)
    return times / best


def json_round_trip(entry: Entry) -> Callable[[], object]:
    """Return the baseline for an entry: to JSON and back."""
    plain = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(entry).items()
    }
    return lambda: json.loads(json.dumps(plain))


def sentences(found: Assessment) -> list[tuple[str, str, str]]:
    """Return what nurse and patient read for every reason, and its source."""
    return [(each.sentence, each.patient_sentence, each.source) for each in found.reasons]


def main() -> None:
    """Print entries a second, the baseline and the ratios for three kinds of patients."""
    context = Context(
        dose_events=(DoseEvent(-30, "start", 0, 400), DoseEvent(10, "increase", 400, 600)),
        anc_history=(AncValue(9, 2.1),),
    )
    names = ("reasons", "graded/s", "told/s", "JSON/s", "graded x", "told x", "nearest/s")
    print(f"{'entry':8}", *(f"{name:>10}" for name in names))
    for kind in (calm, mild, severe):
        before = [kind(day) for day in range(DAYS)]
        past: Past = tuple(zip(before, assess_course(context, before), strict=True))
        entry = kind(DAYS)
        found = assess(entry, past, context)
        graded = per_second(lambda entry=entry, past=past: assess(entry, past, context))
        told = per_second(lambda entry=entry, past=past: sentences(assess(entry, past, context)))
        baseline = per_second(json_round_trip(entry))
        other = per_second(
            lambda entry=entry, past=past, found=found: nearest(entry, past, context, found)
        )
        print(
            f"{kind.__name__:8} {len(found.reasons):10} {graded:10.0f} {told:10.0f} "
            f"{baseline:10.0f} {graded / baseline:10.2f} {told / baseline:10.2f} {other:10.0f}"
        )


if __name__ == "__main__":
    main()
