"""`diary grade`: vignettes or a table of PRO-CTCAE scores, read whole before anything is said."""

import json
import sys
from pathlib import Path

from alerts.errors import AlertsError
from alerts.grading.pro_ctcae_table import ScoredTable, score_table
from alerts.grading.vignette import grade_document
from alerts.grading.vignette_fields import once

MOST_DIGITS = 400


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
        text = _text(file, "utf-8-sig")
        document = json.loads(text, object_pairs_hook=once, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        place = f" at line {line}" if line is not None else ""
        raise UnreadableFileError(
            f"{file} is not JSON{place}; see the vignette format in docs."
        ) from error
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


def _whole(digits: str) -> float:
    # A number with more digits than int takes is infinite, so that its field can be named.
    return int(digits) if len(digits) < MOST_DIGITS else float(digits)


def _text(file: str, encoding: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"{file} cannot be read: it is not UTF-8 text.") from error
    except (OSError, ValueError) as error:
        # A name with a null byte is a ValueError.
        why = getattr(error, "strerror", None) or "not a file name"
        raise UnreadableFileError(f"{file!r} cannot be read: {why}.") from error
