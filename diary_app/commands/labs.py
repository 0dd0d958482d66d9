"""`diary labs`: laboratory values from a CSV file, all of them or none."""

import csv
import io
from collections import defaultdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from db.access import Viewer, viewer_for
from db.stores import people
from diary_app.commands.machine import console, fail, installation, machine, now, settings
from diary_app.installation import Installation
from diary_app.services.lab_form import TROUGH, LabForm, LabTyped
from diary_app.services.labs import Labs

NEEDED = ("patient", "date", "test", "value", "unit")
COLUMNS = (*NEEDED, "lower", "upper", "sampled", "last_dose")


def labs(
    file: Annotated[Path, typer.Argument(help=f"CSV in UTF-8: {', '.join(COLUMNS)}.")],
    by: Annotated[str, typer.Option(help="E-mail of the nurse or clinician who answers for it.")],
    dry_run: Annotated[bool, typer.Option(help="Only say what is wrong, line by line.")] = False,
    as_reported: Annotated[
        bool, typer.Option(help="Unusual values are what the laboratory gave.")
    ] = False,
    clinic: Annotated[str | None, typer.Option(help="Clinic, when there are several.")] = None,
) -> None:
    """Enter laboratory values from a CSV file; with any mistake nothing is kept."""
    lines = _lines(file)
    with installation(settings()) as opened:
        viewer = _member(opened, machine(opened, clinic, "administrator"), by)
        service = Labs(opened.kit(now), viewer)
        with opened.database.reading() as session:
            codes = {row.code: row.id for row in people.patients(session, viewer)}
        forms: dict[UUID, list[LabForm]] = defaultdict(list)
        wrong = 0
        for number, line in lines:
            patient_id, form = codes.get(line["patient"]), _form(line, as_reported=as_reported)
            if patient_id is None:
                problems = ["No patient of this clinic has this code."]
            else:
                problems = list(service.check(patient_id, form).problems.values())
                forms[patient_id].append(form)
            wrong += bool(problems)
            for sentence in problems:
                console.print(f"Line {number}: {sentence}", markup=False, soft_wrap=True)
        if wrong:
            fail(f"{wrong} of {len(lines)} lines cannot be used; nothing was kept.", status=2)
        if dry_run:
            console.print(f"{len(lines)} lines can be used; nothing was kept (dry run).")
            return
        made = [service.keep(patient_id, of_one) for patient_id, of_one in forms.items()]
    alerted = sum(kept.alerted for kept in made)
    console.print(
        f"{sum(kept.count for kept in made)} values kept for {len(made)} patients; "
        f"alerts for {alerted} of them."
    )


def _lines(file: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}.", status=2)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        rows = [
            (reader.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS})
            for row in reader
        ]
    except csv.Error:
        fail(f"{file} is not CSV.", status=2)
    if missing:
        fail(f"{file} lacks the columns {', '.join(missing)}.", status=2)
    if not rows:
        fail(f"{file} holds no lines.", status=2)
    return rows


def _form(line: dict[str, str], *, as_reported: bool) -> LabForm:
    typed = LabTyped(line["value"], line["unit"], line["lower"], line["upper"])
    timed = line["test"].lower() == TROUGH
    return LabForm(
        taken_on=line["date"],
        values={line["test"].lower(): typed},
        sampled=line["sampled"] if timed else "",
        last_dose=line["last_dose"] if timed else "",
        as_reported=as_reported,
    )


def _member(opened: Installation, viewer: Viewer, email: str) -> Viewer:
    with opened.database.reading() as session:
        for user in people.staff(session, viewer):
            if user.email == email and user.role in {"nurse", "clinician"}:
                return viewer_for(
                    user.role, clinic_id=user.clinic_id, actor_id=user.id, name=user.name
                )
    fail("No nurse or clinician of this clinic has this e-mail.", status=2)
