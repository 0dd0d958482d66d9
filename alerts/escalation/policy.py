"""A clinic's escalation policy: the standard one, and its way to JSON and back."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any
from uuid import UUID

from alerts.escalation.ladder import Ladder, Level, Policy, Step
from alerts.escalation.quiet_hours import QuietHours

__all__ = [
    "DEFAULT_POLICY",
    "PROMPT_BECOMES_URGENT_SECONDS",
    "Ladder",
    "Level",
    "Policy",
    "PolicyError",
    "QuietHours",
    "Step",
    "ladder_for",
    "policy_from_json",
    "policy_to_json",
    "remind_seconds_for",
    "repeat_seconds_for",
]

PROMPT_BECOMES_URGENT_SECONDS = 24 * 3600
"""Rule R12g: a prompt alert that nobody has closed by then becomes urgent."""

ROLE_WORDS = ("role:nurse", "role:clinician", "role:administrator")
NAMED_KINDS = ("user", "team", "rota")
MOST_STEPS = 20
SHORTEST_WAIT_SECONDS = 60  # the worker looks twice a minute; anything shorter is a flood of mail
LONGEST_WAIT_SECONDS = {"urgent": 3600, "prompt": PROMPT_BECOMES_URGENT_SECONDS}
LATEST_FIRST_STEP_SECONDS = {"urgent": 0, "prompt": 12 * 3600}  # R12c: urgent is never delayed

STANDARD_REPEAT_SECONDS = {"urgent": 15 * 60, "prompt": 12 * 3600}
# A same-day alert that is held too long becomes urgent by itself, which tells its holder.
STANDARD_REMIND_SECONDS = {"urgent": 4 * 3600, "prompt": PROMPT_BECOMES_URGENT_SECONDS}
SHORTEST_REMIND_SECONDS = 15 * 60
LONGEST_REMIND_SECONDS = {"urgent": 12 * 3600, "prompt": PROMPT_BECOMES_URGENT_SECONDS}

_NURSES = ("role:nurse",)
_NURSES_AND_CLINICIANS = ("role:nurse", "role:clinician")

DEFAULT_POLICY = Policy(
    urgent=Ladder(
        steps=(
            Step(0, _NURSES),
            Step(15 * 60, _NURSES),
            Step(15 * 60, _NURSES_AND_CLINICIANS),
            Step(15 * 60, ROLE_WORDS),
        ),
        repeat_seconds=STANDARD_REPEAT_SECONDS["urgent"],
    ),
    prompt=Ladder(
        steps=(
            Step(0, _NURSES),
            Step(4 * 3600, _NURSES),
            Step(8 * 3600, _NURSES_AND_CLINICIANS),
        ),
        repeat_seconds=STANDARD_REPEAT_SECONDS["prompt"],
    ),
)
"""Urgent: told at 0, 15, 30 and 45 minutes, then every 15. Prompt: at 0, 4 and 12 hours, urgent
at 24. A design choice of this product; no publication sets these times.
"""


class PolicyError(ValueError):
    """The policy cannot be used.

    Attributes:
        mistakes: All of them, one sentence each, in the order of the policy.
    """

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__(" ".join(mistakes))
        self.mistakes = tuple(mistakes)


def ladder_for(policy: Policy, level: str) -> Ladder:
    """Return the ladder of this level; a level nobody knows climbs the urgent one."""
    return policy.prompt if level == "prompt" else policy.urgent


def repeat_seconds_for(policy: Policy, level: str) -> int:
    """Return the seconds between two rounds of the last step, at least 1."""
    level = level if level == "prompt" else "urgent"
    chosen = ladder_for(policy, level).repeat_seconds
    return STANDARD_REPEAT_SECONDS[level] if chosen is None else chosen


def remind_seconds_for(policy: Policy, level: str) -> int:
    """Return the seconds after which the holder of an alert is told again, at least 1."""
    level = level if level == "prompt" else "urgent"
    chosen = ladder_for(policy, level).remind_seconds
    return STANDARD_REMIND_SECONDS[level] if chosen is None else chosen


def policy_to_json(policy: Policy) -> dict[str, Any]:
    """Return the policy as plain JSON values, as kept with the clinic and with each alert."""
    quiet = policy.quiet
    ladders = {
        level: {
            "steps": [
                {"wait_seconds": step.wait_seconds, "notify": list(step.notify)}
                for step in ladder.steps
            ],
            "repeat_seconds": ladder.repeat_seconds,
            "remind_seconds": ladder.remind_seconds,
        }
        for level, ladder in (("urgent", policy.urgent), ("prompt", policy.prompt))
    }
    hours = (
        None
        if quiet is None
        else {
            "starts": f"{quiet.starts:%H:%M}",
            "ends": f"{quiet.ends:%H:%M}",
            "days": sorted(quiet.days),
        }
    )
    return {**ladders, "quiet_hours": hours}


def policy_from_json(stored: object) -> Policy:
    """Return the policy that these plain JSON values describe.

    Args:
        stored: ``{"urgent": ladder, "prompt": ladder}``, a ladder being ``{"steps":
            [{"wait_seconds": 0, "notify": ["role:nurse"]}, ...], "repeat_seconds": 900,
            "remind_seconds": 14400}``; and ``"quiet_hours": {"starts": "22:00", "ends":
            "07:00", "days": [0, 1]}``. Missing ``repeat_seconds``, ``remind_seconds`` and
            ``quiet_hours`` count as None.

    Raises:
        PolicyError: If anything is missing, unknown or out of range, if a step tells nobody, or
            if a step can never be reached. Lists every mistake.
    """
    mistakes: list[str] = []
    fields = _fields("The policy", stored, ("urgent", "prompt"), ("quiet_hours",), mistakes)
    ladders = [
        _read_ladder(level, fields[level], mistakes) if level in fields else None
        for level in ("urgent", "prompt")
    ]
    urgent, prompt = ladders
    quiet = _read_quiet_hours(fields.get("quiet_hours"), mistakes)
    if mistakes or urgent is None or prompt is None:
        raise PolicyError(mistakes)
    return Policy(urgent=urgent, prompt=prompt, quiet=quiet)


def _read_ladder(level: str, stored: object, mistakes: list[str]) -> Ladder | None:
    name = f"{level.capitalize()} ladder"
    fields = _fields(name, stored, ("steps",), ("repeat_seconds", "remind_seconds"), mistakes)
    rows = fields.get("steps", [])
    if "steps" in fields and (not isinstance(rows, list) or not 1 <= len(rows) <= MOST_STEPS):
        mistakes.append(f"{name}, steps: give a list of 1 to {MOST_STEPS} steps.")
        rows = []
    steps = [_read_step(level, number, row, mistakes) for number, row in enumerate(rows, start=1)]
    usable = tuple(step for step in steps if step is not None)
    _refuse_unreachable(level, usable, mistakes)
    repeat = fields.get("repeat_seconds")
    if repeat is not None:
        limits = (SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS[level])
        repeat = _seconds(f"{name}, repeat_seconds", repeat, limits, mistakes)
    remind = fields.get("remind_seconds")
    if remind is not None:
        limits = (SHORTEST_REMIND_SECONDS, LONGEST_REMIND_SECONDS[level])
        remind = _seconds(f"{name}, remind_seconds", remind, limits, mistakes)
    return Ladder(usable, repeat, remind) if usable else None


def _read_quiet_hours(stored: object, mistakes: list[str]) -> QuietHours | None:
    if stored is None:
        return None
    fields = _fields("Quiet hours", stored, ("starts", "ends"), ("days",), mistakes)
    starts, ends = (
        _wall_time(f"Quiet hours, {name}", fields[name], mistakes) if name in fields else None
        for name in ("starts", "ends")
    )
    days = fields.get("days", list(range(7)))
    if not isinstance(days, list) or any(type(day) is not int for day in days):
        mistakes.append("Quiet hours, days: give the days on which they begin, 0 (Monday) to 6.")
        return None
    if starts is None or ends is None:
        return None
    try:
        return QuietHours(starts, ends, frozenset(days))
    except ValueError as error:
        mistakes.append(f"Quiet hours: {error}")
        return None


def _wall_time(where: str, stored: object, mistakes: list[str]) -> time | None:
    if isinstance(stored, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", stored):
        return time.fromisoformat(stored)
    mistakes.append(f"{where}: give a time such as 22:00, not {_shown(stored)}.")
    return None


def _read_step(level: str, number: int, stored: object, mistakes: list[str]) -> Step | None:
    name = f"{level.capitalize()} step {number}"
    fields = _fields(name, stored, ("wait_seconds", "notify"), (), mistakes)
    if number == 1:
        limits = (0, LATEST_FIRST_STEP_SECONDS[level])
    else:
        limits = (SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS[level])
    wait = _seconds(
        f"{name}, wait_seconds", fields.get("wait_seconds", limits[0]), limits, mistakes
    )
    words = fields.get("notify", [])
    if "notify" in fields and (not isinstance(words, list) or not words):
        mistakes.append(f"{name}, notify: name at least one role or person to tell.")
        words = []
    mistakes.extend(
        f"{name}, notify: use {', '.join(ROLE_WORDS)}, user:<id>, team:<id> or rota:<id>, "
        f"not {_shown(word)}."
        for word in words
        if not _is_recipient(word)
    )
    kept = tuple(word for word in words if isinstance(word, str))
    if len(set(kept)) != len(kept):
        mistakes.append(f"{name}, notify: name each role or person only once.")
    return Step(wait, kept) if kept else None


def _refuse_unreachable(level: str, steps: Sequence[Step], mistakes: list[str]) -> None:
    entered = 0
    for number, step in enumerate(steps, start=1):
        entered += step.wait_seconds
        if level == "prompt" and entered >= PROMPT_BECOMES_URGENT_SECONDS:
            mistakes.append(
                f"Prompt step {number}, wait_seconds: this step is never reached, because the "
                "alert becomes urgent 24 hours after it was raised."
            )
            return


def _fields(
    name: str,
    stored: object,
    needed: Sequence[str],
    optional: Sequence[str],
    mistakes: list[str],
) -> Mapping[str, Any]:
    if not isinstance(stored, Mapping):
        mistakes.append(f"{name}: give the fields {', '.join((*needed, *optional))}.")
        return {}
    mistakes.extend(f"{name}, {field}: is missing." for field in needed if field not in stored)
    mistakes.extend(
        f"{name}, {_shown(field)}: there is no such field."
        for field in stored
        if field not in (*needed, *optional)
    )
    return stored


def _seconds(where: str, stored: object, limits: tuple[int, int], mistakes: list[str]) -> int:
    least, most = limits
    if isinstance(stored, bool) or not isinstance(stored, int) or not least <= stored <= most:
        allowed = str(least) if least == most else f"{least} to {most}"
        mistakes.append(
            f"{where}: give a whole number of seconds, {allowed}, not {_shown(stored)}."
        )
        return least
    return stored


def _is_recipient(word: object) -> bool:
    if not isinstance(word, str):
        return False
    if word in ROLE_WORDS:
        return True
    kind, _, rest = word.partition(":")
    if kind not in NAMED_KINDS:
        return False
    try:
        return str(UUID(rest)) == rest
    except ValueError:
        return False


def _shown(stored: object) -> str:
    text = repr(stored)
    return text if len(text) <= 40 else f"{text[:37]}..."
