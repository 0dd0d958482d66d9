"""The mails that invite: no name, no clinic, nothing about health."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from alerts.delivery.transport import Message
from diary_app.services.people import NewLink
from diary_app.text import _, dates, language


def invitation_mail(
    to: str, message_id: str, link: NewLink, time_zone: str, now: datetime
) -> Message:
    """Return the mail, in the language that is spoken now.

    Args:
        to: One e-mail address.
        message_id: RFC 5322 Message-ID with angle brackets.
        link: What the patient opens.
        time_zone: The patient's, for the last day of the link.
        now: When the mail is written, aware.
    """
    until = dates.day(link.expires_at.astimezone(ZoneInfo(time_zone)).date(), "yMMMEd")
    subject = _("Your invitation to the diary")
    before = [
        _("You were asked to keep a diary. Open this link on the phone that you want to use:"),
    ]
    after = [
        _("The link works once, until {day}. It asks for your birth date.").format(day=until),
        _("Do not pass this mail on. If you expected no invitation, delete it."),
        _("Please do not answer this mail: nobody reads the answers."),
    ]
    return _mail(to, message_id, subject, before, after, link, now)


def staff_invitation_mail(
    to: str, message_id: str, link: NewLink, time_zone: str, now: datetime
) -> Message:
    """Return the mail to a member of staff; see `invitation_mail`."""
    until = dates.day(link.expires_at.astimezone(ZoneInfo(time_zone)).date(), "yMMMEd")
    before = [
        _("You were asked to join the care team's side of the symptom diary. Open this link:"),
    ]
    after = [
        _("The link works once, until {day}. It lets you choose a password.").format(day=until),
        _("Do not pass this mail on. If you expected no invitation, delete it."),
        _("Please do not answer this mail: nobody reads the answers."),
    ]
    subject = _("Your access to the symptom diary")
    return _mail(to, message_id, subject, before, after, link, now)


def _mail(
    to: str,
    message_id: str,
    subject: str,
    before: Sequence[str],
    after: Sequence[str],
    link: NewLink,
    now: datetime,
) -> Message:
    anchor = f'<p><a href="{escape(link.url)}">{escape(link.url)}</a></p>'
    html = "".join(
        [
            *(f"<p>{escape(words)}</p>" for words in before),
            anchor,
            *(f"<p>{escape(words)}</p>" for words in after),
        ]
    )
    return Message(
        to=to,
        subject=subject,
        text="\n".join([*before, "", link.url, "", *after, ""]),
        html=f'<html lang="{language()}"><body>{html}</body></html>\n',
        message_id=message_id,
        written_at=now,
        link=link.url,
        kind="invitation",
    )
