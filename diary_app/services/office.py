"""The administrator's page: staff, the worker's heartbeat, the newest audit rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.grading.pro_ctcae_items import ITEMS, WEEKLY
from alerts.grading.pro_ctcae_wording import USUAL
from db.access import Viewer
from db.models import Clinic
from db.stores import audit, people, weekly
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.task_lines import TaskLine, finish_task, task_lines
from diary_app.services.watch import Watch, watch
from diary_app.text import _

NEWEST_ACTS = 100


@dataclass(frozen=True)
class StaffLine:
    """One active member of staff. ``joined`` False = the invitation was not used yet."""

    id: UUID
    name: str
    email: str
    role: str
    joined: bool


@dataclass(frozen=True)
class ActLine:
    """One audit row: who did what, to which patient's data (by code; empty for none)."""

    number: int
    at: datetime
    actor: str
    role: str
    verb: str
    patient_code: str


@dataclass(frozen=True)
class WeeklyChoice:
    """Whether the clinic asks the weekly questions, and which.

    Attributes:
        items: Numbers of the library that are asked while it is on.
        offered: Number, symptom and count of questions of all that can be asked.
    """

    is_on: bool
    items: frozenset[int]
    offered: tuple[tuple[int, str, int], ...]


@dataclass(frozen=True)
class OfficePage:
    """The administrator's page at one instant."""

    clinic_name: str
    weekly: WeeklyChoice
    staff: tuple[StaffLine, ...]
    acts: tuple[ActLine, ...]
    tasks: tuple[TaskLine, ...]
    now: datetime
    watch: Watch


class Office:
    """The administration of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when anything in the clinic changed."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self) -> OfficePage:
        """Return staff, heartbeat and the newest audit rows."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("clinic.read")
        with self._kit.database.reading(viewer.clinic_id) as session:
            names = people.staff_names(session, viewer)
            codes = {row.id: row.code for row in people.patients(session, viewer)}
            staff = people.staff(session, viewer)
            acts = audit.events(session, viewer, limit=NEWEST_ACTS)
            clinic = people.own_clinic(session, viewer)
            return OfficePage(
                clinic_name=clinic.name,
                weekly=_weekly(clinic),
                staff=tuple(
                    StaffLine(row.id, row.name, row.email, row.role, row.password_hash is not None)
                    for row in staff
                ),
                acts=tuple(
                    ActLine(
                        number=act.number,
                        at=act.at,
                        actor=names.get(act.actor_id)
                        or codes.get(act.actor_id)
                        or str(act.detail.get("token", ""))
                        # Whoever sits at the machine acts under the clinic's own id.
                        or (_("Command line") if act.actor_id == act.clinic_id else ""),
                        role=act.actor_role,
                        verb=act.verb,
                        patient_code=""
                        if act.patient_id is None
                        else codes.get(act.patient_id, ""),
                    )
                    for act in acts
                ),
                tasks=task_lines(session, viewer),
                now=now,
                watch=watch(session, viewer, now),
            )

    def choose_weekly(self, is_on: bool, items: Collection[int]) -> None:
        """Switch the weekly questions on or off and choose what is asked.

        Raises:
            UnusableAnswerError: They are on and nothing is asked, or an item is not offered.
        """
        if is_on and not items:
            raise UnusableAnswerError(
                _("Tick at least one symptom, or switch the weekly questions off."), "items"
            )
        if not set(items) <= set(WEEKLY):
            raise UnusableAnswerError(_("One of these symptoms is not offered."), "items")
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            weekly.choose(session, self._viewer, is_on, sorted(items), self._kit.clock())
        self._kit.publish(self.topic)

    def finish_task(self, task_id: UUID) -> bool:
        """Note that a task was done; False when a colleague did it before."""
        return finish_task(self._kit, self._viewer, task_id)


def _weekly(clinic: Clinic) -> WeeklyChoice:
    return WeeklyChoice(
        is_on=clinic.weekly_questions,
        items=frozenset(USUAL if clinic.weekly_items is None else clinic.weekly_items),
        offered=tuple(
            (number, ITEMS[number].term, len(ITEMS[number].attributes)) for number in sorted(WEEKLY)
        ),
    )
