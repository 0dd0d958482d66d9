"""One line of `diary check`."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Line:
    """What one check found.

    Attributes:
        state: ok; warn: works, but ought to be changed; FAIL: does not work.
        what: What was looked at, such as "Mail server".
        found: What was found, one sentence, without patient data or secrets.
        to_do: What to do; empty when nothing.
    """

    state: Literal["ok", "warn", "FAIL"]
    what: str
    found: str
    to_do: str = ""


def fine(what: str, found: str) -> Line:
    """Return a line of something that works."""
    return Line("ok", what, found)


def warned(what: str, found: str, to_do: str) -> Line:
    """Return a line of something that works but ought to be changed."""
    return Line("warn", what, found, to_do)


def failed(what: str, found: str, to_do: str) -> Line:
    """Return a line of something that does not work."""
    return Line("FAIL", what, found, to_do)
