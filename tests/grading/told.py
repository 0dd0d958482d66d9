"""Entries and contexts for the tests of grading, told in the words of the vignette schema."""

from collections.abc import Sequence
from typing import Any

from alerts.grading.assess import Assessment, assess_course
from alerts.grading.course import (
    AncValue,
    Context,
    DoseEvent,
    Entry,
    Labs,
    SteroidEvent,
    TemperatureInput,
)
from alerts.grading.vignette_fields import minute_of_day

LONG_AGO = DoseEvent(-100, "start", 0, 400)


def entry(day: int = 0, clock: str | None = None, **told: Any) -> Entry:
    """Return an entry; ``celsius`` and ``site`` stand for a temperature, lists for ticks."""
    celsius, site = told.pop("celsius", None), told.pop("site", "oral")
    if celsius is not None:
        told["temperature_input"] = TemperatureInput(celsius, "C", site)
    if clock is not None:
        told["minute_of_day"] = minute_of_day(clock)
    for name in ("morphology", "red_flags", "adl_due_to"):
        if told.get(name) is not None:
            told[name] = frozenset(told[name])
    if isinstance(told.get("labs"), dict):
        told["labs"] = Labs(**told["labs"])
    return Entry(day=day, **told)


def well(day: int = 0, clock: str | None = None, **told: Any) -> Entry:
    """Return an entry of someone asked about everything usual, who has nothing but what is told."""
    usual: dict[str, Any] = {
        "celsius": 36.6,
        "itch_nrs": 0,
        "bsa_percent": 0,
        "morphology": [],
        "red_flags": [],
        "adl": "none",
    }
    return entry(day, clock, **{**usual, **told})


def rash(percent: float | None, *kinds: str, **told: Any) -> Entry:
    """Return an entry with a rash of this extent and these lesion types."""
    return well(bsa_percent=percent, morphology=list(kinds or ["macules_papules"]), **told)


def context(*doses: DoseEvent, **told: Any) -> Context:
    """Return a context without open windows unless dose events are given."""
    return Context(dose_events=doses or (LONG_AGO,), **told)


def anc(value: float, day: int) -> tuple[AncValue, ...]:
    return (AncValue(day, value),)


def increase(day: int) -> DoseEvent:
    return DoseEvent(day, "increase", 100, 200)


def steroid_stop(day: int) -> SteroidEvent:
    return SteroidEvent(day, "stop", 5, 0)


def course(*entries: Entry, **told: Any) -> list[Assessment]:
    """Return the assessments of a course outside every window."""
    return assess_course(context(**told), entries)


def last(entries: Sequence[Entry], where: Context | None = None) -> Assessment:
    return assess_course(where or context(), entries)[-1]


def one(told: Entry, where: Context | None = None) -> Assessment:
    return last([told], where)


def levels(assessments: Sequence[Assessment]) -> list[str]:
    return [assessment.level.word for assessment in assessments]
