"""A message ready to leave, and what a way out must offer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable


@dataclass(frozen=True)
class Message:
    """One message to one person.

    Attributes:
        to: Where the way out must bring it: an e-mail address, an Apprise URL, or the address of a
            webhook. Never printed: it may hold tokens.
        subject: One line. May be seen on a lock screen.
        text: The words, lines ended by a newline.
        message_id: RFC 5322 Message-ID with its angle brackets, the same on every try.
        written_at: When the message was written, aware; becomes the Date.
        html: The same words as simple HTML; None when there is only text.
        link: Where the reader goes from here; None when nowhere.
        code: Code of the alert it is about; None when it is about none.
        urgent: Whether mail programs are asked to show it as important.
        kind: What it is: ``alert``, ``digest``, ``task``, ``test`` and so on.
        secret: Signs it, where the way out wants a signature; empty where not.
        tried_at: When it leaves this time; None = when it was written.
    """

    to: str = field(repr=False)
    subject: str
    text: str
    message_id: str
    written_at: datetime
    html: str | None = None
    link: str | None = None
    code: str | None = None
    urgent: bool = False
    kind: str = "alert"
    secret: str = field(default="", repr=False)
    tried_at: datetime | None = None


class Transport(Protocol):
    """One way out."""

    def send(self, message: Message) -> str:
        """Hand the message over and return the receipt: what the other side answered.

        Raises:
            DeliveryError: If the other side did not take it. ``permanent`` says whether trying
                again is of no use. The text names neither address nor content.
        """
        ...


@runtime_checkable
class Connected(Protocol):
    """A way out that keeps connections open between messages."""

    def let_go(self, idle_seconds: float) -> None:
        """Close the connections that nobody has used for this long; 0 closes all of them."""
        ...
