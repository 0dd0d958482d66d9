"""`diary check`: every line of the operations guide that this machine can try, one line each."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated

import typer

from diary_app.commands.check_around import around_lines
from diary_app.commands.check_inside import inside_lines
from diary_app.commands.check_line import Line, failed
from diary_app.commands.machine import Json, console, now, settings
from diary_app.settings import Settings

STYLES = {"ok": "green", "warn": "yellow", "FAIL": "bold red"}


def check(
    as_json: Json = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the mail server and the public address.")
    ] = False,
) -> None:
    """Try this installation: database, key, backups, mail, clock, address, worker, disk.

    Exit status 1 when anything failed, 0 when all is well or only warned of. Changes nothing.
    """
    lines = list(all_lines(settings(), now(), quick=quick))
    if as_json:
        typer.echo(json.dumps([line.__dict__ for line in lines]))
    else:
        for line in lines:
            style = STYLES[line.state]
            console.print(f"[{style}]{line.state:<4}[/]  {line.what}: {line.found}", soft_wrap=True)
            if line.to_do:
                console.print(f"      {line.to_do}", soft_wrap=True)
    if any(line.state == "FAIL" for line in lines):
        raise SystemExit(1)


def all_lines(chosen: Settings, at: datetime, *, quick: bool = False) -> Iterator[Line]:
    """Yield what was found; a check that breaks is itself a line."""
    parts: list[Callable[[], Iterator[Line]]] = [
        lambda: inside_lines(chosen, at),
        lambda: around_lines(chosen, quick=quick),
    ]
    for part in parts:
        try:
            yield from part()
        except Exception as error:
            yield failed("Check", f"it broke off ({type(error).__name__}).", "Report this fault.")
