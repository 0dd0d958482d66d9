"""Grading the kept diaries again by the rules in force: rows are added, alerts stay as they are."""

from collections.abc import Callable
from datetime import date, datetime

from alerts.background import rules_in_force
from alerts.regrade import Regraded, regrade
from db.access import Viewer, worker_viewer
from db.engine import Database
from db.stores import people
from diary_app.services.refusals import RefusedError
from diary_app.text import _


class RegradeError(RefusedError):
    """The period cannot be graded again."""


def regrade_clinic(
    database: Database,
    viewer: Viewer,
    first_on: date,
    last_on: date,
    now: datetime,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Regraded:
    """Grade every diary of the clinic in a period again, a transaction per patient.

    Run a second time it adds nothing, so an interrupted run is simply run again.

    Args:
        viewer: Holds ``rules.approve``; everything is of their clinic.
        first_on: First diary day; last_on is the last, both inclusive.
        progress: Called after every patient with how many are done and how many there are.

    Raises:
        RegradeError: The period ends before it begins.
    """
    viewer.require("rules.approve")
    if last_on < first_on:
        raise RegradeError(_("The last day must not be before the first day."))
    worker = worker_viewer(viewer.clinic_id)
    with database.reading(viewer.clinic_id) as session:
        found = Regraded(rules_in_force(session, worker, now).version)
        count = people.how_many(session, worker)
    code, done = "", 0
    while True:
        with database.writing(viewer.clinic_id) as session:
            patient = people.after(session, worker, code)
            if patient is None:
                return found
            code = patient.code
            found.add(regrade(session, viewer, patient.id, first_on, last_on, now))
        done += 1
        progress(done, count)
