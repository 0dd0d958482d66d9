"""The words that leave the system: level, alert code, time, link and counts, nothing else.

Names, symptoms, reasons and answers are no parameters here, so they cannot slip in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from alerts.delivery.transport import Message

_LEVEL_WORDS = {"urgent": "Urgent symptom alert", "prompt": "Symptom alert for today"}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def clinic_time(at: datetime, zone: str) -> str:
    """Return an instant as the clinic's clock and calendar show it.

    Args:
        at: Aware.
        zone: IANA name of the clinic's zone.

    Example:
        >>> from datetime import UTC
        >>> clinic_time(datetime(2026, 5, 3, 19, 4, tzinfo=UTC), "Europe/Berlin")
        '21:04 on 3 May'
    """
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M} on {local.day} {_MONTHS[local.month - 1]}"


def alert_message(
    *,
    to: str,
    message_id: str,
    level: str,
    code: str,
    raised_at: str,
    link: str,
    step: int,
    round: int,
    now: datetime,
    to_holder: bool = False,
) -> Message:
    """Return the message that tells one person of one alert.

    Args:
        to: E-mail address.
        message_id: RFC 5322 Message-ID with angle brackets.
        level: ``urgent`` or ``prompt``; any other word is worded as urgent.
        code: The alert's code.
        raised_at: From ``clinic_time``: "21:04 on 3 May".
        link: Opens the alert's page, which lets the reader take it.
        step: Index of the step that was entered, from 0.
        round: How many times somebody was told of this alert, this time included.
        now: When the message is written, aware.
        to_holder: Its reader took the alert and has not closed it.
    """
    title = f"{_LEVEL_WORDS.get(level, _LEVEL_WORDS['urgent'])} {code}"
    subject = title if round <= 1 else f"{title}, message {round}"
    paragraphs = [
        f"{title}.",
        f"Raised {raised_at} (clinic time).",
    ]
    closing = _TAKE_IT
    if to_holder:
        closing = _YOU_HAVE_IT
        paragraphs.append("You have taken it and it is not closed. Soon the team is told again.")
    elif round > 1:
        paragraphs.append(f"It is still open. This is message {round} about it, step {step + 1}.")
    return Message(
        to=to,
        subject=subject,
        text=_text(paragraphs, link, closing),
        html=_html(paragraphs, link, closing),
        message_id=message_id,
        written_at=now,
        link=link,
        code=code,
        urgent=level != "prompt",
    )


@dataclass(frozen=True)
class BundledAlert:
    """One alert of several in one message.

    Attributes:
        code: The alert's code.
        raised_at: From ``clinic_time``.
        link: Lets the reader take this alert.
    """

    code: str
    raised_at: str
    link: str


def bundle_message(
    *, to: str, message_id: str, alerts: Sequence[BundledAlert], now: datetime
) -> Message:
    """Return one message that tells one person of several alerts for the same day.

    Args:
        to: E-mail address or other address of the way out.
        message_id: RFC 5322 Message-ID with angle brackets.
        alerts: Each with its own link; more than one.
        now: When the message is written, aware.
    """
    codes = ", ".join(alert.code for alert in alerts)
    title = f"{len(alerts)} symptom alerts for today: {codes}"
    lines = [f"{title}."]
    html = [f"<p>{escape(title)}.</p>"]
    for alert in alerts:
        raised = f"{alert.code}, raised {alert.raised_at} (clinic time)"
        lines += ["", f"{raised}", f"Open: {alert.link}"]
        url = escape(alert.link)
        html.append(f'<p>{escape(raised)}<br>Open: <a href="{url}">{url}</a></p>')
    closing = "You can take each from its link without signing in; sign in to see whose they are."
    return Message(
        to=to,
        subject=title,
        text="\n".join([*lines, "", closing, ""]),
        html=f'<html lang="en"><body>{"".join(html)}<p>{escape(closing)}</p></body></html>\n',
        message_id=message_id,
        written_at=now,
        link=alerts[0].link,
        code=codes,
    )


def task_message(*, to: str, message_id: str, sentence: str, link: str, now: datetime) -> Message:
    """Return the message that asks one person to do what the diary could not.

    Args:
        to: E-mail address or other address of the way out.
        message_id: RFC 5322 Message-ID with angle brackets.
        sentence: The task, without patient data.
        link: Opens the diary.
        now: When the message is written, aware.
    """
    paragraphs = ["The symptom diary needs your help.", sentence]
    return Message(
        to=to,
        subject="Symptom diary: a task for you",
        text=_text(paragraphs, link, _SIGN_IN_DONE),
        html=_html(paragraphs, link, _SIGN_IN_DONE),
        message_id=message_id,
        written_at=now,
        link=link,
        urgent=True,
        kind="task",
    )


def test_message(*, to: str, message_id: str, link: str, now: datetime) -> Message:
    """Return the message that shows that a way out works."""
    paragraphs = [
        "This is a test of the symptom diary.",
        "Alerts will reach you in this way. You need not do anything.",
    ]
    return Message(
        to=to,
        subject="Symptom diary: test message",
        text=_text(paragraphs, link, _SEEN),
        html=_html(paragraphs, link, _SEEN),
        message_id=message_id,
        written_at=now,
        link=link,
        kind="test",
    )


CHANGE_IT = "You can change or end these reminders in the diary, under Help, Reminders."
OPEN = "Open: {link}"
LIGHT = "Slow phone? Short page:"
REMINDER_TEXTS = {
    "question": "Your diary has a question for you.",
    "entry": "Your diary waits for today's entry.",
    "dose": "Your diary has a reminder for you.",
    "test": "This is a test. Reminders from your diary arrive here.",
}


REMINDER_SENTENCES = (*REMINDER_TEXTS.values(), OPEN, LIGHT, CHANGE_IT)


def reminder_message(
    *,
    to: str,
    message_id: str,
    text: str,
    link: str,
    light_link: str,
    now: datetime,
    language: str = "en",
    say: Callable[[str], str] = str,
) -> Message:
    """Return a reminder for a patient; it says nothing about health or the clinic.

    Args:
        to: Where the way out must bring it.
        message_id: RFC 5322 Message-ID with angle brackets.
        text: A key of ``REMINDER_TEXTS``; any other word is read as ``question``.
        link: Opens the diary.
        light_link: Opens the light page, for a slow phone.
        now: When the message is written, aware.
        language: Tag of the reader's language.
        say: A sentence of ``REMINDER_SENTENCES`` to the same in that language.
    """
    sentence = say(REMINDER_TEXTS.get(text, REMINDER_TEXTS["question"]))
    closing, light = say(CHANGE_IT), say(LIGHT)
    opened = say(OPEN).format(link=link)
    anchor = escape(say(OPEN)).format(link=f'<a href="{escape(link)}">{escape(link)}</a>')
    return Message(
        to=to,
        subject=sentence,
        text="\n".join([sentence, "", opened, "", f"{light} {light_link}", "", closing, ""]),
        html=(
            f'<html lang="{language}"><body><p>{escape(sentence)}</p><p>{anchor}</p>'
            f'<p>{escape(light)} <a href="{escape(light_link)}">{escape(light_link)}</a></p>'
            f"<p>{escape(closing)}</p></body></html>\n"
        ),
        message_id=message_id,
        written_at=now,
        link=link,
    )


_TAKE_IT = "You can take it from the link without signing in; sign in to see whose it is."
_YOU_HAVE_IT = "Sign in to close it, to snooze it or to hand it back."
_SIGN_IN_DONE = "Sign in and say when it is done."
_SEEN = "If you see it, press 'It arrived' under My ways out."


def _text(paragraphs: list[str], link: str, closing: str) -> str:
    return "\n".join([*paragraphs, "", f"Open: {link}", "", closing, ""])


def _html(paragraphs: list[str], link: str, closing: str) -> str:
    lines = "".join(f"<p>{escape(words)}</p>" for words in paragraphs)
    anchor = f'<p>Open: <a href="{escape(link)}">{escape(link)}</a></p>'
    return f'<html lang="en"><body>{lines}{anchor}<p>{escape(closing)}</p></body></html>\n'
