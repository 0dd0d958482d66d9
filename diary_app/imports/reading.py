"""Values out of JSON that a stranger may have written: of the right kind, or not at all.

Every function raises ValueError, KeyError or TypeError for what cannot be read; the reader makes
one sentence of it.
"""

import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from diary_app.exports.fhir_codes import BASE
from diary_app.exports.fhir_parts import Resource

_LARGEST = 2**31


def text(value: object) -> str:
    """Return a text that can be kept."""
    if not isinstance(value, str) or "\0" in value:
        raise TypeError("no text")
    value.encode()
    return value


def number(value: object) -> float:
    """Return a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("no number")
    return value


def whole(value: object) -> int:
    """Return a whole number of 31 bits."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= _LARGEST:
        raise TypeError("no whole number")
    return value


def truth(value: object) -> bool:
    """Return yes or no."""
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def day(value: object) -> date:
    """Return a whole day."""
    return date.fromisoformat(text(value))


def moment(value: object) -> datetime:
    """Return an instant; one without a zone cannot be placed."""
    found = datetime.fromisoformat(text(value))
    if found.tzinfo is None:
        raise ValueError("no zone")
    return found


def plain(value: object) -> dict[str, object]:
    """Return an object from a line of JSON of ours."""
    found = json.loads(text(value), parse_constant=_refuse)
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def target(reference: Mapping[str, Any]) -> UUID:
    """Return the id that a Reference within the Bundle leads to."""
    return UUID(text(reference["reference"]).removeprefix("urn:uuid:"))


def extensions(resource: Resource) -> dict[str, Any]:
    """Return the values of the diary's own extensions by name."""
    start = f"{BASE}/StructureDefinition/"
    found = {}
    for one in resource.get("extension", ()):
        url = text(one["url"])
        if url.startswith(start):
            (value,) = (value for key, value in one.items() if key.startswith("value"))
            found[url.removeprefix(start)] = value
    return found


def own_code(concept: Mapping[str, Any], system: str) -> str:
    """Return the code of a concept in one of the diary's own systems."""
    address = f"{BASE}/CodeSystem/{system}"
    (code,) = (text(one["code"]) for one in concept["coding"] if one["system"] == address)
    return code


def parsed(content: bytes) -> object:
    """Return a JSON document; numbers that no JSON has are refused."""
    return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)


def _refuse(name: str) -> float:
    raise ValueError(name)
