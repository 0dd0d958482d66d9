"""The administrator's page: the worker's heartbeat, weekly questions, the newest audit rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.grading.pro_ctcae_items import ITEMS, WEEKLY
from alerts.grading.pro_ctcae_wording import USUAL
from db.access import Viewer
from db.models import Clinic
from db.stores import audit, people, requests, weekly
from diary_app.services.act_lines import ActLine, act_lines
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.task_lines import TaskLine, finish_task, task_lines
from diary_app.services.watch import Watch, watch
from diary_app.text import _

NEWEST_ACTS = 10


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
    """The administrator's page at one instant.

    Attributes:
        erasures: How many wait for this administrator as the second person.
    """

    clinic_name: str
    weekly: WeeklyChoice
    acts: tuple[ActLine, ...]
    erasures: int
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
        """Return what waits, the heartbeat and the newest audit rows."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("clinic.read")
        with self._kit.database.reading(viewer.clinic_id) as session:
            acts = audit.events(session, viewer, limit=NEWEST_ACTS)
            clinic = people.own_clinic(session, viewer)
            erasures = requests.waiting_for(session, viewer)
            return OfficePage(
                clinic_name=clinic.name,
                weekly=_weekly(clinic),
                acts=act_lines(session, viewer, acts),
                erasures=erasures,
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
