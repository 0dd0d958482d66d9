"""What the ways out need to know; read once at the entry point and handed down."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

SmtpSecurity = Literal["none", "starttls", "tls"]


@dataclass(frozen=True)
class DeliverySettings:
    """How messages leave this system.

    Attributes:
        way: ``smtp`` hands e-mail to a mail server; ``file`` writes it into ``outbox_directory``.
        sender: Address in From, with or without a name in front.
        base_url: Where people reach this system, without a slash at the end.
        outbox_directory: Folder of way ``file``; None for ``smtp``.
        smtp_host: Name of the mail server; None for ``file``.
        smtp_port: TCP port, 1 to 65535.
        smtp_security: ``none``, ``starttls`` (usual on port 587) or ``tls`` (465).
        smtp_user: None when the server wants no sign-in.
        smtp_password: Belongs to ``smtp_user``.
        smtp_ca_file: Certificates (PEM) to trust besides those of the machine; None for none.
        smtp_timeout_seconds: Longest wait for one answer of the server.
        smtp_connections: How many connections stay open between letters.
        gateway_timeout_seconds: Longest wait for a webhook, or for the service behind an Apprise
            URL.

    Raises:
        ValueError: If the way lacks what it needs. One sentence that says what to set.
    """

    way: Literal["smtp", "file"]
    sender: str
    base_url: str
    outbox_directory: Path | None = None
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_security: SmtpSecurity = "starttls"
    smtp_user: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    smtp_ca_file: Path | None = None
    smtp_timeout_seconds: float = 20
    smtp_connections: int = 6
    gateway_timeout_seconds: float = 20

    def __post_init__(self) -> None:
        if self.way not in ("smtp", "file"):
            raise ValueError("The way out must be smtp or file.")
        if self.way == "file" and self.outbox_directory is None:
            raise ValueError("Messages go to files, but no outbox folder is set.")
        if self.way == "smtp" and not self.smtp_host:
            raise ValueError("Messages go by e-mail, but no mail server is set.")
        if self.smtp_security not in ("none", "starttls", "tls"):
            raise ValueError("The security of the mail server must be none, starttls or tls.")
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError("Set both the user and the password of the mail server, or neither.")
        if "@" not in self.sender:
            raise ValueError("The sender must be an e-mail address.")
