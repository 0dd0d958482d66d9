"""A PostgreSQL server of the tests' own, in a temporary folder, for as long as the tests run."""

import atexit
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg


def binaries() -> Path | None:
    """Return the folder of the server's programs: the system's, else those of a wheel, or None."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    wheel = importlib.util.find_spec("pgserver")
    if wheel is None or wheel.origin is None:
        return None
    return Path(wheel.origin).parent / "pginstall" / "bin"


def nobody() -> str | None:
    """Return who runs the server, which refuses to run as root; None = whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


class Server:
    """One running server; every database in it is a copy of a template.

    Args:
        programs: Folder of initdb and postgres.
        settings: Further words for postgres, which count before those of the tests.
    """

    def __init__(self, programs: Path, settings: str = "") -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="diary-pg-"))
        self._user, data = nobody(), self._folder / "data"
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        if self._user is not None and programs.parent.name == "pginstall":
            # Somebody else may not enter the folder of this Python.
            wheel = programs.parents[1]
            for part in (wheel, wheel.with_name("pgserver.libs")):
                shutil.copytree(part, self._folder / part.name)
            programs = self._folder / wheel.name / "pginstall" / "bin"
        self._programs = programs
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} -c fsync=off"
            f" -c unix_socket_directories={self._folder} -c max_connections=200"
            " -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB"
            f"{settings}"
        )
        # Members of this role sign in with a password, as in a hospital; everybody else is trusted.
        rules = data / "pg_hba.conf"
        rules.write_text(f"host all +with_password 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        self._run("pg_ctl", "-D", data, "-w", "-l", self._folder / "log", "-o", options, "start")
        self._data = data
        # The walls between clinics bind no superuser, so the tests are none.
        self._execute("CREATE ROLE diary LOGIN CREATEDB", "postgres")
        self._execute("CREATE ROLE with_password", "postgres")

    def _run(self, program: str, *words: object) -> None:
        subprocess.run(
            [str(self._programs / program), *map(str, words)],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self._user,
            cwd=self._folder,
        )

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://diary@127.0.0.1:{self.port}/{name}"

    def log(self) -> bytes:
        """Return what the server wrote into its log."""
        return (self._folder / "log").read_bytes()

    def new_database(self, template: str = "template0") -> str:
        """Make a database and return its URL."""
        name = f"d{uuid4().hex}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"', "diary")
        return self.url(name)

    def new_login(self, password: str, rights: str = "CREATEDB") -> str:
        """Make a login with a password, and an empty database of its own; return its URL."""
        name = f"l{uuid4().hex}"
        self._execute(
            f"CREATE ROLE {name} LOGIN {rights} PASSWORD '{password}' IN ROLE with_password",
            "postgres",
        )
        self._execute(f"CREATE DATABASE {name} OWNER {name}", "postgres")
        return (
            f"postgresql+psycopg://{name}:{quote(password, safe='')}@127.0.0.1:{self.port}/{name}"
        )

    def another_database(self, login: str) -> str:
        """Make a second empty database for a login of `new_login`; return its URL."""
        owner, name = login.rpartition("/")[2], f"d{uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} OWNER {owner}", "postgres")
        return f"{login.rpartition('/')[0]}/{name}"

    def as_superuser(self, url: str, words: str) -> None:
        """Do something in a database that only its administrator may."""
        self._execute(words, "postgres", url.rpartition("/")[2])

    def _execute(self, words: str, user: str, database: str = "postgres") -> None:
        address = f"postgresql://{user}@127.0.0.1:{self.port}/{database}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(words.encode())

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)


@cache
def server() -> Server:
    """Return the server of this process, started at the first call."""
    programs = binaries()
    assert programs is not None, (
        "These tests need PostgreSQL: install its server programs, such as postgresql-15."
    )
    started = Server(programs)
    atexit.register(started.stop)
    return started
