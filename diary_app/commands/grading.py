"""`diary grade`: vignettes or a table of PRO-CTCAE scores, read whole before anything is said."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from alerts.errors import AlertsError
from alerts.grading.limits import TwoValues
from alerts.grading.pro_ctcae_table import ScoredTable, score_table
from alerts.grading.vignette import grade_document


class UnreadableFileError(AlertsError):
    """Say in one sentence why a file cannot be read."""


def graded_vignettes(file: str, *, explain: bool = False) -> bytes:
    """Return the outcome of every vignette of a file as JSON in UTF-8.

    Args:
        file: A path; - for standard input.
        explain: Add why each entry reached its level and what would have changed it.

    Raises:
        UnreadableFileError: The file is not there, or holds no JSON in UTF-8.
        VignetteError: A vignette cannot be graded; the sentence names the place.
    """
    try:
        document = json.loads(
            _text(file, "utf-8-sig"), object_pairs_hook=_each_field_once, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        raise UnreadableFileError(f"{file!r} is not JSON at line {error.lineno}.") from error
    except RecursionError as error:
        raise UnreadableFileError(f"{file!r} cannot be read: it is nested too deeply.") from error
    told = json.dumps(grade_document(document, explain=explain), indent=2, ensure_ascii=False)
    # Half a character, as JSON can escape it, stays escaped.
    return f"{told}\n".encode("utf-8", "backslashreplace")


def scored_table(file: str) -> ScoredTable:
    """Return a CSV of PRO-CTCAE scores with its composite grades.

    Raises:
        UnreadableFileError: The file is not there or is not UTF-8.
        ImpossibleValueError: The table cannot be scored; the sentence names row and column.
    """
    return score_table(_text(file, "utf-8"))


def _each_field_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object in which a field named twice holds no value, lest one answer hides another.

    JSON readers keep the last: ``"red_flags": ["blisters"], "red_flags": []`` would be no blister.
    """
    times = Counter(name for name, _ in pairs)
    return {name: value if times[name] == 1 else TwoValues() for name, value in pairs}


def _whole(digits: str) -> float:
    """Return a whole number; one too long for Python is infinite, which every check refuses."""
    return int(digits) if len(digits) < 4000 else float(digits)


def _text(file: str, encoding: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UnreadableFileError(
            f"{file!r} cannot be read: line {line} is not UTF-8 text."
        ) from error
    except (OSError, ValueError) as error:
        # A name with a null byte is a ValueError.
        why = getattr(error, "strerror", None) or "not a file name"
        raise UnreadableFileError(f"{file!r} cannot be read: {why}.") from error
