"""E-mail by a mail server (SMTP, RFC 5321)."""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import parseaddr
from pathlib import Path

from alerts.delivery.kept import Kept
from alerts.delivery.letter import letter
from alerts.delivery.transport import Message
from alerts.errors import DeliveryError
from alerts.settings import SmtpSecurity

_ENHANCED_CODE = re.compile(rb"^([245]\.\d{1,3}\.\d{1,3})\b")
_LONGEST_RECEIPT = 200
IDLE_SECONDS = 60.0  # servers must wait five minutes (RFC 5321 section 4.5.3.2.7); many do not


class _DroppedError(Exception):
    """A kept connection takes no further letter; a new one may."""


@dataclass(frozen=True)
class SmtpTransport:
    """Hands messages to one mail server, from several threads at once.

    A connection over which a letter went through is kept for the next one. A server may drop it
    meanwhile, or want no more letters on it: then the letter goes over a new one, in the same try.

    A recipient or a letter that the server refuses for good (5xx, RFC 5321 section 4.2.1) is a
    permanent failure. All else is temporary, a wrong password too: somebody can put it right,
    and the alert still has to go out then.

    Attributes:
        host: Name or address of the server.
        port: TCP port.
        security: ``none``, ``starttls`` or ``tls``. The certificate is always checked.
        user: None when the server wants no sign-in.
        password: Belongs to ``user``.
        sender: Address in From and in the envelope, with or without a name in front.
        timeout_seconds: Longest wait for one answer.
        ca_file: Certificates (PEM) to trust besides those of the machine; None for none.
        keep: How many connections stay open between letters; 0 = one connection a letter.
    """

    host: str
    port: int
    security: SmtpSecurity
    user: str | None
    password: str | None = field(repr=False)
    sender: str
    timeout_seconds: float = 20
    ca_file: Path | None = None
    keep: int = 0
    _kept: Kept[smtplib.SMTP] = field(
        default_factory=lambda: Kept(_leave), init=False, repr=False, compare=False
    )

    def send(self, message: Message) -> str:
        """Hand the letter to the server and return its answer; see ``Transport.send``."""
        mail = letter(message, self.sender)
        used = self._kept.take(IDLE_SECONDS)
        if used is not None:
            try:
                return self._over(used, mail, kept=True)
            except _DroppedError:
                # The others were probably dropped too; a good-bye to them could take long.
                self._kept.let_go(0, by=smtplib.SMTP.close)
        # `from None`: a chained error would carry the server's words, which may hold an address,
        # into the log.
        try:
            server = self._connect()
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise _failure(error) from None
        return self._over(server, mail, kept=False)

    def knock(self) -> None:
        """Connect, secure the connection, sign in and leave; nothing is sent.

        Raises:
            DeliveryError: One of them failed; the sentence says which.
        """
        try:
            server = self._connect()
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise _failure(error) from None
        try:
            self._sign_in(server)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise _failure(error) from None
        finally:
            _leave(server)

    def let_go(self, idle_seconds: float) -> None:
        """Close the kept connections that nobody used for this long; see ``Connected``."""
        self._kept.let_go(idle_seconds)

    def _over(self, server: smtplib.SMTP, mail: EmailMessage, *, kept: bool) -> str:
        """Hand the letter over by this connection, and keep it when the letter went through."""
        through = False
        try:
            if not kept:
                self._sign_in(server)
            receipt = self._hand_over(server, mail, kept=kept)
            through = True
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise _failure(error) from None
        finally:
            if not (through and self._kept.put(server, most=self.keep)):
                _leave(server)
        return receipt

    def _connect(self) -> smtplib.SMTP:
        # smtplib would ask the resolver for this machine's name, which can take long.
        greeting = parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"
        if self.security == "tls":
            return smtplib.SMTP_SSL(
                self.host,
                self.port,
                local_hostname=greeting,
                timeout=self.timeout_seconds,
                context=self._tls_context(),
            )
        return smtplib.SMTP(
            self.host, self.port, local_hostname=greeting, timeout=self.timeout_seconds
        )

    def _tls_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.ca_file is not None:
            context.load_verify_locations(cafile=self.ca_file)
        return context

    def _sign_in(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self.security == "starttls":
            server.starttls(context=self._tls_context())
            server.ehlo_or_helo_if_needed()
        if self.user is not None and self.password is not None:
            server.login(self.user, self.password)

    def _hand_over(self, server: smtplib.SMTP, mail: EmailMessage, *, kept: bool) -> str:
        sender = mail["From"].addresses[0].addr_spec
        recipient = mail["To"].addresses[0].addr_spec
        options: list[str] = []
        payload = mail.as_bytes()
        if not (sender + recipient).isascii():
            if not server.has_extn("smtputf8"):
                raise DeliveryError(
                    "The mail server does not take addresses with such letters.", permanent=True
                )
            options = ["SMTPUTF8", "BODY=8BITMIME"]
            payload = mail.as_bytes(policy=SMTPUTF8)
        try:
            answer = server.mail(sender, options)
        except (smtplib.SMTPException, OSError):
            if kept:
                raise _DroppedError from None
            raise
        if kept and answer[0] // 100 != 2:
            raise _DroppedError
        _expect(answer, "the sender", can_be_permanent=False)
        _expect(server.rcpt(recipient), "the recipient")
        answer = server.data(payload)
        _expect(answer, "the message")
        return _receipt(answer)


def _expect(answer: tuple[int, bytes], what: str, *, can_be_permanent: bool = True) -> None:
    code, words = answer
    if 200 <= code <= 299:
        return
    enhanced = _ENHANCED_CODE.match(words)
    shown = f"{code} {enhanced[1].decode()}" if enhanced else str(code)
    permanent = can_be_permanent and 500 <= code <= 599
    raise DeliveryError(f"The mail server refused {what} ({shown}).", permanent=permanent)


def _receipt(answer: tuple[int, bytes]) -> str:
    """Return the server's answer on one line, without words that hold an address."""
    words = answer[1].decode("utf-8", errors="replace").split()
    kept = [word for word in words if "@" not in word]
    return " ".join([str(answer[0]), *kept])[:_LONGEST_RECEIPT]


def _failure(error: Exception) -> DeliveryError:
    """Return the failure in words of our own: what the server wrote may hold an address."""
    match error:
        case smtplib.SMTPAuthenticationError():
            reason = (
                "The mail server did not accept the user name or password; "
                f"check the mail settings ({error.smtp_code})."
            )
        case smtplib.SMTPNotSupportedError():
            reason = "The mail server does not offer the security or sign-in that is set."
        case ssl.SSLError():
            reason = "No secure connection to the mail server; check its certificate and the port."
        case smtplib.SMTPResponseException():
            reason = f"The mail server answered {error.smtp_code}."
        case _ if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
            reason = "The mail server did not answer in time."
        case smtplib.SMTPException():
            reason = "The mail server closed the connection."
        case socket.gaierror():
            reason = "The name of the mail server was not found."
        case UnicodeError():
            reason = "The mail server's name, user or password has letters that mail cannot carry."
        case _:
            reason = "The mail server cannot be reached."
    return DeliveryError(reason)


def _leave(server: smtplib.SMTP) -> None:
    # The letter is handed over or refused by now; a failed good-bye changes neither.
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()
