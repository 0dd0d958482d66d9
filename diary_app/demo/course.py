"""How a synthetic patient's course is written down: days counted from the first dose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Step:
    """One step of the plan: imatinib per dosing day, every n days, prednisolone per day."""

    day: int
    imatinib_mg: float
    every_n_days: int = 1
    prednisolone_mg: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Said:
    """One entry.

    Attributes:
        answers: Columns of the entry, in the words of clinical.md 9B.
        taken: What was taken; None = as planned for that day.
        photos: Body regions of synthetic photos.
        hour: Local hour of the entry.
        outcome: How the care team closed the alert, if the entry raises one; None leaves it open.
    """

    day: int
    answers: Mapping[str, Any]
    taken: float | None = None
    photos: tuple[str, ...] = ()
    hour: int = 20
    outcome: str | None = "advice"


@dataclass(frozen=True)
class Lab:
    """One laboratory value with the laboratory's limits."""

    day: int
    name: str
    value: float
    unit: str
    lower_limit: float | None = None
    upper_limit: float | None = None


@dataclass(frozen=True)
class Other:
    """One other medicine; ``until_day`` None = still taken."""

    day: int
    name: str
    dose: str
    reason: str
    until_day: int | None = None


@dataclass(frozen=True)
class Course:
    """One synthetic patient.

    Attributes:
        started_days_ago: Day 0 of the course lies this many days before today.
        source: Publication that the course follows; empty = invented.
    """

    code: str
    name: str
    born_on: date
    phone: str
    started_days_ago: int
    plan: tuple[Step, ...]
    entries: tuple[Said, ...]
    labs: tuple[Lab, ...] = ()
    others: tuple[Other, ...] = ()
    patient: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""


def answers(temperature: float | None = 36.6, itch: int = 0, **more: Any) -> dict[str, Any]:
    """Return the answers of a day without a rash, with what differs in ``more``."""
    said: dict[str, Any] = {
        "itch_nrs": itch,
        "rash_present": False,
        "bsa_percent": 0.0,
        "morphology": [],
        "red_flags": [],
    }
    if temperature is not None:
        said |= {
            "temperature_text": f"{temperature:.1f}",
            "temperature_value": temperature,
            "temperature_unit": "C",
            "temperature_site": "oral",
            "antipyretic_within_6h": False,
        }
    return said | more


def rash(
    percent: float | None, *kinds: str, temperature: float = 36.7, itch: int = 3, **more: Any
) -> dict[str, Any]:
    """Return the answers of a day with a rash of this extent (percent of the body surface)."""
    seen: dict[str, Any] = {"rash_present": True, "bsa_percent": percent, "morphology": [*kinds]}
    return answers(temperature, itch, adl="none", adl_due_to=["skin"]) | seen | more
