"""`diary open-archive`: a patient's sealed archive back into a folder of files."""

import sys
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Annotated
from zipfile import BadZipFile, ZipFile

import typer

from diary_app.commands.machine import console, fail
from diary_app.exports.sealed import SealError, opened

# What a whole diary of ten years stays below; a file that claims more is not ours.
MOST_BYTES = 8 * 1024**3
MOST_FILES = 100_000


def open_archive(
    file: Annotated[Path, typer.Argument(help="The locked file, such as my-diary.zip.age.")],
    to: Annotated[Path, typer.Option(help="New folder to write into.")] = Path("my-diary"),
    passphrase_file: Annotated[
        Path | None, typer.Option(help="File whose first line is the passphrase; else it is asked.")
    ] = None,
) -> None:
    """Open the locked archive of a diary with its passphrase and write its files into a folder."""
    content = _read(file)
    if to.exists():
        fail(f"{to} is there already; name a new folder with --to.", status=2)
    try:
        packed = opened(content, _secret(passphrase_file))
    except SealError as error:
        fail(str(error), status=2)
    try:
        with ZipFile(BytesIO(packed)) as archive:
            names = _safe_names(archive)
            for name in names:
                target = to / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))
    except BadZipFile:
        fail(f"{file} was opened, but holds no archive of a diary.", status=2)
    except OSError as error:
        fail(f"{to} cannot be written: {error.strerror}.", status=1)
    console.print(f"{to}: {len(names)} files; begin with read-me.txt.", soft_wrap=True)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.", status=2)


def _secret(file: Path | None) -> str:
    if file is not None:
        return next(iter(_read(file).decode("utf-8", "replace").splitlines()), "")
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Passphrase", hide_input=True, err=True))


def _safe_names(archive: ZipFile) -> list[str]:
    members = archive.infolist()
    if len(members) > MOST_FILES or sum(each.file_size for each in members) > MOST_BYTES:
        fail("This archive is larger than any diary; it was not written.", status=2)
    names = [each.filename for each in members if not each.is_dir()]
    for name in names:
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts or "\\" in name or ":" in name:
            fail("This archive holds a file that would land elsewhere; not written.", status=2)
    return names
