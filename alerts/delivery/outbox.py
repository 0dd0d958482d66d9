"""A folder of letters, for trying the system out without a mail server."""

import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from alerts.delivery.letter import letter
from alerts.delivery.transport import Message
from alerts.errors import DeliveryError


@dataclass(frozen=True)
class FileTransport:
    """Writes each message as one ``.eml`` file.

    The file is named after the hash of the Message-ID, so that a message sent twice is one file
    and no name tells anything.

    Attributes:
        directory: Is made when it is missing.
        sender: Address in From.
    """

    directory: Path
    sender: str = "diary@localhost"

    def send(self, message: Message) -> str:
        """Write the letter and return the name of its file; see ``Transport.send``."""
        name = f"{sha256(message.message_id.encode()).hexdigest()[:32]}.eml"
        content = letter(message, self.sender).as_bytes()
        unfinished = self.directory / f".{name}.{os.getpid()}"
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.directory / name)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink()
            raise DeliveryError("The outbox folder cannot be written.") from error
        return name
