"""What every resource of the FHIR export is put together from."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from diary_app.exports.fhir_codes import BASE

Resource = dict[str, Any]
_SPACE = uuid5(NAMESPACE_URL, BASE)


def made_id(*names: object) -> str:
    """Return an id that follows from what it is about: the same export, the same ids."""
    return str(uuid5(_SPACE, "/".join(map(str, names))))


def ref(kind: str, resource_id: str | UUID) -> Resource:
    """Return a Reference within the Bundle."""
    return {"reference": f"urn:uuid:{resource_id}", "type": kind}


def named(name: str) -> Resource:
    """Return a Reference to a person who is told by name alone."""
    return {"display": name}


def instant(at: datetime) -> str:
    """Return an instant in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def zoned(at: datetime, zone: str) -> str:
    """Return an instant by the clock of a zone, with its offset."""
    return at.astimezone(ZoneInfo(zone)).isoformat()


def as_json(value: Mapping[str, object]) -> str:
    """Return values of rules or events as one line of JSON."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def ext(name: str, kind: str, value: object) -> list[Resource]:
    """Return one extension of the diary's own in a list; an unknown value gives none.

    Args:
        kind: Such as ``String``; the key becomes ``valueString``.
    """
    if value is None or value == "":
        return []
    if isinstance(value, datetime):
        value = instant(value)
    elif isinstance(value, date):
        value = value.isoformat()
    return [{"url": f"{BASE}/StructureDefinition/{name}", f"value{kind}": value}]


def without_none(resource: Resource) -> Resource:
    """Return a resource without what is None or empty: FHIR has no null."""
    return {
        key: value
        for key, value in resource.items()
        if value is not None and value not in ([], {}, "")
    }
