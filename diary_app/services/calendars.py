"""The calendar behind a private address."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from alerts.calendar import calendar_of
from alerts.reminders import rules_of
from db.stores import doors, people, reminding, treatment
from diary_app.exports.calendar import plan_and_visits
from diary_app.services.appointments import gather
from diary_app.services.doors import hash_of
from diary_app.services.kit import Kit
from diary_app.text import said, spoken


def calendar(kit: Kit, token: str) -> bytes | None:
    """Return what a calendar program gets for a token; None when it is none of ours, or ended.

    The day of the question is kept, so that the patient's screen can say that it works.
    """
    now = kit.clock()
    with kit.database.reading() as session:
        known = doors.calendar_feed(session, hash_of(token))
        if known is None:
            return None
        feed, viewer = known
        patient = people.patient(session, viewer, viewer.actor_id)
        with spoken(patient.language):
            found = calendar_of(
                feed=feed.id.hex,
                rules=rules_of(session, viewer, patient.id),
                steps=treatment.plan(session, viewer, patient.id),
                zone=ZoneInfo(patient.time_zone),
                discreet=feed.discreet,
                link=f"{kit.origin}/",
                now=now,
                beside=plan_and_visits(
                    replace(gather(session, viewer, patient.id, now, ""), is_private=feed.discreet)
                ),
                say=said,
            )
    if feed.fetched_on != now.date():
        with kit.database.writing(viewer.clinic_id) as session:
            reminding.fetched(session, viewer, feed.id, now.date())
    return found
