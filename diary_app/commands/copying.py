"""`diary copy-database`: the diary of a clinic, or of all, from SQLite to PostgreSQL."""

import json
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress

from db.access import Viewer
from db.engine import Database, is_postgresql, open_database
from db.errors import CopyError
from diary_app.commands.machine import Json, console, fail, installation, machine, now, settings
from diary_app.services.verification import damaged_photos

_DOING = {"count": "Counting", "copy": "Copying", "compare": "Comparing"}


def copy_database(
    to: Annotated[
        str,
        typer.Option(
            help="Empty database: postgresql+psycopg://login@host/name. The password is best kept "
            "in PGPASSWORD or ~/.pgpass."
        ),
    ],
    clinic: Annotated[
        str | None, typer.Option(help="This clinic alone; else the whole diary.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Copy the diary into PostgreSQL and compare every row. Killed in the middle: run it again."""
    from db.copying import copy  # noqa: PLC0415

    chosen, target = settings(), _target(to)
    if chosen.database_url:
        fail("The copy is made of SQLite; unset DIARY_DATABASE_URL for this command.", status=2)
    try:
        with installation(chosen) as opened:
            viewer: Viewer | None = machine(opened, clinic, "administrator") if clinic else None
            scope: UUID | None = viewer.clinic_id if viewer else None
            with _Teller() as teller:
                done = copy(opened.database, target, scope, teller.tell)
            photos, damaged = damaged_photos(opened.kit(now), scope)
    except CopyError as error:
        fail(str(error), status=1)
    finally:
        target.close()
    rows = sum(each.rows for each in done.tables.values())
    if as_json:
        answer = {"rows": rows, "photos": photos, "damaged_photos": damaged, **asdict(done)}
        print(json.dumps(answer))  # noqa: T201
    else:
        console.print(
            f"Copied and compared: {rows} rows in {len(done.tables)} tables, the same number and "
            f"the same hash on both sides; {done.chains} audit chains whole.",
            soft_wrap=True,
        )
        if done.left_behind:
            console.print(
                f"{done.left_behind} offers of patients to other clinics stayed behind.",
                soft_wrap=True,
            )
        console.print(
            f"{photos} photos stay files in {chosen.data_dir / 'photos'}, sealed with the same "
            "master key: leave both there, or take both along to the new data folder and run "
            "`diary verify`.",
            soft_wrap=True,
        )
        console.print("Set DIARY_DATABASE_URL to the copy, then start the diary.")
    if damaged:
        fail(
            f"{damaged} photos are missing or were changed before the copy; `diary verify` names "
            "them.",
            status=1,
        )


def _target(url: str) -> Database:
    if is_postgresql(url):
        return open_database(url)
    fail(
        "--to is no address of PostgreSQL; it looks like postgresql+psycopg://login@host/name.",
        status=2,
    )


class _Teller:
    """Tells on stderr how far it is: a bar at a terminal, else a line for each table."""

    def __init__(self) -> None:
        self._out = Console(stderr=True, highlight=False)
        self._bar = Progress(console=self._out, transient=True, disable=not self._out.is_terminal)
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> "_Teller":
        self._bar.start()
        return self

    def __exit__(self, *_what: object) -> None:
        self._bar.stop()

    def tell(self, doing: str, table: str, done: int, of: int) -> None:
        words = f"{_DOING[doing]} {table}"
        self._bar.update(self._task, description=words, completed=done, total=of or None)
        if not self._out.is_terminal and doing == "copy" and of:
            self._out.print(f"{words}: {done} of {of} rows", soft_wrap=True)
