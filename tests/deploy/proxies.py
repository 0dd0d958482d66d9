"""Real nginx and real Caddy with the files of deploy/, on ports and with certificates of a test."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DEPLOY = Path(__file__).parents[2] / "deploy"
HOST = "localhost"
DAY = timedelta(days=1)


def needed(*programs: str) -> None:
    """Skip, with a sentence, where one of these programs is not installed."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"Not tried here: the program {program} is not installed.")


@dataclass
class Authority:
    """A hospital's own certificate authority.

    Attributes:
        folder: Where its files lie; `ca.pem` is what others trust.
    """

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def __post_init__(self) -> None:
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hospital authority")])
        own = self._signed(self.name, self.key, 30 * DAY, x509.BasicConstraints(True, None))
        self.file = self.folder / "ca.pem"
        self.file.write_bytes(own)

    def certificate(self, host: str = HOST, ends_in: timedelta = 60 * DAY) -> tuple[Path, Path]:
        """Return the files of a certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        shown = self._signed(name, key, ends_in, x509.SubjectAlternativeName([x509.DNSName(host)]))
        files = self.folder / f"{host}.pem", self.folder / f"{host}.key"
        files[0].write_bytes(shown + self.file.read_bytes())
        files[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return files

    def _signed(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        ends_in: timedelta,
        extension: x509.ExtensionType,
    ) -> bytes:
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 90 * DAY)
            .not_valid_after(now + ends_in)
            .add_extension(extension, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class Ports:
    """Where a proxy listens, and where the diary does."""

    http: int
    https: int
    diary: int


def nginx_file(folder: Path, ports: Ports, papers: tuple[Path, Path]) -> Path:
    """Write deploy/nginx.conf into an `http` block; only names, ports and paths are others."""
    site = (DEPLOY / "nginx.conf").read_text()
    for old, new in {
        "diary.example.org": HOST,
        "listen 80;": f"listen 127.0.0.1:{ports.http};",
        "listen 443 ssl;": f"listen 127.0.0.1:{ports.https} ssl;",
        "127.0.0.1:8550": f"127.0.0.1:{ports.diary}",
        "/etc/ssl/diary/fullchain.pem": str(papers[0]),
        "/etc/ssl/diary/privkey.pem": str(papers[1]),
        "/var/log/nginx/diary.log": str(folder / "error.log"),
    }.items():
        assert old in site
        site = site.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder / kind};" for kind in kinds)
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; pid {folder / 'pid'}; error_log {folder / 'error.log'} crit;"
        f" events {{}}\nhttp {{ {temporary}\n access_log {folder / 'access.log'};\n {site} }}\n"
    )
    return whole


def caddy_file(folder: Path, ports: Ports, papers: tuple[Path, Path]) -> Path:
    """Write deploy/Caddyfile; only names, ports and paths are others."""
    site = (DEPLOY / "Caddyfile").read_text()
    own = "/etc/ssl/diary/fullchain.pem /etc/ssl/diary/privkey.pem"
    options = f"\thttp_port {ports.http}\n\thttps_port {ports.https}\n\tadmin off\n\tlog {{"
    for old, new in {
        "\tlog {": options,
        "diary.example.org {": f"{HOST} {{",
        f"# tls {own}": f"tls {papers[0]} {papers[1]}",
        "127.0.0.1:8550": f"127.0.0.1:{ports.diary}",
    }.items():
        assert old in site
        site = site.replace(old, new)
    whole = folder / "Caddyfile"
    whole.write_text(site)
    return whole


@contextmanager
def proxy(name: str, folder: Path, ports: Ports, papers: tuple[Path, Path]) -> Iterator[None]:
    """Run nginx or Caddy until the end of the block; what it writes lies in ``folder``."""
    if name == "nginx":
        file = nginx_file(folder, ports, papers)
        words = ["nginx", "-e", str(folder / "start.log"), "-p", str(folder), "-c", str(file)]
    else:
        file = caddy_file(folder, ports, papers)
        words = ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]
    own = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}  # fmt: skip  # noqa: E501
    with (folder / "output.log").open("ab") as log:
        running = subprocess.Popen(words, env=own, stdout=log, stderr=log)
    try:
        _listening(ports.https, running, folder)
        yield
    finally:
        running.terminate()
        running.wait(timeout=30)


def _listening(port: int, running: "subprocess.Popen[bytes]", folder: Path) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            said = (folder / "output.log").read_text()
            assert running.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.05)
        else:
            return
