"""The policy as typed, and back: every mistake is a sentence beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time

from alerts.escalation.lengths import length_words, read_length
from alerts.escalation.policy import (
    LATEST_FIRST_STEP_SECONDS,
    LONGEST_REMIND_SECONDS,
    LONGEST_WAIT_SECONDS,
    MOST_STEPS,
    SHORTEST_REMIND_SECONDS,
    SHORTEST_WAIT_SECONDS,
    Ladder,
    Level,
    Policy,
    PolicyError,
    QuietHours,
    Step,
    ladder_for,
    policy_from_json,
    policy_to_json,
    remind_seconds_for,
    repeat_seconds_for,
)
from diary_app.text import _

LEVELS: tuple[Level, ...] = ("urgent", "prompt")


@dataclass(frozen=True)
class StepForm:
    """One step as typed.

    Attributes:
        wait: Such as "15 min", after the step before.
        notify: Words of the policy, such as ``role:nurse``.
    """

    wait: str = "15 min"
    notify: tuple[str, ...] = ()


@dataclass(frozen=True)
class LadderForm:
    """One ladder as typed; ``repeat`` and ``remind`` such as "15 min"."""

    steps: tuple[StepForm, ...]
    repeat: str
    remind: str


@dataclass(frozen=True)
class PolicyForm:
    """The whole policy as typed.

    Attributes:
        quiet: Whether there are quiet hours.
        starts: Their begin, HH:MM.
        ends: Their end, HH:MM.
        days: On which days they begin, 0 (Monday) to 6.
    """

    urgent: LadderForm
    prompt: LadderForm
    quiet: bool = False
    starts: str = "22:00"
    ends: str = "07:00"
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)

    def ladder(self, level: Level) -> LadderForm:
        """Return the ladder of a level."""
        return self.prompt if level == "prompt" else self.urgent

    def with_ladder(self, level: Level, ladder: LadderForm) -> "PolicyForm":
        """Return the form with another ladder of a level."""
        if level == "prompt":
            return replace(self, prompt=ladder)
        return replace(self, urgent=ladder)


def form_of(policy: Policy) -> PolicyForm:
    """Return a policy as a form shows it."""
    urgent, prompt = (_ladder_form(policy, level) for level in LEVELS)
    quiet = policy.quiet
    if quiet is None:
        return PolicyForm(urgent, prompt)
    return PolicyForm(
        urgent,
        prompt,
        quiet=True,
        starts=f"{quiet.starts:%H:%M}",
        ends=f"{quiet.ends:%H:%M}",
        days=tuple(sorted(quiet.days)),
    )


def read_form(form: PolicyForm) -> tuple[Policy | None, Mapping[str, str]]:
    """Return the policy that a form says, or None, and what is wrong with it.

    Returns:
        The problems by field: ``urgent-2`` (a step, counted from 1), ``urgent-repeat``,
        ``urgent-remind``, ``quiet``, or empty for the whole.
    """
    problems: dict[str, str] = {}
    urgent, prompt = (_read_ladder(form, level, problems) for level in LEVELS)
    quiet = _read_quiet(form, problems) if form.quiet else None
    if problems or urgent is None or prompt is None:
        return None, problems
    policy = Policy(urgent, prompt, quiet)
    try:
        return policy_from_json(policy_to_json(policy)), {}
    except PolicyError as error:
        return None, {"": " ".join(error.mistakes)}


def read_clock(typed: str) -> time | None:
    """Return a time of day typed as HH:MM; None when it is none."""
    try:
        found = time.fromisoformat(typed.strip().zfill(5))
    except ValueError:
        return None
    return found if found.tzinfo is None and not found.second and not found.microsecond else None


def _ladder_form(policy: Policy, level: Level) -> LadderForm:
    return LadderForm(
        steps=tuple(
            StepForm(length_words(step.wait_seconds), step.notify)
            for step in ladder_for(policy, level).steps
        ),
        repeat=length_words(repeat_seconds_for(policy, level)),
        remind=length_words(remind_seconds_for(policy, level)),
    )


def _read_ladder(form: PolicyForm, level: Level, problems: dict[str, str]) -> Ladder | None:
    typed = form.ladder(level)
    steps = []
    after = 0
    for number, each in enumerate(typed.steps, start=1):
        field = f"{level}-{number}"
        least = 0 if number == 1 else SHORTEST_WAIT_SECONDS
        most = LATEST_FIRST_STEP_SECONDS[level] if number == 1 else LONGEST_WAIT_SECONDS[level]
        wait = _read(each.wait, least, most, field, problems)
        if not each.notify:
            problems[field] = _("Choose at least one to tell.")
        elif wait is not None:
            steps.append(Step(wait, each.notify))
            after += wait
            if level == "prompt" and after >= LONGEST_WAIT_SECONDS["prompt"]:
                problems[field] = _(
                    "This step is never reached: the alert becomes urgent 24 h after it was raised."
                )
    if not 1 <= len(typed.steps) <= MOST_STEPS:
        problems[f"{level}-1"] = _("Give 1 to {n} steps.").format(n=MOST_STEPS)
    limits = SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS[level]
    repeat = _read(typed.repeat, *limits, f"{level}-repeat", problems)
    limits = SHORTEST_REMIND_SECONDS, LONGEST_REMIND_SECONDS[level]
    remind = _read(typed.remind, *limits, f"{level}-remind", problems)
    return Ladder(tuple(steps), repeat, remind) if steps and not problems else None


def _read(typed: str, least: int, most: int, field: str, problems: dict[str, str]) -> int | None:
    seconds = read_length(typed)
    if seconds is not None and least <= seconds <= most:
        return seconds
    if most == 0:
        problems[field] = _("An urgent alert is told at once: the first step waits 0 min.")
    else:
        problems[field] = _("Give {least} to {most}, such as 15 min or 1 h 30 min.").format(
            least=length_words(least), most=length_words(most)
        )
    return None


def _read_quiet(form: PolicyForm, problems: dict[str, str]) -> QuietHours | None:
    starts, ends = read_clock(form.starts), read_clock(form.ends)
    if starts is None or ends is None:
        problems["quiet"] = _("Give both times as HH:MM, such as 22:00.")
        return None
    if not form.days:
        problems["quiet"] = _("Choose at least one day on which quiet hours begin.")
        return None
    try:
        return QuietHours(starts, ends, frozenset(form.days))
    except ValueError:
        problems["quiet"] = _("Quiet hours last 12 hours at most, and begin and end differ.")
        return None
