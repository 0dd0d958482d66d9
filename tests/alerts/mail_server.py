"""A real mail server on loopback, with the moods that real ones have."""

import asyncio
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ACCEPTED = "250 2.0.0 Ok: queued as 4F2A"


@dataclass
class Mailbox:
    """What the server received, and what it answers to each command, in turn.

    The last answer of a list is given for ever.
    """

    to_mail: list[str] = field(default_factory=lambda: ["250 2.1.0 Ok"])
    to_rcpt: list[str] = field(default_factory=lambda: ["250 2.1.5 Ok"])
    to_data: list[str] = field(default_factory=lambda: [ACCEPTED])
    to_quit: str = "221 2.0.0 Bye"
    data_takes_seconds: float = 0
    hangs_up_after_a_letter: bool = False
    received: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.greetings.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = _next(self.to_mail)
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = _next(self.to_rcpt)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.data_takes_seconds)
        answer = _next(self.to_data)
        if answer.startswith("250"):
            self.raw.append(envelope.content)
            self.received.append(message_from_bytes(envelope.content, policy=MAIL))
            self.recipients.extend(envelope.rcpt_tos)
            self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
            self.signed_in.append(session.authenticated)
            if self.hangs_up_after_a_letter:
                asyncio.get_running_loop().call_later(0.01, server.transport.close)
        return answer

    async def handle_QUIT(self, server, session, envelope):
        return self.to_quit


def _next(answers: list[str]) -> str:
    return answers.pop(0) if len(answers) > 1 else answers[0]


@contextmanager
def mail_server(
    mailbox: Mailbox,
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    password: bytes | None = None,
    any_alphabet: bool = True,
) -> Iterator[int]:
    """Run a server and yield its port.

    With a password, the user ``diary`` can sign in with it, and must after STARTTLS.
    """

    def checks(server, session, envelope, mechanism, given) -> AuthResult:
        right = (given.login, given.password) == (b"diary", password)
        return AuthResult(success=right, handled=False)

    def connection() -> SMTP:
        return SMTP(
            mailbox,
            hostname="mail.example",
            enable_SMTPUTF8=any_alphabet,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=None if password is None else checks,
            # aiosmtpd offers no sign-in on a connection that was encrypted from the start,
            # unless told that sign-in needs no encryption.
            auth_require_tls=tls is None,
            auth_required=password is not None and tls is None,
            loop=loop,
        )

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(connection, "127.0.0.1", 0, ssl=tls))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_shut(server), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _shut(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    for task in others:
        with suppress(asyncio.CancelledError, ConnectionError):
            await task
    await asyncio.sleep(0.01)


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for 127.0.0.1, and the server side that shows it."""

    file: Path
    context: ssl.SSLContext


def self_signed(directory: Path) -> Certificate:
    """Make a certificate that is good for a day around now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    public = key.public_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    file, key_file = directory / "mail.pem", directory / "mail.key"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, key_file)
    return Certificate(file, context)
