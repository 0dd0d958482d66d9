"""A message as an RFC 5322 letter."""

import re
from email.message import EmailMessage
from email.policy import SMTP

from alerts.delivery.transport import Message
from alerts.errors import DeliveryError

# Any server takes seven bits; eight need an extension that not every relay has.
_SEVEN_BIT = SMTP.clone(cte_type="7bit")

# One bare address. Checked before the email package sees it: on Python 3.11 its parser fails
# with an IndexError on "ben@".
_ADDRESS = re.compile(r"""[^\s@<>,;:()\[\]\\"]+@[^\s@<>,;:()\[\]\\"]+""")


def letter(message: Message, sender: str) -> EmailMessage:
    """Return the message as a letter: text, and HTML beside it when there is any.

    ``Auto-Submitted`` (RFC 3834) keeps out-of-office programs from answering.
    ``X-Diary-Alert`` carries the alert's code, so that a mailbox can sort and a double be seen.

    Raises:
        DeliveryError: Permanent, if the recipient is not one address, or if a header has line
            breaks.
    """
    if not _ADDRESS.fullmatch(message.to):
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
    return mail
