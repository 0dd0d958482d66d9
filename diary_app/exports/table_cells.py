"""One value as the text of one cell, and back: nothing a spreadsheet runs, nothing lost."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

# What a spreadsheet may read as the start of a formula, and the guard itself, so that taking
# one leading guard away always gives the text back. Source: OWASP, "CSV Injection".
GUARD = "'"
_GUARDED_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", GUARD)
# After the guard this begins a JSON string: for texts that a workbook cannot hold as they are.
_QUOTED = GUARD + '"'
_NOTHING_TICKED = "none"
_PARTS = re.compile(r"((?:[^\\;]|\\.)*)(?:;|$)", re.DOTALL)
# Characters that XML drops or changes, and what Excel reads as one of them.
_NOT_FOR_XML = re.compile(r"[\x00-\x08\x0b-\x1f\x85\u2028\ud800-\udfff\ufffe\uffff]|_x")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula: risky starts get one apostrophe."""
    return GUARD + text if text.startswith(_GUARDED_STARTS) else text


def unguarded(cell: str) -> str:
    """Return the text that ``guarded`` or ``for_workbook`` was given."""
    if cell.startswith(_QUOTED):
        return str(json.loads(cell.removeprefix(GUARD)))
    return cell.removeprefix(GUARD)


def for_workbook(cell: str) -> str:
    """Return the text of a cell so that XML carries it unchanged."""
    if _NOT_FOR_XML.search(cell) is None:
        return cell
    return GUARD + json.dumps(unguarded(cell)).replace("_x", "\\u005fx")


def cell_of(value: object) -> str:
    """Return the text of a cell; empty = None, and an empty text that is not None is ``'``."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | UUID():
            return str(value)
        case float():
            return repr(value).removesuffix(".0")
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Mapping():
            return _joined([f"{_part(key)}={_part(amount)}" for key, amount in value.items()])
        case list() | tuple():
            return _joined([_part(item) for item in value])
        case _:
            return guarded(str(value)) if value else GUARD


def items_in(cell: str) -> list[str]:
    """Return the items of a list; ``none`` = asked, and nothing ticked."""
    if cell == _NOTHING_TICKED:
        return []
    parts = _PARTS.findall(unguarded(cell))
    return [_whole(part) for part in parts[:-1]]


def pairs_in(cell: str) -> dict[str, str]:
    """Return names and amounts; raises ValueError for an item without an amount."""
    if cell == _NOTHING_TICKED:
        return {}
    found = {}
    for part in _PARTS.findall(unguarded(cell))[:-1]:
        name, amount = re.split(r"(?<!\\)=", part, maxsplit=1)
        found[_whole(name)] = _whole(amount)
    return found


def _joined(parts: list[str]) -> str:
    if parts == [_NOTHING_TICKED]:
        return "\\" + _NOTHING_TICKED
    return guarded(";".join(parts)) if parts else _NOTHING_TICKED


def _part(item: object) -> str:
    escaped = re.sub(r"([\\;=])", r"\\\1", str(item))
    return escaped or "\\0"


def _whole(part: str) -> str:
    return "" if part == "\\0" else re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL)
