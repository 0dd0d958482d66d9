"""`diary backup`, `diary restore` and `diary backup-key`."""

from pathlib import Path
from typing import Annotated

import typer

from diary_app.commands.machine import console, fail, installation, now, settings
from diary_app.installation import clinic_names


def backup(
    to: Annotated[
        Path | None, typer.Option(help="Folder; DIARY_BACKUP_DIR when it is not given.")
    ] = None,
) -> None:
    """Make a backup now, bring it back into a scratch place and compare."""
    from db.backup import back_up, check  # noqa: PLC0415

    chosen = settings()
    folder = to or chosen.backup_dir
    if folder is None:
        fail("Say where the backup goes: --to FOLDER, or set DIARY_BACKUP_DIR.", status=2)
    with installation(chosen) as opened:
        file = back_up(
            opened.database, chosen.data_dir / "photos", opened.key, folder.resolve(), now()
        )
        contents = check(file, opened.key, opened.database, chosen.data_dir)
    console.print(f"{file}")
    rows = sum(contents.counts.values())
    console.print(f"Brought back and compared: {rows} rows, {contents.photos} photos, whole.")
    more = "" if chosen.sqlite_key_file is None else f" and {chosen.sqlite_key_file}"
    console.print(f"It opens with the master key{more or ' alone'}; keep a copy elsewhere.")


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Put it in the place of a diary that is there.")
    ] = False,
    really: Annotated[
        str, typer.Option(help="Name of the clinic whose diary is replaced, to be sure.")
    ] = "",
) -> None:
    """Bring a backup back into the data folder; what was there is put aside, never deleted."""
    from db.backup import restore as bring_back  # noqa: PLC0415

    chosen = settings()
    if chosen.database_url:
        fail(
            "Restore into PostgreSQL by hand, as docs/operations.md says: "
            "pg_restore into an empty database.",
            status=2,
        )
    key = chosen.key_source.load()
    there = [name for name in ("diary.db", "photos") if (chosen.data_dir / name).exists()]
    if there and not overwrite:
        fail(
            f"There is a diary in {chosen.data_dir}. Nothing was changed; to put the backup in its "
            "place, stop the server and say --overwrite.",
            status=1,
        )
    if there:
        names = clinic_names(chosen)
        if really not in names:
            fail(
                "This replaces a diary in use. Nothing was changed; to go on, give the name of its "
                f"clinic as well: --really '{names[0] if names else ''}'.",
                status=1,
            )
        aside = chosen.data_dir / f"replaced-{now():%Y%m%dT%H%M%SZ}"
        aside.mkdir(mode=0o700)
        for name in (*there, "diary.db-wal", "diary.db-shm"):
            kept = chosen.data_dir / name
            if kept.exists():
                kept.rename(aside / name)
        console.print(f"What was there lies in {aside}.")
    contents = bring_back(file, key, chosen.data_dir)
    rows = sum(contents.counts.values())
    console.print(f"Restored as of {contents.made_at}: {rows} rows, {contents.photos} photos.")
    console.print("Run `diary verify`, then start the server.")


def backup_key() -> None:
    """Print the key that opens the backups with the program `age`. Whoever has it reads all."""
    from db.backup_key import backup_identity  # noqa: PLC0415

    typer.echo(str(backup_identity(settings().key_source.load())))
