"""The one list of ways out."""

from collections.abc import Callable
from pathlib import Path

from alerts.delivery.apprise_url import AppriseTransport
from alerts.delivery.email import SmtpTransport
from alerts.delivery.outbox import FileTransport
from alerts.delivery.transport import Transport
from alerts.delivery.webhook import WebhookTransport
from alerts.errors import DeliveryError
from alerts.settings import DeliverySettings


def transport_for(way: str, settings: DeliverySettings) -> Transport:
    """Return the transport of a notification's way out.

    Args:
        way: The first word of the notification's way. ``email`` leaves by a mail server or into
            the outbox folder, whichever the settings say.
        settings: How messages leave this system.

    Raises:
        DeliveryError: Permanent, if there is no such way out.
    """
    maker = _WAYS.get(way)
    if maker is None:
        raise DeliveryError("There is no such way to send a message.", permanent=True)
    return maker(settings)


def _email(settings: DeliverySettings) -> Transport:
    if settings.way == "file":
        return FileTransport(settings.outbox_directory or Path("outbox"), settings.sender)
    return SmtpTransport(
        host=settings.smtp_host or "localhost",
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password,
        sender=settings.sender,
        timeout_seconds=settings.smtp_timeout_seconds,
        ca_file=settings.smtp_ca_file,
        keep=settings.smtp_connections,
    )


_WAYS: dict[str, Callable[[DeliverySettings], Transport]] = {
    "email": _email,
    "apprise": lambda settings: AppriseTransport(settings.gateway_timeout_seconds),
    "webhook": lambda settings: WebhookTransport(settings.gateway_timeout_seconds),
}
