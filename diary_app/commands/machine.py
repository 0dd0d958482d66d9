"""What every command needs: settings, the open installation, who sits at this machine."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from pydantic import ValidationError
from rich.console import Console

from db.access import Viewer, viewer_for
from db.stores import doors, people
from diary_app.installation import Installation, open_installation, tell_key_trouble
from diary_app.settings import Settings

console = Console(highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Answer as JSON, for a program to read.")]


def fail(sentence: str, *, status: int) -> NoReturn:
    """Say what is wrong and end with a status."""
    print(sentence, file=sys.stderr)  # noqa: T201
    raise SystemExit(status)


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)  # noqa: TID251 - an entry point's clock


def settings(**changes: object) -> Settings:
    """Return the settings of the environment with these changes, or say what is impossible."""
    known = {f"DIARY_{name.upper()}" for name in Settings.model_fields}
    for name in sorted(os.environ):
        if name.startswith("DIARY_") and name not in known:
            fail(f"There is no setting {name}; the README lists them all.", status=2)
    try:
        return Settings(**{k: v for k, v in changes.items() if v is not None})  # type: ignore[arg-type]
    except PermissionError:
        fail("This user may not read the folder you are in, nor its .env; cd / first.", status=2)
    except ValidationError as error:
        first = error.errors()[0]
        name = "DIARY_" + "_".join(str(part) for part in first["loc"]).upper()
        message = first["msg"].removeprefix("Value error, ")
        fail(message if "DIARY_" in message else f"{name}: {message}.", status=2)


@contextmanager
def installation(
    chosen: Settings, *, create: bool = False, without_key: bool = False
) -> Iterator[Installation]:
    """Open the installation for one command."""
    opened = open_installation(chosen, create=create, without_key=without_key)
    tell_key_trouble(opened)
    try:
        yield opened
    finally:
        opened.close()


def machine(opened: Installation, clinic: str | None, role: str) -> Viewer:
    """Return the viewer of whoever sits at this machine, for one clinic.

    They hold the database and the key already; the audit names them as `command line`.
    """
    with opened.database.reading() as session:
        found = [c for c in doors.clinics(session) if clinic is None or c.name == clinic]
    if not found:
        fail("There is no such clinic here; run `diary init` first.", status=2)
    if len(found) > 1:
        names = ", ".join(f'"{c.name}"' for c in found)
        fail(f"There are several clinics; name one with --clinic: {names}.", status=2)
    return viewer_for(role, clinic_id=found[0].id, actor_id=found[0].id, name="command line")


def patient_id(opened: Installation, viewer: Viewer, code: str) -> UUID:
    """Return the id of the patient with this code."""
    with opened.database.reading() as session:
        for patient in people.patients(session, viewer):
            if patient.code == code:
                return patient.id
    fail(f"No patient of this clinic has the code {code}.", status=2)


def own_zone(opened: Installation, viewer: Viewer) -> str:
    """Return the clinic's time zone."""
    with opened.database.reading() as session:
        return people.own_clinic(session, viewer).time_zone


def day(text: str | None) -> date | None:
    """Return a day typed as YYYY-MM-DD; None when none was given."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is not a day; write it as 2026-03-31.", status=2)
