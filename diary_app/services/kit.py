"""What every service needs, handed down once by the server or the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.delivery.transport import Message
from alerts.errors import DeliveryError
from db.engine import Database
from db.keyring import Keyring
from db.keys import MasterKey
from db.photos.vault import PhotoVault
from diary_app.text import _


def no_mail(_message: Message) -> str:
    """Refuse to send where no mail server is known.

    Raises:
        DeliveryError: Always; permanent.
    """
    raise DeliveryError("No mail server is set.", permanent=True)


@dataclass(frozen=True)
class Kit:
    """The open database, the key, the photo vault, the clock and the two bells.

    Attributes:
        clock: Returns the present instant, aware; asked once per act, then handed on as ``now``.
        wake_worker: Tells the worker that something may be due; costs nothing if it runs elsewhere.
        publish: Tells live screens that a topic changed (ids only, after the commit).
        origin: Scheme and host that people open, without a slash at the end.
        demo: Synthetic data; the sign-in page helps.
        post: Sends one mail now and returns the receipt, for what may not wait in the queue; raises
            DeliveryError.
        mail_by: How e-mail leaves, for administrators: the mail server's name and port.
        key_trouble: Why what is sealed cannot be read, in a sentence; empty = it can.
        ring: The clinics' data keys; None = nothing is sealed with them.
    """

    database: Database
    key: MasterKey
    vault: PhotoVault
    clock: Callable[[], datetime]
    wake_worker: Callable[[], None]
    publish: Callable[[str], None]
    origin: str
    demo: bool = False
    mail_by: str = ""
    post: Callable[[Message], str] = no_mail
    key_trouble: str = ""
    ring: Keyring | None = None

    @property
    def cannot_seal(self) -> str:
        """Why nothing can be sealed with the master key now, in a sentence; empty = it can."""
        if not self.key_trouble:
            return ""
        return _("This cannot be kept while the diary's key is missing. Please tell your clinic.")

    def changed(self, clinic_id: UUID, patient_id: UUID | None = None) -> None:
        """Ring both bells after a commit that touched a patient's diary or alerts."""
        self.wake_worker()
        self.publish(clinic_topic(clinic_id))
        if patient_id is not None:
            self.publish(patient_topic(patient_id))


def clinic_topic(clinic_id: UUID) -> str:
    """Return the topic of everything the care team of a clinic watches."""
    return f"clinic:{clinic_id}"


def card_topic(clinic_id: UUID) -> str:
    """Return the topic of what every screen of a clinic shows of it: name, numbers, hours."""
    return f"card:{clinic_id}"


def patient_topic(patient_id: UUID) -> str:
    """Return the topic of one patient's own diary."""
    return f"patient:{patient_id}"


SIGNED_OUT = "signed-out:"


def signed_out_topic(sign_in_id: UUID | str) -> str:
    """Return the topic that is published when a sign-in ended: its screens close everywhere."""
    return f"{SIGNED_OUT}{sign_in_id}"
