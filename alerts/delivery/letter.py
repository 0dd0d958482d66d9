"""A message as an RFC 5322 letter."""

import re
from email.headerregistry import BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache
from typing import Any

from alerts.delivery.transport import Message
from alerts.errors import DeliveryError


class _Remembering(HeaderRegistry):
    """Makes headers; one of the same name and value is made once, for a burst has many of them."""

    def __getitem__(self, name: str) -> type[BaseHeader]:
        """Return the class of a header."""
        return _header_class(self, name.lower())

    def __call__(self, name: str, value: Any) -> BaseHeader:
        """Return a header; it never changes, so letters may share it."""
        return _header(self, name, value)


@lru_cache(maxsize=64)
def _header_class(registry: HeaderRegistry, name: str) -> type[BaseHeader]:
    return HeaderRegistry.__getitem__(registry, name)


@lru_cache(maxsize=512)
def _header(registry: HeaderRegistry, name: str, value: Any) -> BaseHeader:
    return HeaderRegistry.__call__(registry, name, value)


# Any server takes seven bits; eight need an extension that not every relay has.
_SEVEN_BIT = SMTP.clone(cte_type="7bit", header_factory=_Remembering())
# No line of ours begins like this; looking for one that is free in each letter takes long.
_BOUNDARY = "=_diary_part_=="

# One bare address. Checked before the email package sees it: on Python 3.11 its parser fails
# with an IndexError on "ben@".
_ADDRESS = re.compile(r"""[^\s@<>,;:()\[\]\\"]+@[^\s@<>,;:()\[\]\\"]+""")


def is_address(word: str) -> bool:
    """Return whether this is one bare e-mail address."""
    return _ADDRESS.fullmatch(word) is not None


def letter(message: Message, sender: str) -> EmailMessage:
    """Return the message as a letter: text, and HTML beside it when there is any.

    ``Auto-Submitted`` (RFC 3834) keeps out-of-office programs from answering.
    ``X-Diary-Alert`` carries the alert's code, so that a mailbox can sort and a double be seen.

    Raises:
        DeliveryError: Permanent, if the recipient is not one address, or if a header has line
            breaks.
    """
    if not is_address(message.to):
        raise DeliveryError("The recipient has no valid e-mail address.", permanent=True)
    mail = EmailMessage(policy=_SEVEN_BIT)
    try:
        mail["From"] = sender
        mail["To"] = message.to
        mail["Subject"] = message.subject
        mail["Date"] = message.written_at
        mail["Message-ID"] = message.message_id
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        if message.code is not None:
            mail["X-Diary-Alert"] = message.code
        if message.urgent:
            mail["Importance"] = "high"
    except ValueError:
        # `from None`: the chained error would carry the address into the log.
        raise DeliveryError("A header of the message is malformed.", permanent=True) from None
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
        mail.set_boundary(_BOUNDARY)
    return mail
