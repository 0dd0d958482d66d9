"""The daily summary as a mail: counts, codes and waiting times; nothing of any patient.

Text and HTML are written from the same parts, so that neither says less.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from html import escape
from typing import Any

from alerts.delivery.transport import Message

MOST_LINES = 60
LEVELS = {"urgent": "Urgent", "prompt": "Same day"}
_SIGN_IN = "Sign in to see whose they are; Summary shows everybody's week by name."


@dataclass(frozen=True)
class DigestCounts:
    """What happened in one clinic since the last digest. Whole numbers, 0 or more.

    Attributes:
        new_alerts: Raised in the period.
        open_alerts: Nobody has taken them.
        overdue_alerts: Of the open ones, those past the clinic's time.
        taken_alerts: Taken, not closed.
        silent_patients: Whose expected entries are missing.
        review_patients: With something for the weekly list that nobody reviewed.
        entries: Received in the period.
        ungraded_entries: Kept, but not graded.
        lost_messages: Messages about alerts, not closed, that failed for good.
        open_tasks: Asked of a person, not finished.
    """

    new_alerts: int = 0
    open_alerts: int = 0
    overdue_alerts: int = 0
    taken_alerts: int = 0
    silent_patients: int = 0
    review_patients: int = 0
    entries: int = 0
    ungraded_entries: int = 0
    lost_messages: int = 0
    open_tasks: int = 0


_COUNT_WORDS = {
    "new_alerts": "New alerts in 24 hours",
    "open_alerts": "Open alerts, taken by nobody",
    "overdue_alerts": "Of these overdue",
    "taken_alerts": "Taken, not closed",
    "silent_patients": "Silent patients",
    "review_patients": "Patients on the weekly list",
    "entries": "Entries received in 24 hours",
    "ungraded_entries": "Entries that could not be graded",
    "lost_messages": "Messages that could not be delivered",
    "open_tasks": "Open tasks",
}


@dataclass(frozen=True)
class _Table:
    """Cells of text; the first ``words`` columns are words, the others numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1


@dataclass(frozen=True)
class _Link:
    """A way straight to one alert; whoever opens it signs in first."""

    words: str
    url: str


_Part = str | _Table | _Link


def digest_message(
    *,
    to: str,
    message_id: str,
    clinic_name: str,
    content: Mapping[str, Any],
    as_of: str,
    worker_last_ran_at: str | None,
    link: str,
    now: datetime,
) -> Message:
    """Return the daily summary for one person; it is sent even when nothing happened.

    Args:
        to: E-mail address.
        message_id: RFC 5322 Message-ID with angle brackets.
        clinic_name: As the clinic calls itself.
        content: Of ``alerts.digest.content_of``; what is missing is taken as not known.
        as_of: When the figures were counted, from ``clinic_time``.
        worker_last_ran_at: When due alerts were last looked for, from ``clinic_time``; None when
            that is not known.
        link: Opens the inbox.
        now: When the message is written, aware.
    """
    parts = _parts(clinic_name, content, as_of, worker_last_ran_at, link)
    return Message(
        to=to,
        subject=f"Symptom diary, daily summary: {clinic_name}",
        text=_text(parts, link),
        html=_html(parts, link),
        message_id=message_id,
        written_at=now,
        link=link,
        kind="digest",
    )


def wait_words(minutes: int) -> str:
    """Return a waiting time of whole minutes.

    Example:
        >>> wait_words(65), wait_words(3000)
        ('1 h 5 min', '2 d 2 h')
    """
    hours, minutes = divmod(max(0, minutes), 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def missed_words(missed: Sequence[date]) -> str:
    """Return that earlier summaries are missing: one day, or the first and the last."""
    if len(missed) == 1:
        return f"There was no summary on {_day(missed[0])}."
    return f"There was no summary from {_day(missed[0])} to {_day(missed[-1])}."


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _parts(
    clinic_name: str,
    content: Mapping[str, Any],
    as_of: str,
    worker_last_ran_at: str | None,
    link: str,
) -> list[_Part]:
    names = {field.name for field in fields(DigestCounts)}
    counts = DigestCounts(**{name: int(content[name]) for name in names & content.keys()})
    parts: list[_Part] = [
        f"Daily summary of the symptom diary, {clinic_name}.",
        f"As of {as_of} (clinic time).",
    ]
    missed = [date.fromisoformat(word) for word in content.get("missed", ())]
    if missed:
        parts.append(
            f"{missed_words(missed)} The diary's alerting was not running then. "
            "Look through the open alerts below; your administrator was asked to find out why."
        )
    if counts == DigestCounts():
        parts.append("Nothing happened: no entries, no alerts, no silent patients.")
    else:
        rows = tuple((words, str(getattr(counts, name))) for name, words in _COUNT_WORDS.items())
        parts.append(_Table(("Count", "Number"), rows))
    parts += _line_parts(content.get("lines", ()), link)
    parts += _load_parts(content.get("load", ()))
    parts += _backup_parts(content.get("backup"))
    if worker_last_ran_at is None:
        parts.append("It is not known when alerts were last checked. Ask your administrator.")
    else:
        parts.append(f"Alerts last checked {worker_last_ran_at} (clinic time).")
    return parts


def _backup_parts(backup: Mapping[str, Any] | None) -> list[_Part]:
    if backup is None:
        return []
    if backup["whole"]:
        return [f"Backup of {backup['at']}: brought back and compared, whole."]
    return [
        f"BACKUP NOT WHOLE, {backup['at']}: {backup['sentence']} Tell your administrator today."
    ]


def _line_parts(lines: Sequence[Mapping[str, Any]], link: str) -> list[_Part]:
    if not lines:
        return []
    rows = tuple(
        (
            _codes(line["codes"]),
            LEVELS.get(line["level"], LEVELS["urgent"]),
            "new" if line["new"] else "",
            "yes" if line["taken"] else "no",
            "OVERDUE" if line["overdue"] else "",
            wait_words(int(line["minutes"])),
        )
        for line in lines[:MOST_LINES]
    )
    header = ("Alert", "Level", "New", "Taken", "Overdue", "Waits")
    parts: list[_Part] = ["Patients with an alert that is not closed, one line each:"]
    parts.append(_Table(header, rows, words=5))
    if len(lines) > MOST_LINES:
        parts.append(f"And {len(lines) - MOST_LINES} more in the inbox.")
    parts += [
        _Link(f"Alert {line['codes'][0]}", f"{link.rstrip('/')}/alerts/{line['alert_id']}")
        for line in lines[:MOST_LINES]
        if line.get("alert_id")
    ]
    return parts


def _codes(codes: Sequence[str]) -> str:
    more = f" +{len(codes) - 2}" if len(codes) > 2 else ""
    return ", ".join(codes[:2]) + more


def _load_parts(load: Sequence[Mapping[str, Any]]) -> list[_Part]:
    if not load:
        return []
    rows = tuple(
        (
            LEVELS.get(each["level"], LEVELS["urgent"]),
            "-"
            if each["rate"] is None
            else ("above the budget" if each["over"] else "within the budget"),
            str(each["alerts"]),
            "-" if each["rate"] is None else f"{each['rate']:.2f}",
            f"{each['budget']:.2f}",
        )
        for each in load
    )
    header = ("Level", "Load", "Alerts", "A patient-week", "Budget")
    return ["Alerts of the last 7 days against the alert budget:", _Table(header, rows, words=2)]


def _text(parts: Sequence[_Part], link: str) -> str:
    lines: list[str] = []
    for part in parts:
        if isinstance(part, str):
            lines.append(part)
        elif isinstance(part, _Link):
            lines.append(f"{part.words}: {part.url}")
        else:
            lines += ["", *_aligned(part), ""]
    return "\n".join([*lines, "", f"Open: {link}", "", _SIGN_IN, ""])


def _aligned(table: _Table) -> list[str]:
    """Return lines whose columns stand below each other: words to the left, numbers right."""
    everything = (table.header, *table.rows)
    widths = [max(len(row[i]) for row in everything) for i in range(len(table.header))]
    made = []
    for row in everything:
        cells = [
            cell.ljust(width) if i < table.words else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        made.append("  ".join(cells).rstrip())
    made.insert(1, "  ".join("-" * width for width in widths))
    return made


def _html(parts: Sequence[_Part], link: str) -> str:
    body = "".join(_html_part(part) for part in parts)
    url = escape(link)
    anchor = f'<p>Open: <a href="{url}">{url}</a></p>'
    return f'<html lang="en"><body>{body}{anchor}<p>{escape(_SIGN_IN)}</p></body></html>\n'


def _html_part(part: _Part) -> str:
    if isinstance(part, str):
        return f"<p>{escape(part)}</p>"
    if isinstance(part, _Link):
        return f'<p><a href="{escape(part.url)}">{escape(part.words)}</a></p>'
    return _html_table(part)


def _html_table(table: _Table) -> str:
    # Attributes, not a style sheet: old mail programs drop the latter.
    def cells(row: Sequence[str], kind: str) -> str:
        return "".join(
            f'<{kind} align="{"left" if i < table.words else "right"}">{escape(cell)}</{kind}>'
            for i, cell in enumerate(row)
        )

    rows = "".join(f"<tr>{cells(row, 'td')}</tr>\n" for row in table.rows)
    return (
        '<table border="1" cellpadding="6" cellspacing="0">\n'
        f"<tr>{cells(table.header, 'th')}</tr>\n{rows}</table>\n"
    )
