"""Apprise URLs: text message gateways, ntfy, Pushover, Teams, Matrix and a hundred others."""

import hashlib
import logging
import threading
from dataclasses import dataclass, field

import apprise

from alerts.delivery.transport import Message
from alerts.errors import DeliveryError

# They act on this machine's own screen or log instead of reaching a person.
LOCAL_SCHEMES = frozenset({"dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"})
# Both write addresses, with tokens in them, into the log.
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


def can_be_used(url: str) -> bool:
    """Return whether Apprise knows this kind of URL and it names somebody to reach."""
    if url.partition(":")[0].strip().lower() in LOCAL_SCHEMES or len(url.split()) != 1:
        return False
    return bool(apprise.Apprise().add(url))


@dataclass(frozen=True)
class AppriseTransport:
    """Hands messages to the service behind an Apprise URL.

    Apprise says yes or no and no more, so a no is taken for temporary. A gateway that hangs is
    left behind after ``timeout_seconds``; while it hangs, nothing more is sent to it.

    Attributes:
        timeout_seconds: Longest wait for one message.
    """

    timeout_seconds: float = 20
    _hanging: dict[str, threading.Thread] = field(default_factory=dict, init=False, repr=False)

    def send(self, message: Message) -> str:
        """Hand the message over; see ``Transport.send``. ``message.to`` is the URL."""
        service = apprise.Apprise()
        if not (can_be_used(message.to) and service.add(message.to)):
            raise DeliveryError("This address is none that can be used.", permanent=True)
        name = hashlib.sha256(message.to.encode()).hexdigest()
        before = self._hanging.get(name)
        if before is not None and before.is_alive():
            raise DeliveryError("The service did not answer in time.")
        answers: list[bool] = []
        thread = threading.Thread(
            target=_ask, args=(service, message, answers), name="diary-apprise", daemon=True
        )
        thread.start()
        thread.join(self.timeout_seconds)
        if thread.is_alive():
            self._hanging[name] = thread
            raise DeliveryError("The service did not answer in time.")
        self._hanging.pop(name, None)
        if not (answers and answers[0]):
            raise DeliveryError("The service did not take the message.")
        return "taken by the service"


def _ask(service: apprise.Apprise, message: Message, answers: list[bool]) -> None:
    kind = apprise.NotifyType.WARNING if message.urgent else apprise.NotifyType.INFO
    try:
        taken = service.notify(
            title=message.subject,
            body=message.text,
            notify_type=kind,
            body_format=apprise.NotifyFormat.TEXT,
        )
        answers.append(bool(taken))
    except Exception:
        answers.append(False)  # what it says may hold the address
