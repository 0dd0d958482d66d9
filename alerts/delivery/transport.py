"""A message ready to leave, and what a way out must offer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """One message to one person.

    Attributes:
        to: Where the way out must bring it: an e-mail address.
        subject: One line. May be seen on a lock screen.
        text: The words, lines ended by a newline.
        message_id: RFC 5322 Message-ID with its angle brackets, the same on every try.
        written_at: When the message was written, aware; becomes the Date.
        html: The same words as simple HTML; None when there is only text.
        link: Where the reader goes from here; None when nowhere.
        code: Code of the alert it is about; None when it is about none.
        urgent: Whether mail programs are asked to show it as important.
    """

    to: str
    subject: str
    text: str
    message_id: str
    written_at: datetime
    html: str | None = None
    link: str | None = None
    code: str | None = None
    urgent: bool = False


class Transport(Protocol):
    """One way out."""

    def send(self, message: Message) -> str:
        """Hand the message over and return the receipt: what the other side answered.

        Raises:
            DeliveryError: If the other side did not take it. ``permanent`` says whether trying
                again is of no use. The text names neither address nor content.
        """
        ...
