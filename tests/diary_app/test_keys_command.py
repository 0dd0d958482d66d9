"""`diary keys` from outside: where the key comes from, what a lost one means, the whole file."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from db.errors import KeyMissingError
from db.key_source import KeySource
from db.keys import MasterKey, load_master_key
from diary_app.cli import main
from tests.diary_app.keyed_house import key_service

KEY = MasterKey(bytes(range(32)))


@pytest.fixture
def service(tmp_path: Path) -> str:
    """A stand-in for a key service, as docs/keys.md has it."""
    return key_service(tmp_path)


def test_a_key_service_wraps_and_unwraps_the_key(tmp_path: Path, service: str) -> None:
    source = KeySource(tmp_path / "master.key.wrapped", command=service)
    made = source.load_or_create()

    assert source.load().secret == made.secret == source.load_or_create().secret
    assert made.secret not in source.file.read_bytes()
    source.wrap(KEY)
    assert source.load().secret == KEY.secret
    (tmp_path / "service.secret").unlink()
    with pytest.raises(KeyMissingError, match="could not unwrap"):
        source.load()
    with pytest.raises(KeyMissingError, match="cannot be run"):
        KeySource(source.file, command="/nowhere/service").load()


def test_a_service_that_gives_another_key_back_is_found_out_before_anything_is_written(
    tmp_path: Path,
) -> None:
    source = KeySource(tmp_path / "master.key.wrapped", command="sh -c 'head -c 31; echo'")
    with pytest.raises(KeyMissingError, match="nothing was changed"):
        source.wrap(KEY)
    assert not source.file.exists()


def test_the_key_comes_from_the_environment(tmp_path: Path) -> None:
    source = KeySource(tmp_path / "none", text=KEY.secret.hex())
    assert source.load().secret == KEY.secret
    assert KEY.secret.hex() not in repr(source)
    for wrong in ("zz", "00" * 31):
        with pytest.raises(KeyMissingError):
            KeySource(tmp_path / "none", text=wrong).load()


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The command line, in this process: each start of another one takes seconds."""

    def run(folder: Path, *words: str, status: int = 0, **more: str) -> str:
        with monkeypatch.context() as own:
            for name, value in {"DIARY_DATA_DIR": str(folder), **more}.items():
                own.setenv(name, value)
            own.setattr(sys, "argv", ["diary", *words])
            capfd.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
        said = " ".join("".join(capfd.readouterr()).split())
        assert (ended.value.code or 0) == status, said
        return said

    return run


CLINIC = (
    "--clinic", "North", "--phone", "+49 30 1", "--admin-name", "Ada",
    "--admin-email", "ada@north.example",
)  # fmt: skip


def test_an_administrator_moves_the_key_to_a_service_and_changes_the_data_keys(
    tmp_path: Path, service: str, diary: Callable[..., str]
) -> None:
    folder = tmp_path / "data"
    diary(folder, "init", *CLINIC)
    assert "key 1 │ yes" in diary(folder, "keys", "status")
    by_service = {"DIARY_KEY_COMMAND": service}
    assert "unwrapped and compared" in diary(folder, "keys", "wrap", **by_service)
    (folder / "master.key").rename(tmp_path / "kept.key")

    assert "key 2 seals from now on" in diary(folder, "keys", "rotate", **by_service)
    refused = diary(folder, "keys", "rotate", status=2)
    assert "master.key is missing; put it back" in refused
    lost = diary(folder, "keys", "status", status=1)
    assert "key 2 │ NO" in lost
    other = {"DIARY_KEY": "00" * 32}
    assert "another one than this diary's data" in diary(folder, "verify", status=2, **other)
    right = {"DIARY_KEY": load_master_key(tmp_path / "kept.key").secret.hex()}
    assert "whole" in diary(folder, "verify", **right)


def test_the_whole_file_is_encrypted_backed_up_and_brought_back(
    tmp_path: Path, diary: Callable[..., str]
) -> None:
    folder, key_file = tmp_path / "data", tmp_path / "sqlite.key"
    diary(folder, "init", *CLINIC)
    assert (folder / "diary.db").read_bytes().startswith(b"SQLite format 3\0")
    whole = {"DIARY_SQLITE_KEY_FILE": str(key_file)}

    assert "is not encrypted yet" in diary(folder, "verify", status=2, **whole)
    assert "is encrypted: " in diary(folder, "keys", "encrypt-file", **whole)
    assert b"North" not in (folder / "diary.db").read_bytes()
    assert "is encrypted; set DIARY_SQLITE_KEY_FILE" in diary(folder, "verify", status=2)
    assert "Checked 1 clinics" in diary(folder, "verify", **whole)
    diary(folder, "backup", "--to", str(tmp_path / "safe"), **whole)
    (file,) = (tmp_path / "safe").iterdir()

    back = tmp_path / "back"
    back.mkdir()
    shutil.copy(folder / "master.key", back)
    diary(back, "restore", str(file), **whole)
    assert "Checked 1 clinics" in diary(back, "verify", **whole)
    key_file.write_bytes(bytes(32))
    assert "does not open diary.db" in diary(back, "verify", status=2, **whole)
