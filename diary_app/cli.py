"""The `diary` command. Errors are one sentence on stderr: status 2 for bad input, 1 for failed."""

import json
import logging
import sys
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console
from rich.progress import Progress

from alerts.errors import AlertsError
from db.engine import DatabaseRefusal, first_words
from db.errors import StorageError
from diary_app.commands.backups import backup, backup_key, restore
from diary_app.commands.check import check
from diary_app.commands.copying import copy_database
from diary_app.commands.desktop import desktop
from diary_app.commands.importing import import_
from diary_app.commands.keys import keys
from diary_app.commands.labs import labs
from diary_app.commands.machine import (
    Json,
    console,
    day,
    fail,
    installation,
    machine,
    now,
    own_zone,
    patient_id,
    settings,
)
from diary_app.commands.open_archive import open_archive
from diary_app.commands.regrade import regrade
from diary_app.installation import SetUpError

app = typer.Typer(
    name="diary",
    help="Symptom diary for patients on imatinib, with alerts for the care team.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(backup)
app.command("backup-key")(backup_key)
app.command("copy-database")(copy_database)
app.command()(check)
app.command()(desktop)
app.command("import")(import_)
app.add_typer(keys)
app.command()(labs)
app.command("open-archive")(open_archive)
app.command()(regrade)
app.command()(restore)


def main() -> None:
    """Run the command line."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    try:
        app()
    except (SetUpError, StorageError, AlertsError) as error:
        fail(str(error), status=2)
    except DatabaseRefusal as error:
        fail(
            f"The database does not do its part: {first_words(error)}; see `diary check`.", status=1
        )


@app.command()
def demo(
    host: Annotated[str, typer.Option(help="Loopback address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8550,
    data_dir: Annotated[Path, typer.Option(help="Folder of the demo data.")] = Path("demo-data"),
    fresh: Annotated[bool, typer.Option(help="Throw the old demo data away first.")] = False,
) -> None:
    """Run the app with synthetic patients and print the addresses and sign-ins."""
    from diary_app.demo import stage  # noqa: PLC0415 - only the demo needs it
    from diary_app.server import serve as run_server  # noqa: PLC0415

    chosen = settings(
        host=host, port=port, data_dir=data_dir.resolve(), demo=True, mail_way="file",
        database_url="", public_url="", key_file=None, key="", key_command="", worker=True,
    )  # fmt: skip
    try:
        stage.prepare(chosen, now(), console, fresh=fresh)
    except stage.StageError as error:
        fail(str(error), status=2)
    run_server(chosen, before=lambda kit: stage.announce(kit, chosen, now(), console))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    worker: Annotated[
        bool | None, typer.Option(help="Run the alert worker in this process.")
    ] = None,
) -> None:
    """Run the app for patients and the care team, and the alert worker with it."""
    from diary_app.server import serve as run_server  # noqa: PLC0415 - Flet takes its time

    run_server(settings(host=host, port=port, worker=worker))


@app.command()
def worker() -> None:
    """Run the alert worker alone, beside `diary serve --no-worker`."""
    import threading  # noqa: PLC0415

    with installation(settings(), without_key=True) as opened:
        running = opened.worker(now)
        running.start()
        opened.hear(running.wake, lambda _topic: None)
        console.print("The alert worker is running. Ctrl-C ends it.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            running.stop()


@app.command()
def init(
    clinic: Annotated[str, typer.Option(prompt="Name of the clinic")],
    phone: Annotated[str, typer.Option(prompt="Phone that patients call")],
    admin_name: Annotated[str, typer.Option(prompt="Name of the first administrator")],
    admin_email: Annotated[str, typer.Option(prompt="E-mail of the first administrator")],
    emergency_number: Annotated[str, typer.Option(help="Emergency number.")] = "112",
    time_zone: Annotated[str, typer.Option(help="IANA name, such as Europe/Berlin.")] = "UTC",
) -> None:
    """Set up an empty clinic and print the link for its first administrator."""
    from diary_app.services.people import create_clinic  # noqa: PLC0415

    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        fail(f"{time_zone!r} is not a time zone; use a name such as Europe/Berlin.", status=2)
    with installation(settings(), create=True) as opened:
        invitation = create_clinic(
            opened.kit(now), clinic, time_zone, phone, emergency_number, admin_email, admin_name,
            now(),
        )  # fmt: skip
        console.print(f"The clinic is set up in {opened.settings.data_dir}.")
        console.print(f"{admin_name} signs up here, once:\n  {invitation.url}", soft_wrap=True)
        console.print("Start the diary with `diary serve`.")


@app.command()
def user(
    name: Annotated[str, typer.Option(prompt="Name")],
    email: Annotated[str, typer.Option(prompt="E-mail")],
    role: Annotated[str, typer.Option(prompt="Role (nurse, clinician, administrator)")],
    clinic: Annotated[str | None, typer.Option(help="Clinic, when there are several.")] = None,
) -> None:
    """Invite a member of the care team and print the link."""
    from diary_app.services.people import invite_staff  # noqa: PLC0415

    if role not in {"nurse", "clinician", "administrator"}:
        fail("The role must be nurse, clinician or administrator.", status=2)
    with installation(settings()) as opened:
        viewer = machine(opened, clinic, "administrator")
        invitation = invite_staff(opened.kit(now), viewer, email, name, role, now())
        console.print(f"{name} signs up here, once:\n  {invitation.url}", soft_wrap=True)


@app.command()
def invite(
    patient: Annotated[str, typer.Argument(help="Code of the patient, such as P-014.")],
    clinic: Annotated[str | None, typer.Option(help="Clinic, when there are several.")] = None,
) -> None:
    """Print the invitation link and the QR code of a patient."""
    import segno  # noqa: PLC0415

    from diary_app.services.people import invite_patient  # noqa: PLC0415

    with installation(settings()) as opened:
        viewer = machine(opened, clinic, "administrator")
        found = patient_id(opened, viewer, patient)
        invitation = invite_patient(opened.kit(now), viewer, found, now())
        console.print(
            f"Invitation for {patient}, to be used once:\n  {invitation.url}", soft_wrap=True
        )
        segno.make(invitation.url).terminal(out=sys.stdout, compact=True)
        console.print(f"It ends on {invitation.expires_at:%d %B %Y}; older links no longer work.")


@app.command()
def grade(
    file: Annotated[str, typer.Argument(help="Vignettes as JSON; - for standard input.")],
    pro_ctcae: Annotated[
        bool, typer.Option("--pro-ctcae", help="The file is a CSV of PRO-CTCAE scores.")
    ] = False,
    explain: Annotated[
        bool, typer.Option(help="Add the sentences, values and what would have changed a level.")
    ] = False,
) -> None:
    """Grade vignettes by the clinical rules (JSON), or score a PRO-CTCAE table (CSV)."""
    from diary_app.commands.grading import graded_vignettes, scored_table  # noqa: PLC0415

    if pro_ctcae:
        scored = scored_table(file)
        sys.stdout.buffer.write(scored.text.encode())
        for note in scored.notes:
            print(note, file=sys.stderr)
    else:
        sys.stdout.buffer.write(graded_vignettes(file, explain=explain))


@app.command()
def export(
    patient: Annotated[str, typer.Argument(help="Code of the patient, such as P-014.")],
    to: Annotated[Path, typer.Option(help="File to write: .pdf, .zip (CSV), .xlsx, .json (FHIR).")],
    first: Annotated[
        str | None, typer.Option("--from", help="First day; else since the last report.")
    ] = None,
    last: Annotated[str | None, typer.Option("--until", help="Last day, YYYY-MM-DD.")] = None,
    clinic: Annotated[str | None, typer.Option(help="Clinic, when there are several.")] = None,
) -> None:
    """Write a patient's visit report (PDF), or everything in the period (CSV in a zip, FHIR)."""
    from diary_app.services.visit import Visits  # noqa: PLC0415

    if to.suffix not in {".pdf", ".zip", ".xlsx", ".json"}:
        fail(
            "The file must end in .pdf (visit report), .zip (everything as CSV), .xlsx (tables)"
            " or .json (FHIR).",
            status=2,
        )
    with installation(settings()) as opened:
        viewer = machine(opened, clinic, "clinician")
        found = patient_id(opened, viewer, patient)
        zone = ZoneInfo(own_zone(opened, viewer))
        last_on = day(last) or now().astimezone(zone).date()
        visits = Visits(opened.kit(now), viewer)
        first_on = day(first) or min(visits.since(found), last_on)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Preparing the export", total=1.0)
            make = {
                ".pdf": visits.report_pdf,
                ".xlsx": visits.workbook,
                ".json": visits.fhir,
            }.get(to.suffix, visits.archive)
            content = make(
                found,
                first_on,
                last_on,
                lambda share, words: bar.update(task, completed=share, description=words),
            )
        try:
            to.write_bytes(content)
        except OSError as error:
            fail(f"{to} cannot be written: {error.strerror}.", status=1)
        console.print(f"{to}: {first_on} to {last_on}, {len(content) / 1024:,.0f} KB")


@app.command()
def verify(
    receipt: Annotated[
        list[str] | None,
        typer.Option(help="Row and hash out of a mail of the books, as ROW:HASH; repeatable."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check the audit chain of every clinic, its approved rules and the kept photos."""
    from diary_app.services.verification import verify_installation  # noqa: PLC0415

    parts = [each.strip().partition(":") for each in receipt or ()]
    if not all(number.isascii() and number.isdigit() and link for number, _colon, link in parts):
        fail("A receipt is the row and the hash of a mail of the books, as 1234:ab12...", status=2)
    receipts = [(int(number), link.strip()) for number, _colon, link in parts]
    with installation(settings()) as opened:
        found = verify_installation(opened.kit(now), receipts)
    if as_json:
        print(json.dumps({"whole": not found.faults, "faults": found.faults, **found.counts}))
    else:
        for fault in found.faults:
            console.print(fault)
        counted = ", ".join(f"{count} {name}" for name, count in found.counts.items())
        console.print(f"Checked {counted}: {'whole' if not found.faults else 'NOT whole'}.")
    if found.faults:
        raise SystemExit(1)


@app.command()
def pack() -> None:
    """Pack the web client for slow phones; `serve` and `demo` do it when it was not done."""
    from diary_app.server import packed  # noqa: PLC0415

    console.print(f"Packed: version {packed(settings(), console).version}.")


@app.command()
def replay(
    rules: Annotated[Path, typer.Option(help="The rules to try, as JSON.")],
    first: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")],
    clinic: Annotated[str | None, typer.Option(help="Clinic, when there are several.")] = None,
    as_json: Json = False,
) -> None:
    """Show what other rules would have changed: alerts, the load per week, the red flags."""
    from diary_app.commands.replay import replay_rules  # noqa: PLC0415

    replay_rules(rules, first, last, clinic, as_json=as_json)


@app.command()
def cohort(
    patients: Annotated[int, typer.Option(min=1, help="How many synthetic patients.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Same number, same patients.")] = 1,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Length of every course.")] = 180,
    into: Annotated[Path | None, typer.Option(help="Folder of a demo to write them to.")] = None,
) -> None:
    """Make synthetic patients after published courses and print their alerts per week."""
    from diary_app.commands.cohort import print_cohort  # noqa: PLC0415

    print_cohort(patients, seed, days, into)
