"""`diary keys`: how what is sealed is kept, seal what is not, change the keys."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from db.key_source import KeySource
from diary_app.commands.machine import Json, console, fail, installation, now, settings
from diary_app.installation import Installation

keys = typer.Typer(
    name="keys",
    help="Keys of photos and free text: status, encrypt, rotate, renew-master, wrap, encrypt-file.",
    no_args_is_help=True,
)


@keys.command()
def status(as_json: Json = False) -> None:
    """Say for every clinic which key version seals how much, and what is left to do.

    The exit status is 1 when a key does not open, or something is kept unsealed.
    """
    from db.resealing import standing  # noqa: PLC0415

    chosen = settings()
    with installation(chosen, without_key=True) as opened:
        found = standing(opened.database, opened.ring, opened.vault)
    whole = not opened.key_trouble and not any(clinic.left for clinic in found)
    if as_json:
        told = {
            "key": chosen.key_source.told(),
            "trouble": opened.key_trouble,
            "clinics": [
                asdict(clinic) | {"clinic_id": str(clinic.clinic_id), "left": clinic.left}
                for clinic in found
            ],
        }
        typer.echo(json.dumps(told, indent=1))
    else:
        console.print(f"Master key: {chosen.key_source.told()}", soft_wrap=True)
        table = Table("Clinic", "Sealed with", "Opens", "Texts", "Photos")
        for clinic in found:
            for version in sorted({0, *clinic.opens, *clinic.values, *clinic.photos}):
                texts, photos = clinic.values.get(version, 0), clinic.photos.get(version, 0)
                if version or texts or photos:
                    table.add_row(
                        clinic.name,
                        f"key {version}" if version else "no data key yet",
                        "yes" if clinic.opens.get(version, version == 0) else "NO",
                        f"{texts:,}",
                        f"{photos:,}",
                    )
        console.print(table)
        if not opened.key_trouble and not whole:
            console.print("Run `diary keys encrypt`: it seals the rest with the newest keys.")
    if not whole:
        raise SystemExit(1)


@keys.command()
def encrypt() -> None:
    """Seal everything with the newest key of its clinic; run again, it goes on where it ended."""
    with installation(settings()) as opened:
        _reseal(opened)


@keys.command()
def rotate(
    clinic: Annotated[str | None, typer.Option(help="One clinic alone; else all.")] = None,
) -> None:
    """Make a new key for each clinic and seal everything with it, while the diary runs.

    A rotation that was cut off is finished first, with the key that it had made.
    """
    from db.resealing import renew_key, standing  # noqa: PLC0415

    with installation(settings()) as opened:
        ring = opened.ring
        found = [
            each
            for each in standing(opened.database, ring, opened.vault)
            if clinic is None or each.name == clinic
        ]
        if not found:
            fail("There is no such clinic here; `diary keys status` names them.", status=2)
        for each in found:
            if each.is_cut_off:
                console.print(f"{each.name}: going on with key {each.newest}.")
            else:
                version = renew_key(opened.database, ring, each.clinic_id)
                console.print(f"{each.name}: key {version} seals from now on.")
        _reseal(opened, clinic)


@keys.command("renew-master")
def renew_master(
    to: Annotated[
        Path | None, typer.Option(help="File of the new key, when it comes from DIARY_KEY.")
    ] = None,
) -> None:
    """Make a new master key and seal with it what the former one sealed; stop the diary first.

    Cut off, it is run again in the same words: it takes back or finishes what was begun.
    """
    from db.renewing import renew_master as renew  # noqa: PLC0415

    chosen = settings()
    if not chosen.database_url and not (chosen.data_dir / "diary.db").exists():
        fail(f"There is no diary in {chosen.data_dir}; see DIARY_DATA_DIR.", status=2)
    source = chosen.key_source
    place = _place_of_next(source, to)
    done = renew(chosen.url, chosen.data_dir / "photos", source.load(), place, now())
    if done.is_finished:
        console.print("The change that was cut off is finished.")
    else:
        counted = ", ".join(f"{count:,} {name}" for name, count in done.counts.items())
        console.print(f"Sealed with the new master key: {counted}.")
    if source.text:
        console.print(
            f"The new key lies in {place.file}. Set DIARY_KEY to what `xxd -p -c 64 {place.file}` "
            "prints, and keep the former value: older backups open with it alone.",
            soft_wrap=True,
        )
    else:
        console.print(
            f"The new key lies in {place.file}, the former one in {done.former}: older backups "
            "open with the former one alone. Put it in a safe place, and delete it here.",
            soft_wrap=True,
        )
    console.print(
        "Copy the new key to its safe place and to every machine of the diary, start the diary, "
        "and make a backup at once (`diary backup`). Whoever had the former key and the database "
        "had the data keys too: then run `diary keys rotate`.",
        soft_wrap=True,
    )


def _place_of_next(source: KeySource, to: Path | None) -> KeySource:
    """Return where the next master key goes."""
    if not source.text:
        if to is not None:
            fail("--to is for a key from DIARY_KEY; this one is changed where it lies.", status=2)
        return source
    if to is None:
        fail("The key comes from DIARY_KEY; name a file for the new one with --to.", status=2)
    if to.exists():
        fail(
            f"{to} is there already, and a key is never overwritten. If this command made it, set "
            f"DIARY_KEY to what `xxd -p -c 64 {to}` prints; else name another file.",
            status=2,
        )
    return KeySource(to.resolve())


@keys.command()
def wrap(
    from_file: Annotated[
        Path | None, typer.Option(help="File of the key as it is; else master.key in the folder.")
    ] = None,
) -> None:
    """Wrap the master key with DIARY_KEY_COMMAND into the key file; again: with its newest key."""
    from db.keys import load_master_key  # noqa: PLC0415

    chosen = settings()
    source = chosen.key_source
    if not source.command:
        fail("Set DIARY_KEY_COMMAND to the command that wraps and unwraps.", status=2)
    plain = from_file or chosen.data_dir / "master.key"
    again = from_file is None and source.file.exists()
    source.wrap(source.load() if again else load_master_key(plain))
    console.print(f"The master key lies wrapped in {source.file}; it was unwrapped and compared.")
    if not again:
        console.print(f"Now keep {plain} in a safe place, and delete it here.")


@keys.command("encrypt-file")
def encrypt_file() -> None:
    """Encrypt the whole SQLite file with the key of DIARY_SQLITE_KEY_FILE; stop the diary first."""
    from db.cipher import encrypt as encrypt_whole  # noqa: PLC0415

    chosen = settings()
    if chosen.sqlite_key_file is None:
        fail("Set DIARY_SQLITE_KEY_FILE to the file of the key; it is made if missing.", status=2)
    file = chosen.data_dir / "diary.db"
    if not file.exists():
        fail(f"There is no {file}; `diary init` makes an encrypted one.", status=2)
    tables = encrypt_whole(file, chosen.sqlite_key_file)
    console.print(f"{file} is encrypted: {tables} tables, with the same rows as before.")
    console.print(f"Keep a copy of {chosen.sqlite_key_file} in another place.")


def _reseal(opened: Installation, only: str | None = None) -> None:
    from db.resealing import reseal, standing  # noqa: PLC0415

    ring = opened.ring
    unreadable = 0
    for clinic in standing(opened.database, ring, opened.vault):
        if only is not None and clinic.name != only:
            continue
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(f"Sealing {clinic.name}", total=clinic.left)
            done = reseal(
                opened.database,
                ring,
                opened.vault,
                clinic.clinic_id,
                now(),
                lambda count, bar=bar, task=task: bar.advance(task, count),  # type: ignore[misc]
            )
        unreadable += done.unreadable
        console.print(f"{clinic.name}: {done.values:,} texts and {done.photos:,} photos sealed.")
    opened.database.forget()
    if unreadable:
        fail(
            f"{unreadable:,} do not open and were left as they are; bring them back from a backup.",
            status=1,
        )
