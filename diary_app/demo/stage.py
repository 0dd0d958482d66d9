"""Set the demo up, and say where it is and how to sign in."""

import shutil
from datetime import datetime
from ipaddress import ip_address

from rich.console import Console
from rich.progress import Progress

from diary_app.demo.pages import invited
from diary_app.demo.seed import OTHER_CLINIC_STAFF, PASSWORD, STAFF, seed
from diary_app.installation import open_installation
from diary_app.services.kit import Kit
from diary_app.services.sign_in import next_code
from diary_app.settings import Settings


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
        console.print(
            f"              {email:<24} {role:<14} {name:<16} code now {code}", soft_wrap=True
        )
    console.print("              (the sign-in page shows the codes, they change every 30 seconds)")
    console.print()
    for patient in invited(kit):
        console.print(
            f"  Patient     {kit.origin}/demo/invitation/{patient.code}   {patient.name}, "
            f"born {patient.born_on.day} {patient.born_on:%B %Y} (asked for)",
            soft_wrap=True,
        )
    mails = f"{kit.origin}/demo/mails   (files in {settings.data_dir / 'outbox'})"
    console.print(f"\n  Mails       {mails}\n", soft_wrap=True)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
