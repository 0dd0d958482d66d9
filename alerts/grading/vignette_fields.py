"""The fields of a vignette: JSON values to the dataclasses of a course, nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar, cast

from alerts.errors import ImpossibleValueError
from alerts.grading import limits
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
from alerts.grading.limits import shown

# Words an author may leave for other readers, inside a context or an entry.
REMARKS = frozenset({"note", "notes", "comment", "comments", "story", "source", "title", "id"})
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)

Item = TypeVar("Item")


def once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; a field given twice holds ``Twice``, which no reader accepts.

    Taking the last of two values, as JSON readers do, could hide the worse one.
    """
    told: dict[str, Any] = {}
    for name, value in pairs:
        told[name] = limits.Twice() if name in told else value
    return told


def read_context(given: object) -> Context:
    """Return the context; a missing one is a context of which nothing is known.

    Raises:
        ImpossibleValueError: If a field is unknown or its value impossible.
    """
    told = _known(_object("context", given), _names(Context))
    values = dict(told)
    for name in ("prior_severe_reaction", "prior_reaction_type", "on_systemic_steroid"):
        limits.check_known(name, told.get(name))
    if "drug" in values:
        _text("drug", values["drug"])
    values["anc_history"] = _items("anc_history", told.get("anc_history"), _anc_value)
    values["dose_events"] = _items("dose_events", told.get("dose_events"), _dose_event)
    values["steroid_events"] = _items("steroid_events", told.get("steroid_events"), _steroid_event)
    values["skin_alert_days"] = _items("skin_alert_days", told.get("skin_alert_days"), _day)
    values["baseline_grades"] = _without_null(
        _object("baseline_grades", told.get("baseline_grades"))
    )
    values["uln"] = Uln(**_part("uln", told.get("uln"), Uln))
    return Context(**values)


def read_entry(given: Mapping[str, Any]) -> Entry:
    """Return one entry; null and absent fields are unknown.

    Raises:
        ImpossibleValueError: If a field is unknown or its value impossible.
    """
    allowed = (_names(Entry) - {"minute_of_day"}) | {"time", "temperature_c"}
    values = _known(given, allowed)
    if "day" not in values:
        raise ImpossibleValueError("day is missing; it must be a whole number.", "day")
    clock, celsius = values.pop("time", None), values.pop("temperature_c", None)
    if clock is not None:
        values["minute_of_day"] = minute_of_day(clock)
    typed = _part("temperature_input", values.get("temperature_input"), TemperatureInput)
    if celsius is not None:
        limits.check_number("temperature_c", celsius, limits.READING)
    values["temperature_input"] = _temperature(typed, celsius)
    for name in ("morphology", "red_flags", "adl_due_to"):
        if name in values:
            values[name] = _words(name, values[name])
    if "labs" in values:
        values["labs"] = Labs(**_part("labs", values["labs"], Labs))
    return Entry(**values)


def minute_of_day(clock: object) -> int:
    """Return minutes after midnight of a local time ``HH:MM``.

    Raises:
        ImpossibleValueError: If it is no such time.
    """
    match = CLOCK.fullmatch(clock) if isinstance(clock, str) else None
    if match is None:
        raise ImpossibleValueError(
            f"time must be HH:MM from 00:00 to 23:59, got {shown(clock)}.", "time"
        )
    return int(match[1]) * 60 + int(match[2])


def _temperature(typed: Mapping[str, Any], celsius: float | None) -> TemperatureInput | None:
    if "value" in typed:
        if "unit" not in typed:
            raise ImpossibleValueError(
                "temperature_input.unit is missing; it must be C or F.", "temperature_input"
            )
        return TemperatureInput(**typed)
    return None if celsius is None else TemperatureInput(celsius, "C")


def _names(kind: type) -> frozenset[str]:
    return frozenset(each.name for each in fields(kind))


def _without_null(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _object(field: str, given: object) -> Mapping[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ImpossibleValueError(f"{field} must be an object, got {shown(given)}.", field)
    return given


def _known(given: Mapping[str, Any], names: Iterable[str], prefix: str = "") -> dict[str, Any]:
    allowed = frozenset(names)
    for name in given:
        if name not in allowed and name not in REMARKS:
            # A misspelt field read as "not asked" would hide a symptom.
            raise ImpossibleValueError(f"{prefix}{shown(name)} is not a known field.", prefix)
    return _without_null({name: value for name, value in given.items() if name in allowed})


def _part(field: str, given: object, kind: type) -> dict[str, Any]:
    return _known(_object(field, given), _names(kind), f"{field}.")


def _items(field: str, given: object, read: Callable[[str, object], Item]) -> tuple[Item, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise ImpossibleValueError(f"{field} must be a list, got {shown(given)}.", field)
    return tuple(read(field, each) for each in given)


def _words(field: str, given: object) -> frozenset[str]:
    return frozenset(_items(field, given, _text))


def _text(field: str, given: object) -> str:
    if not isinstance(given, str):
        raise ImpossibleValueError(f"{field} must be words, got {shown(given)}.", field)
    return given


def _day(field: str, given: object) -> int:
    limits.check_number(field, given, limits.DAY)
    return cast(int, given)


def _event(field: str, given: object, kind: type, required: tuple[str, ...]) -> dict[str, Any]:
    if given is None:
        raise ImpossibleValueError(f"{field} must hold objects, got None.", field)
    values = _part(field, given, kind)
    for name in required:
        if name not in values:
            raise ImpossibleValueError(f"{field}.{name} is missing.", field)
    return values


def _anc_value(field: str, given: object) -> AncValue:
    return AncValue(**_event(field, given, AncValue, ("day", "value")))


def _dose_event(field: str, given: object) -> DoseEvent:
    values = _event(field, given, DoseEvent, ("day", "type"))
    if "schedule" in values:
        _text("dose_events.schedule", values["schedule"])
    return DoseEvent(**values)


def _steroid_event(field: str, given: object) -> SteroidEvent:
    return SteroidEvent(**_event(field, given, SteroidEvent, ("day", "type")))
