"""`diary replay`: what other rules would have changed in the kept diaries."""

import json
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from alerts.grading.rule_limits import rule_set_from_json
from alerts.grading.rules import RuleSet
from diary_app.commands.grading import UnreadableFileError
from diary_app.commands.machine import console, day, fail, installation, machine, now, settings
from diary_app.services.refusals import RefusedError
from diary_app.services.replay import replay
from diary_app.services.replay_report import ALERT_LEVELS, KINDS, ReplayReport

MOST_SHOWN = 20


def replay_rules(file: Path, first: str, last: str, clinic: str | None, *, as_json: bool) -> None:
    """Replay a period under the rules of a file and print what differs.

    Raises:
        UnreadableFileError: The file is not there or holds no JSON.
        RuleSetError: The rules are looser than safety allows, or are none.
    """
    rules = read_rules(file)
    first_on, last_on = day(first), day(last)
    if first_on is None or last_on is None:
        fail("Give both days, --from and --to, as 2026-03-31.", status=2)
    with installation(settings()) as opened, _bar() as bar:
        viewer = machine(opened, clinic, "clinician")
        task = bar.add_task("Patients", total=None)
        try:
            found = replay(
                opened.database, viewer, rules, first_on, last_on, now(),
                lambda done, every: bar.update(task, completed=done, total=every),
            )  # fmt: skip
        except RefusedError as error:
            fail(error.sentence, status=2)
    if as_json:
        told = {**found.counts(), "concerned": found.concerned()}
        print(json.dumps(told, indent=2))  # noqa: T201
    else:
        for line in lines(found):
            console.print(line, soft_wrap=True)


def read_rules(file: Path) -> RuleSet:
    """Return the rules of a JSON file, checked against the hard limits."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UnreadableFileError(f"{file} cannot be read: {why}.") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"{file} is not JSON.") from error
    return rule_set_from_json(stored)


def lines(found: ReplayReport) -> list[str]:
    """Return a replay as lines for a terminal; what no rules may miss comes first."""
    counts, tally = found.counts(), found.tally
    told = [
        found.sensitivity.sentence,
        f"Rules {found.version_after} instead of {found.version_before}, "
        f"{tally.first_on} to {tally.last_on}: {tally.patients} patients, {found.entries} entries.",
        "Alerts that would "
        + ", ".join(
            f"{words}: {tally.kinds[kind]}"
            for kind, words in zip(KINDS, ("appear", "vanish", "change level"), strict=True)
        )
        + f"; {tally.concerned} patients are concerned.",
    ]
    for level in ALERT_LEVELS:
        was, would_be = (found.rate(level, after=after) for after in (False, True))
        if was is not None and would_be is not None:
            told.append(
                f"{level}: {found.alerts(level, after=False)} -> {found.alerts(level, after=True)}"
                f" alerts, {was:.4f} -> {would_be:.4f} per patient-week."
            )
    told += [
        f"Entries {row['before']} -> {row['after']}: {row['entries']}" for row in counts["levels"]
    ]
    load = found.forecast
    if load is not None:
        told.append(
            f"A week to come: {load.expected:.1f} alerts ({load.low:.1f} to {load.high:.1f}), "
            "if it is like the last four weeks."
        )
    shown = found.concerned()[:MOST_SHOWN]
    told += [
        f"  {row['on']} {row['patient']}: {row['alert']} "
        f"({row['before'] or 'no alert'} -> {row['after'] or 'no alert'})"
        for row in shown
    ]
    if (more := sum(tally.kinds.values()) - len(shown)) > 0:
        told.append(f"  and {more} more; --json lists up to 500 of each kind.")
    return told


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
