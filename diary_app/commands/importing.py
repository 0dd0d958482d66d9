"""`diary import`: the diary of one patient, from an export, into an empty clinic."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from diary_app.commands.machine import Json, console, fail, installation, machine, now, settings
from diary_app.exports.bundle import VisitBundle
from diary_app.imports.errors import MOST_BYTES, UnreadableError
from diary_app.services.importing import import_diary
from diary_app.services.refusals import RefusedError

Reader = Callable[[bytes], VisitBundle]


def _fhir(content: bytes) -> VisitBundle:
    from diary_app.imports.fhir import read_bundle  # noqa: PLC0415  (only what is asked for)

    return read_bundle(content)


def _tables(content: bytes) -> VisitBundle:
    from diary_app.imports.tables import read_tables  # noqa: PLC0415

    return read_tables(content)


# A further format: its name, and what gives the bundle of a file's bytes.
READERS: dict[str, Reader] = {"fhir": _fhir, "tables": _tables}
# What a file of each format begins with, white space aside.
STARTS = {b"{": "fhir", b"PK\x03\x04": "tables"}


def import_(
    file: Annotated[
        Path, typer.Argument(help="A FHIR Bundle (.json), an archive (.zip) or a workbook (.xlsx).")
    ],
    kind: Annotated[
        str | None, typer.Option("--format", help="fhir or tables; else the file tells.")
    ] = None,
    clinic: Annotated[str | None, typer.Option(help="Clinic, when there are several.")] = None,
    as_json: Json = False,
) -> None:
    """Import the exported diary of one patient into an empty clinic; all of it or nothing."""
    content = _read(file)
    name = kind or _guess(content)
    if name not in READERS:
        known = ", ".join(READERS)
        fail(f"{file} is in no format that can be imported ({known}).", status=2)
    with installation(settings()) as opened:
        viewer = machine(opened, clinic, "administrator")
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Reading the file", total=1.0)
            try:
                done = import_diary(
                    opened.kit(now),
                    viewer,
                    READERS[name](content),
                    now(),
                    source=name,
                    progress=lambda share, words: bar.update(
                        task, completed=share, description=words
                    ),
                )
            except UnreadableError as error:
                fail(str(error), status=2)
            except RefusedError as error:
                fail(error.sentence, status=2)
    if as_json:
        print(json.dumps({**done.counts, "open_alerts": done.open_alerts}))  # noqa: T201
        return
    counted = ", ".join(f"{count} {noun}" for noun, count in done.counts.items())
    console.print(f"Imported: {counted}.", soft_wrap=True)
    if done.open_alerts:
        console.print(f"{done.open_alerts} alerts are open here now and wait for somebody.")


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            fail(f"{file} is larger than any diary; it was not read.", status=2)
        return file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.", status=2)


def _guess(content: bytes) -> str | None:
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((name for sign, name in STARTS.items() if start.startswith(sign)), None)
