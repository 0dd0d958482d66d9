"""What `diary check` tries around the installation: mail server, clock, monitor, public address."""

import shutil
import subprocess
from collections.abc import Iterator

from alerts.delivery.email import SmtpTransport
from alerts.delivery.register import transport_for
from alerts.errors import DeliveryError
from diary_app.commands.check_address import LOOPBACK, PATIENCE, address_lines
from diary_app.commands.check_line import Line, failed, fine, warned
from diary_app.installation import SetUpError, delivery_settings, ping_url
from diary_app.settings import Settings


def around_lines(chosen: Settings, *, quick: bool) -> Iterator[Line]:
    """Yield what was found around the installation; ``quick`` leaves the network alone."""
    yield from _synchronized()
    yield _monitor(chosen)
    if quick:
        return
    yield _mail(chosen)
    yield from address_lines(chosen)


def _synchronized() -> Iterator[Line]:
    program = shutil.which("timedatectl")
    if program is None:
        return
    asked = subprocess.run(  # noqa: S603 - a fixed program with fixed words
        [program, "show", "--property=NTPSynchronized", "--value"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if asked.stdout.strip() == "yes":
        yield fine("Clock", "It follows a time server.")
    elif asked.stdout.strip() == "no":
        yield warned(
            "Clock",
            "It follows no time server.",
            "Install chrony or systemd-timesyncd: alerts and sign-in codes go by this clock.",
        )


def _monitor(chosen: Settings) -> Line:
    try:
        url = ping_url(chosen)
    except SetUpError as error:
        return failed("Monitor outside", str(error), "Correct that setting.")
    if not url:
        return warned(
            "Monitor outside",
            "None is set: nobody is told when this whole machine stops.",
            "Set DIARY_DEADMAN_URL, as docs/alarm.md says.",
        )
    return fine("Monitor outside", "It is asked each minute while the alarm works.")


def _mail(chosen: Settings) -> Line:
    what = "Mail server"
    if chosen.mail_way == "file":
        return warned(what, "Mails are written to a folder.", "Set DIARY_MAIL_WAY to smtp.")
    if not chosen.smtp_host:
        return failed(what, "None is set: no alert leaves by mail.", "Set DIARY_SMTP_HOST.")
    try:
        transport = transport_for("email", delivery_settings(chosen))
        if isinstance(transport, SmtpTransport):
            transport.knock()
    except (SetUpError, DeliveryError) as error:
        return failed(what, str(error), "See DIARY_SMTP_HOST and the settings beside it.")
    if chosen.smtp_security == "none" and chosen.smtp_host not in LOOPBACK:
        return warned(
            what, "It answers, without encryption.", "Set DIARY_SMTP_SECURITY to starttls or tls."
        )
    return fine(what, "It answers and takes the sign-in; nothing was sent.")
