"""The summary's own alarm: who did not get it, and who is asked to see why."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import asking
from alerts.delivery.digest_message import missed_words
from alerts.escalation.summary_checks import Batch, Letter, Problem, last_due, problems
from db.access import Viewer
from db.models import Clinic, Notification
from db.stores import digests, people

LOOKED_BACK = timedelta(days=2)
_KINDS = {"lost": "undeliverable"}


def found_now(session: Session, viewer: Viewer, now: datetime) -> tuple[Problem, ...]:
    """Return what is wrong with the summaries of the last two days, the worst first."""
    clinic = people.own_clinic(session, viewer)
    return problems(
        _last_queued(clinic),
        last_due(clinic.time_zone, clinic.digest_hour, now),
        batches(
            digests.letters_since(session, viewer, now - LOOKED_BACK),
            people.staff_names(session, viewer),
            clinic.time_zone,
        ),
        now,
    )


def not_asked(session: Session, viewer: Viewer, now: datetime) -> list[Problem]:
    """Return what is wrong and nobody was ever asked to see after."""
    return [
        problem
        for problem in found_now(session, viewer, now)
        if not digests.asked(session, viewer, sentence_of(problem), _row_of(problem))
    ]


def raise_tasks(session: Session, viewer: Viewer, now: datetime) -> int:
    """Ask a named person to see after each problem, once; returns how many are new."""
    return sum(
        asking.ask(
            session,
            viewer,
            _KINDS.get(problem.kind, "stuck"),
            sentence_of(problem),
            now,
            notification_id=_row_of(problem),
        )
        for problem in not_asked(session, viewer, now)
    )


def sentence_of(problem: Problem) -> str:
    """Return what is wrong and what to do, without patient data."""
    day = f"{problem.day.day} {problem.day:%B %Y}"
    match problem.kind:
        case "late" | "missed":
            days = [problem.day]
            if problem.last_day != problem.day:
                days.append(problem.last_day)
            return (
                f"{missed_words(days)} Find out whether the alert worker was running then, and "
                "tell the nurses to look through the inbox and Summary."
            )
        case "stuck":
            return (
                f"The daily summary of {day} has reached nobody for two hours. Look after the "
                "mail server, and tell the nurses to read Summary on the desk."
            )
    return (
        f"The daily summary of {day} could not be delivered to {problem.to}. Tell them to read "
        "Summary on the desk, and have the address put right."
    )


def batches(rows: Collection[Notification], names: dict[UUID, str], zone: str) -> tuple[Batch, ...]:
    """Return the summaries by the clinic's day, newest first."""
    of: dict[date, list[Notification]] = {}
    for row in rows:
        of.setdefault(_day_of(row, zone), []).append(row)
    return tuple(
        Batch(
            day=day,
            missed=tuple(date.fromisoformat(word) for word in sent[0].content.get("missed", ())),
            letters=tuple(
                Letter(
                    key=row.id,
                    to="" if row.user_id is None else names.get(row.user_id, ""),
                    state=row.state,
                    queued_at=row.created_at,
                )
                for row in sent
            ),
        )
        for day, sent in sorted(of.items(), reverse=True)
    )


def _row_of(problem: Problem) -> UUID | None:
    return problem.key if isinstance(problem.key, UUID) else None


def _day_of(row: Notification, zone: str) -> date:
    if "day" in row.content:
        return date.fromisoformat(row.content["day"])
    return row.created_at.astimezone(ZoneInfo(zone)).date()


def _last_queued(clinic: Clinic) -> date:
    """Return the newest day with a summary; a new clinic owes none for the day it began."""
    if clinic.digest_sent_on is not None:
        return clinic.digest_sent_on
    return clinic.created_at.astimezone(ZoneInfo(clinic.time_zone)).date()
