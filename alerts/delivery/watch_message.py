"""The words of the watch over the alarm: the nightly books and the test of the alarm.

Counts, dates and sentences of ours; nothing about a patient is a parameter.
"""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from alerts.delivery.transport import Message
from alerts.delivery.week_message import week_paragraphs

_PROBE = [
    "This is a test of the alarm. Nothing to do.",
    "A made-up entry of the test patient came this way to show that alerts arrive. "
    "No patient is concerned.",
]
_MESSAGE_WORDS = {
    "sent": "sent",
    "delivered": "confirmed by the far end",
    "superseded": "no longer needed",
    "failed_permanent": "could not be delivered, a person was asked",
    "failed_temporary": "being tried again",
    "pending": "waiting",
    "sending": "being sent",
}


def message_of(
    kind: str,
    *,
    to: str,
    message_id: str,
    clinic_name: str,
    content: Mapping[str, Any],
    link: str,
    now: datetime,
) -> Message:
    """Return the message of a ``report`` or a ``probe``.

    Args:
        to: Address.
        message_id: RFC 5322 Message-ID with angle brackets.
        clinic_name: As the clinic calls itself.
        content: Of the notification's row.
        link: Opens the inbox.
        now: When the message is written, aware.
    """
    if kind == "probe":
        subject, paragraphs = f"Test of the alarm, nothing to do: {clinic_name}", _PROBE
    elif "week" in content:
        subject, paragraphs = week_paragraphs(clinic_name, content["week"])
    else:
        subject, paragraphs = _report(clinic_name, content)
    lines = "".join(f"<p>{escape(words)}</p>" for words in paragraphs)
    anchor = f'<p>Open: <a href="{escape(link)}">{escape(link)}</a></p>'
    return Message(
        to=to,
        subject=subject,
        text="\n".join([*paragraphs, "", f"Open: {link}", ""]),
        html=f'<html lang="en"><body>{lines}{anchor}</body></html>\n',
        message_id=message_id,
        written_at=now,
        link=link,
    )


def _report(clinic: str, content: Mapping[str, Any]) -> tuple[str, list[str]]:
    differences = [str(each) for each in content["differences"]]
    verdict = "The books do not balance." if differences else "The books balance."
    count = content.__getitem__
    messages = ", ".join(
        f"{number} {_MESSAGE_WORDS.get(state, state)}"
        for state, number in sorted(content["messages"].items())
    )
    receipt = content["receipt"]
    subject = f"Symptom diary, books of {content['day']}: {clinic}"
    return subject if not differences else f"{subject} - they do not balance", [
        f"{verdict} Day: {content['day']}.",
        *differences,
        f"Entries: {count('received')} received = {count('graded')} graded "
        f"+ {count('ungraded')} for a person to read.",
        f"Alerts asked for by entries and results: {count('expected')}; "
        f"in an alert: {count('found')}.",
        f"Alerts raised: {count('raised')} = {count('closed')} closed + {count('held')} held "
        f"+ {count('waiting')} open with a next step.",
        f"Messages: {messages or 'none'}.",
        f"Receipt: row {receipt['number']} of the audit chain, {receipt['hash']}.",
    ]
