#!/usr/bin/env python3
"""Set everything up and run it, with nothing but Python 3.11 or newer.

python3 run.py demo      the app with synthetic patients
python3 run.py test      every check and test; with --postgresql those of the database, the alerts
                         and the stories, all on PostgreSQL
python3 run.py setup     the set-up alone; afterwards `.venv/bin/diary --help`
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
# What asks the database itself; it runs on SQLite with all else, and once more on PostgreSQL.
DATABASE_TESTS = (
    "tests/db/test_audit.py", "tests/db/test_backup.py", "tests/db/test_drafts.py",
    "tests/db/test_erasure.py", "tests/db/test_rotas.py", "tests/db/test_whole_clinic.py",
    "tests/alerts/test_digest.py", "tests/alerts/test_dosing.py", "tests/alerts/test_explain.py",
    "tests/alerts/test_holding.py", "tests/alerts/test_intake.py", "tests/alerts/test_ledger.py",
    "tests/alerts/test_recheck.py", "tests/alerts/test_regrade.py",
    "tests/alerts/test_reminders.py", "tests/alerts/test_results.py",
    "tests/alerts/test_silence.py", "tests/alerts/test_watching.py", "tests/alerts/test_worker.py",
    "tests/alerts/test_full_disk.py",
)  # fmt: skip
# What `--postgresql` runs there, whole.
ON_POSTGRESQL = ("tests/stories", "tests/db", "tests/alerts")
# Three at a time, because browsers wait; the tests of one file stay together and share servers.
APART = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    """Do what the first argument says; returns the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have an older one
        return refuse(f"This needs Python 3.11 or newer; this one is {sys.version.split()[0]}.")
    if len(sys.argv) < 2 or sys.argv[1] not in {"demo", "test", "setup"}:
        return refuse(__doc__ or "")
    command, rest = sys.argv[1], sys.argv[2:]
    if command == "test":
        return set_up_and_test(rest)
    problem = set_up("requirements.txt")
    if problem is not None:
        return refuse(problem)
    if command == "demo":
        return call([str(PYTHON), "-m", "diary_app", "demo", *rest])
    return 0


def set_up_and_test(rest: list[str]) -> int:
    """Install, pack and compile what the tests need, one beside the other; then test."""
    with ThreadPoolExecutor(1) as beside, quietly() as begin:
        browser = beside.submit(has_browser)
        if (problem := set_up("requirements.txt")) is not None:
            return refuse(problem)
        if not rest:
            begin("tests.ground.serving")  # packs the browser's files; who needs them waits for it
        if (problem := set_up("requirements-test.txt")) is not None:
            return refuse(problem)
        if not browser.result():
            return refuse(
                "The browser tests need Chromium; install the package chromium, then again."
            )
        if not rest:
            begin("pytest", "--collect-only", "-q")  # compiles the tests, once for all workers
        return run_tests(rest)


def has_browser() -> bool:
    """Return whether Chromium is here, or could be installed."""
    return any(shutil.which(name) for name in BROWSERS) or apt("chromium")


@contextmanager
def quietly() -> Iterator[Callable[..., None]]:
    """Give what begins a module beside everything else, unheard; at the end it ends, too."""
    begun: list[subprocess.Popen[bytes]] = []

    def begin(*words: str) -> None:
        nowhere = subprocess.DEVNULL
        command = [str(PYTHON), "-m", *words]
        begun.append(subprocess.Popen(command, cwd=HERE, env=own(), stdout=nowhere, stderr=nowhere))

    try:
        yield begin
    finally:
        for process in begun:
            process.kill()
            process.wait()


def set_up(requirements: str) -> str | None:
    """Make the environment and install what is pinned; returns what went wrong, or None."""
    if not PYTHON.exists():
        print("Making .venv ...", flush=True)
        try:
            venv.create(VENV, with_pip=True, clear=True)
        except (subprocess.CalledProcessError, OSError):
            if not (
                apt("python3-venv") and call([sys.executable, "-m", "venv", "--clear", VENV]) == 0
            ):
                return "Python cannot make an environment here; install python3-venv and try again."
    pinned = (HERE / requirements).read_bytes() + (HERE / "pyproject.toml").read_bytes()
    wanted = hashlib.sha256(pinned).hexdigest()
    stamp = VENV / f"{requirements}.installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return None
    print(f"Installing {requirements} (once, less than a minute) ...", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if call([*pip, "--require-hashes", "-r", str(HERE / requirements)]) != 0:
        return "Installing failed; check the network to the package index and try again."
    once = requirements == "requirements.txt"
    if once and call([*pip, "--no-deps", "--no-build-isolation", "-e", str(HERE)]) != 0:
        return "Installing the diary itself failed; see the lines above."
    stamp.write_text(wanted)
    return None


def run_tests(rest: list[str]) -> int:
    """Run every check, then the tests; returns the first failing status."""
    if rest == ["--postgresql"]:
        return pytest(*APART, *ON_POSTGRESQL, postgresql=True)
    checks: list[list[str | Path]] = [
        [BIN / "ruff", "check", "."],
        [BIN / "ruff", "format", "--check", "."],
        [BIN / "mypy"],
        [BIN / "lint-imports"],
    ]
    if rest:
        return pytest(*rest)
    for check in checks:
        print("$", Path(check[0]).name, *check[1:], flush=True)
        if (status := call(check)) != 0:
            return status
    if (status := pytest(*APART)) != 0:
        return status
    print("$ once more on PostgreSQL: what asks the database", flush=True)
    return pytest("-n", "3", *DATABASE_TESTS, postgresql=True)


def pytest(*words: str, postgresql: bool = False) -> int:
    """Run pytest, on SQLite if not told otherwise; returns its status."""
    engine = {"DIARY_TEST_ENGINE": "postgresql"} if postgresql else {}
    return call([str(PYTHON), "-m", "pytest", "-q", *words], env=own() | engine)


def own() -> dict[str, str]:
    """Return the environment; what is compiled stays, for the tests start the diary many times."""
    return {name: word for name, word in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def apt(package: str) -> bool:
    """Install a system package when apt is here and may; returns whether it worked."""
    if shutil.which("apt-get") is None:
        return False
    root = os.name == "posix" and os.geteuid() == 0
    sudo = [] if root else ["sudo", "-n"]
    if not root and shutil.which("sudo") is None:
        return False
    print(f"Installing the system package {package} ...", flush=True)
    get = [*sudo, "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if call([*get, "install", "-y", package], env=quiet) == 0:
        return True
    return call([*get, "update"]) == 0 and call([*get, "install", "-y", package], env=quiet) == 0


def call(command: list[str | Path], env: dict[str, str] | None = None) -> int:
    """Run a command in this folder; returns its status. Ctrl-C ends it without a traceback."""
    try:
        return subprocess.call([str(part) for part in command], cwd=HERE, env=env)
    except KeyboardInterrupt:
        return 130


def refuse(sentence: str) -> int:
    """Say what is wrong; returns status 2."""
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
