"""Set the demo up, and say where it is and how to sign in."""

import shutil
from datetime import datetime
from ipaddress import ip_address

from rich.console import Console
from rich.progress import Progress
from sqlmodel import col, select

from db.access import Viewer, viewer_for
from db.models import Clinic, Patient
from db.stores import doors
from diary_app.demo.seed import OTHER_CLINIC_STAFF, PASSWORD, STAFF, seed
from diary_app.installation import open_installation
from diary_app.services.kit import Kit
from diary_app.services.people import invite_patient
from diary_app.services.sign_in import next_code
from diary_app.settings import Settings

# Two patients whose invitation links are printed, with what confirms them.
INVITED = ("P-001", "P-010")


class StageError(Exception):
    """The demo cannot be set up; the sentence says what to do."""


def prepare(settings: Settings, now: datetime, console: Console, *, fresh: bool) -> None:
    """Make the demo data unless it is there.

    Raises:
        StageError: The address is not this machine's own, or the folder holds something else.
    """
    if not _is_loopback(settings.host):
        raise StageError("The demo has known passwords and listens on this machine alone.")
    folder = settings.data_dir
    made_for = folder / "demo"
    if folder.exists() and any(folder.iterdir()) and not made_for.exists():
        raise StageError(f"{folder} holds something else; choose another --data-dir.")
    if fresh and folder.exists():
        shutil.rmtree(folder)
    if made_for.exists():
        console.print(f"Using the demo data of {made_for.read_text()} (--fresh makes new ones).")
        return
    if folder.exists():
        shutil.rmtree(folder)
    opened = open_installation(settings, create=True)
    try:
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("Making synthetic patients")
            seed(
                opened.kit(lambda: now),
                now,
                lambda _code, done, total: bar.update(task, completed=done, total=total),
            )
    finally:
        opened.close()
    made_for.write_text(f"{now:%d %B %Y}")


def announce(kit: Kit, settings: Settings, now: datetime, console: Console) -> None:
    """Print the addresses, the staff's sign-ins and two invitations for patients."""
    console.print("\n[bold]Symptom diary, demo[/bold]: synthetic patients only.\n")
    console.print(f"  Care team   {kit.origin}/sign-in   password [bold]{PASSWORD}[/bold]")
    for name, role, email in (*STAFF, *OTHER_CLINIC_STAFF):
        code = next_code(kit, email, now) or "-"
        console.print(f"              {email:<24} {role:<14} {name:<16} code now {code}")
    console.print("              (the sign-in page shows the codes, they change every 30 seconds)")
    for patient, viewer in _invited(kit):
        link = invite_patient(kit, viewer, patient.id, now)
        console.print(
            f"\n  Patient     {link.url}\n              {patient.name}, "
            f"born {patient.born_on:%d %B %Y} (asked for), this link works once",
            soft_wrap=True,
        )
    console.print(f"\n  Mails       {settings.data_dir / 'outbox'} and {kit.origin}/demo/mails\n")


def pack_client(settings: Settings, console: Console) -> None:
    """Pack the web client, with progress; at once when it is packed already."""
    from diary_app.ground.pack import pack  # noqa: PLC0415 - reads Flet's files

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Packing the app for slow phones (once)", total=None)
        pack(
            settings.web_cache_dir,
            lambda done, total: bar.update(task, completed=done, total=total),
        )


def _invited(kit: Kit) -> list[tuple[Patient, Viewer]]:
    found = []
    with kit.database.reading() as session:
        for clinic in doors.clinics(session):
            viewer = viewer_for(
                "nurse", clinic_id=clinic.id, actor_id=clinic.id, name="command line"
            )
            rows = session.exec(
                select(Patient)
                .join(Clinic, col(Clinic.id) == col(Patient.clinic_id))
                .where(col(Patient.clinic_id) == clinic.id, col(Patient.code).in_(INVITED))
                .order_by(col(Patient.code))
            )
            found.extend((patient, viewer) for patient in rows)
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
