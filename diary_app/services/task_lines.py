"""Open tasks of the clinic, for the inbox and for administrators."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from db.access import Viewer
from db.stores import people, tasks
from diary_app.services.kit import Kit, clinic_topic


@dataclass(frozen=True)
class TaskLine:
    """One open task.

    Attributes:
        whom: Name of the person who is asked.
        mine: Whether that is the viewer.
        sentence: What is to be done.
        patient_code: Whom it is about; empty when it is about nobody in particular.
    """

    task_id: UUID
    whom: str
    mine: bool
    sentence: str
    patient_code: str


def task_lines(session: Session, viewer: Viewer) -> tuple[TaskLine, ...]:
    """Return the clinic's open tasks, oldest first."""
    names = people.staff_names(session, viewer)
    rows = tasks.open_tasks(session, viewer)
    whose = tasks.patients_of(session, viewer, [row.id for row in rows])
    return tuple(
        TaskLine(
            task_id=row.id,
            whom=names.get(row.user_id, ""),
            mine=row.user_id == viewer.actor_id,
            sentence=row.sentence,
            patient_code=whose.get(row.id, ""),
        )
        for row in rows
    )


def finish_task(kit: Kit, viewer: Viewer, task_id: UUID, note: str = "") -> bool:
    """Note that a task was done; False when a colleague did it before."""
    with kit.database.writing(viewer.clinic_id) as session:
        done = tasks.finish(session, viewer, task_id, note, kit.clock())
    kit.publish(clinic_topic(viewer.clinic_id))
    return done
