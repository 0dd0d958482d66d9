"""The files of deploy/ fit the program, and the programs that read them take them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from diary_app.services.metrics import HELP
from diary_app.settings import Settings
from tests.deploy.proxies import DEPLOY, Authority, Ports, needed, nginx_file

PROMETHEUS = DEPLOY / "prometheus"
SETTINGS = {f"DIARY_{name.upper()}" for name in Settings.model_fields}


def taken(*words: str) -> None:
    done = said(*words)
    assert done.returncode == 0, done.stdout + done.stderr


def said(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)


def test_every_rule_asks_for_a_figure_that_there_is() -> None:
    rules = (DEPLOY / "prometheus" / "diary-rules.yml").read_text()
    asked = set(re.findall(r"\bdiary_[a-z_]+", rules))
    assert asked <= set(HELP)
    assert {"diary_worker_last_run_timestamp_seconds", "diary_backup_whole"} <= asked
    assert rules.count("- alert:") == rules.count("summary:") == rules.count("severity:")


@pytest.mark.parametrize("name", ["diary.env.example", "Containerfile"])
def test_every_setting_that_is_set_exists(name: str) -> None:
    found = set(re.findall(r"\b(DIARY_[A-Z_]+)=", (DEPLOY / name).read_text()))
    assert found
    assert found <= SETTINGS


def test_the_container_runs_as_nobody_in_particular_with_hashed_packages() -> None:
    lines = (DEPLOY / "Containerfile").read_text()
    assert "--require-hashes" in lines
    assert re.search(r"^USER 10001", lines, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK", lines, re.MULTILINE)
    for source in re.findall(r"^COPY (?!--)(.+) \S+$", lines, re.MULTILINE):
        assert all((DEPLOY.parent / part).exists() for part in source.split())


def test_both_proxies_pass_sockets_on_keep_no_addresses_and_hide_the_figures() -> None:
    caddy, nginx = (DEPLOY / "Caddyfile").read_text(), (DEPLOY / "nginx.conf").read_text()
    for text in (caddy, nginx):
        assert "Strict-Transport-Security" in text
        assert "/metrics" in text
        assert "127.0.0.1:8550" in text
    assert "proxy_set_header Upgrade $http_upgrade" in nginx
    assert "proxy_set_header Host $host" in nginx
    assert nginx.count("access_log off") == 2
    assert "\n\tlog" not in caddy.partition("diary.example.org {")[2]


def test_caddy_takes_its_file() -> None:
    needed("caddy")
    taken("caddy", "validate", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile")


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    needed("nginx")
    papers = Authority(tmp_path).certificate()
    file = nginx_file(tmp_path, Ports(8080, 8443, 8550), papers)
    taken("nginx", "-t", "-e", str(tmp_path / "log"), "-p", str(tmp_path), "-c", str(file))


def test_prometheus_takes_its_files(tmp_path: Path) -> None:
    needed("promtool")
    rules, scrape = (PROMETHEUS / name for name in ("diary-rules.yml", "scrape.yml"))
    taken("promtool", "check", "rules", str(rules))
    taken("promtool", "check", "config", str(scrape))


def test_a_rule_that_pages_calls_somebody_in_time() -> None:
    needed("promtool")
    taken("promtool", "test", "rules", str(Path(__file__).parent / "diary_rules_test.yml"))


def test_systemd_takes_its_files(tmp_path: Path) -> None:
    needed("systemd-analyze")
    for unit in (DEPLOY / "systemd").glob("*.service"):
        text = unit.read_text().replace("/opt/diary/.venv/bin/diary", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    taken("systemd-analyze", "verify", *map(str, tmp_path.glob("*.service")))


def test_the_command_reads_the_settings_as_systemd_does(tmp_path: Path) -> None:
    """The script for administrators, with `env` where it changes to the user of the diary."""
    settings, shown = tmp_path / "diary.env", tmp_path / "shown"
    settings.write_text(
        "# DIARY_HOST=nobody\n\nDIARY_OIDC_NAME=\"Hospital account\"\nDIARY_SMTP_USER='ob'\n"
        "DIARY_DATABASE_URL=postgresql+psycopg://diary:a$b&c;d@host/diary?x=1\n"
        "DIARY_MAIL_FROM=North Clinic <diary@example.org>"
    )
    script = (DEPLOY / "diary").read_text()
    for old, new in {
        "/etc/diary/diary.env": str(settings),
        "/var/lib/diary": str(tmp_path),
        "runuser -u diary -- /opt/diary/.venv/bin/diary": f"env -0 >{shown} #",
    }.items():
        assert old in script
        script = script.replace(old, new)
    done = subprocess.run(["sh", "-c", script], env={"PATH": os.environ["PATH"]}, check=False)
    assert done.returncode == 0
    told = dict(line.split("=", 1) for line in shown.read_text().split("\0") if line)
    assert told["DIARY_OIDC_NAME"] == "Hospital account"
    assert told["DIARY_DATABASE_URL"] == "postgresql+psycopg://diary:a$b&c;d@host/diary?x=1"
    assert told["DIARY_MAIL_FROM"] == "North Clinic <diary@example.org>"
    assert told["DIARY_DATA_DIR"] == str(tmp_path)
    assert "DIARY_HOST" not in told


@pytest.mark.parametrize("name", ["diary-server", "diary-worker"])
def test_the_units_keep_the_programs_in(name: str) -> None:
    unit = (DEPLOY / "systemd" / f"{name}.service").read_text()
    for line in ("User=diary", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"):
        assert f"\n{line}\n" in unit
    assert f"diary {'serve --no-worker' if name.endswith('server') else 'worker'}\n" in unit


def test_the_bill_of_materials_lists_every_pin_with_its_hashes_and_no_host() -> None:
    made = said(sys.executable, str(DEPLOY / "sbom.py"))
    again = said(sys.executable, str(DEPLOY / "sbom.py"))
    bill = json.loads(made.stdout)
    assert made.stdout == again.stdout
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    listed = (DEPLOY.parent / "requirements.txt").read_text()
    pins = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==([^\s;\\]+)", listed, re.MULTILINE))
    assert {each["name"]: each["version"] for each in bill["components"]} == pins
    assert pins["flet"] == "1.0.5"
    assert all(each["hashes"] for each in bill["components"])
    assert "://" not in made.stdout


def ci(folder: Path, audit: str) -> subprocess.CompletedProcess[str]:
    """The test command in a checkout whose tests take half a second and end with status 3."""
    tests = "import time; time.sleep(0.5); raise SystemExit(3)"
    for name, text in {"pip-audit": audit, "run.py": tests}.items():
        folder.joinpath(name).write_text(text)
        folder.joinpath(name).chmod(0o755)
    folder.joinpath(".ci").mkdir()
    shutil.copy(DEPLOY.parent / ".ci" / "run", folder / ".ci" / "run")
    path = {"PATH": f"{folder}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", str(folder / ".ci" / "run")], capture_output=True, text=True, timeout=60,
        check=False, env=os.environ | path,
    )  # fmt: skip


def test_the_audit_of_packages_only_warns(tmp_path: Path) -> None:
    done = ci(tmp_path, "#!/bin/sh\necho 'flet 1.0.5 PYSEC-1'\nexit 1\n")
    assert done.returncode == 3
    assert "PYSEC-1" in done.stdout


def test_the_audit_of_packages_holds_nothing_up_and_is_silent_without_a_network(
    tmp_path: Path,
) -> None:
    done = ci(tmp_path, "#!/bin/sh\nexec sleep 29\n")
    assert (done.returncode, done.stdout) == (3, "")
