"""`diary regrade`: the kept diaries graded again by the rules in force."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from alerts.regrade import Regraded
from diary_app.commands.machine import Json, console, day, fail, installation, machine, now
from diary_app.commands.machine import settings as chosen_settings
from diary_app.services.refusals import RefusedError
from diary_app.services.regrading import regrade_clinic


def regrade(
    first: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")],
    clinic: Annotated[str | None, typer.Option(help="Clinic, when there are several.")] = None,
    as_json: Json = False,
) -> None:
    """Grade kept entries again by the rules in force; earlier grades stay, no alert changes."""
    first_on, last_on = day(first), day(last)
    if first_on is None or last_on is None:
        fail("Give both days, --from and --to, as 2026-03-31.", status=2)
    with (
        installation(chosen_settings()) as opened,
        Progress(console=Console(stderr=True), transient=True) as bar,
    ):
        viewer = machine(opened, clinic, "clinician")
        task = bar.add_task("Patients", total=None)
        try:
            found = regrade_clinic(
                opened.database, viewer, first_on, last_on, now(),
                lambda done, every: bar.update(task, completed=done, total=every),
            )  # fmt: skip
        except RefusedError as error:
            fail(error.sentence, status=2)
    if as_json:
        print(json.dumps(_counts(found), indent=2))  # noqa: T201
    else:
        for line in _lines(found):
            console.print(line, soft_wrap=True)
    if found.failed:
        raise SystemExit(1)


def _counts(found: Regraded) -> dict[str, object]:
    return {
        "version": found.version,
        "added": found.added,
        "kept": found.kept,
        "waiting": found.waiting,
        "failed": found.failed,
        "levels": [
            {"before": was, "after": now_is, "assessments": count}
            for (was, now_is), count in sorted(found.moved.items())
        ],
    }


def _lines(found: Regraded) -> list[str]:
    said = [
        f"Rules {found.version}: {found.added} assessments were added, {found.kept} were of this "
        "version already. Earlier ones stay; no alert was opened, lowered or closed."
    ]
    said += [
        f"{was} -> {now_is}: {count}"
        for (was, now_is), count in sorted(found.moved.items())
        if was != now_is
    ]
    if found.waiting:
        said.append(
            f"{found.waiting} entries were never graded; the worker grades them and tells people."
        )
    if found.failed:
        said.append(f"{found.failed} could not be graded again; their earlier grades hold.")
    return said
