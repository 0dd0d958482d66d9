"""What the patient's screens ask of a diary, wherever it is kept, and what they get back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

from diary_app.state.advice import Advice
from diary_app.state.course import ClinicAnswer, Course
from diary_app.state.doses import Doses, DoseSaid, DosesView
from diary_app.state.earlier_map import Body
from diary_app.state.kept import Kept
from diary_app.state.pictures import Pictures
from diary_app.state.questions import PlannedDay
from diary_app.state.reminders import Reminders
from diary_app.state.speech import Speech
from diary_app.state.visit_questions import VisitQuestions
from diary_app.state.weekly import Weekly, WeeklyDue


@dataclass(frozen=True, slots=True)
class ClinicCard:
    """Whom to call.

    Attributes:
        phone: The helpline, as written for people.
        hours: When the team reads entries, in words; may be empty.
    """

    name: str
    phone: str
    emergency_number: str
    hours: str = ""


@dataclass(frozen=True, slots=True)
class PhotoView:
    """One photo of an entry."""

    id: UUID
    region: str | None
    description: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """The entry being written.

    Attributes:
        revision: Sent back with every save, so that two windows never overwrite each other.
        content: What `EntryDraft.from_content` reads.
        saved_clock: "21:04" when it was last kept.
        corrects: The entry it will replace; None for a new one.
        doses: Medicine -> what the dose log says of the day; a medicine it is silent on is absent.
    """

    id: UUID
    revision: int
    content: Mapping[str, Any]
    planned: PlannedDay
    saved_clock: str
    corrects: UUID | None = None
    photos: tuple[PhotoView, ...] = ()
    doses: Mapping[str, DoseSaid] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """An unsaved entry, in short.

    Attributes:
        on: The day it is about.
        is_of_today: False for one that was left lying.
    """

    id: UUID
    kind: str
    on: date
    clock: str
    is_of_today: bool
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """Who of the care team opened an entry first, and when."""

    name: str
    clock: str


@dataclass(frozen=True, slots=True)
class Recheck:
    """A second temperature that was asked for.

    Attributes:
        clock: From when on, "22:04".
        is_due: That time has come.
    """

    clock: str
    is_due: bool


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """How are you now: the question on the days after an entry that needed a person.

    Attributes:
        about: The day of that entry.
    """

    about: date


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """An entry of today, in short."""

    id: UUID
    clock: str
    seen: Seen | None


@dataclass(frozen=True, slots=True)
class TodayView:
    """What the first screen shows.

    Attributes:
        saved: The newest entry of today; None before the first.
        advice: What still holds of the last entry; None when nothing does.
        asked_again: None when nothing is asked again, or it was answered today.
        alerting_stopped: The clinic's automatic alerting has not run for two minutes.
        stopped_since: The patient's clock and day of its last run; empty = never.
        weekly: The weekly questions that wait; None when they are not due or not asked.
        answer: What the clinic did lately about an alert; None when it did nothing new.
        doses: What is planned and was taken today.
    """

    first_name: str
    on: date
    planned: PlannedDay
    draft: OpenDraft | None = None
    saved: SavedEntry | None = None
    recheck: Recheck | None = None
    advice: Advice | None = None
    asked_again: AskedAgain | None = None
    alerting_stopped: bool = False
    stopped_since: str = ""
    weekly: WeeklyDue | None = None
    answer: ClinicAnswer | None = None
    doses: DosesView | None = None


@dataclass(frozen=True, slots=True)
class SentView:
    """What a saved entry means.

    Attributes:
        still_counts: False when a newer version replaced it.
    """

    entry_id: UUID
    clock: str
    advice: Advice
    recheck: Recheck | None
    seen: Seen | None
    alerting_stopped: bool = False
    stopped_since: str = ""
    still_counts: bool = True


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of the past.

    Attributes:
        level: none, digest, prompt or urgent; None = it could not be checked.
        answers: As `EntryDraft.answers`.
        version: 1, 2, ...; how often it was corrected is one less.
        earlier: Versions before it, oldest first; empty in a list.
        can_correct: It is the version that counts.
    """

    id: UUID
    kind: Literal["full", "reading"]
    on: date
    clock: str
    level: str | None
    answers: Mapping[str, Any]
    planned: PlannedDay
    version: int = 1
    seen: Seen | None = None
    can_correct: bool = True
    photos: tuple[PhotoView, ...] = ()
    earlier: tuple["EntryView", ...] = ()


class Diary(Protocol):
    """One patient's diary. Every method may wait for a disk or a network: call it in a thread.

    Methods raise `DiaryError` with a sentence for the patient.
    """

    @property
    def topic(self) -> str:
        """Name of the bell that rings when something about this patient changed."""
        ...

    @property
    def card_topic(self) -> str:
        """Name of the bell that rings when the clinic's name, numbers or hours changed."""
        ...

    @property
    def weekly(self) -> Weekly:
        """The weekly questions of this patient."""
        ...

    @property
    def doses(self) -> Doses:
        """The dose log and the plan of the same patient."""
        ...

    @property
    def reminders(self) -> Reminders:
        """The reminders of the same patient."""
        ...

    @property
    def course(self) -> Course:
        """The course of the same patient: calendar, charts and the clinic's answers."""
        ...

    @property
    def body(self) -> Body:
        """The earlier body maps of the same patient."""
        ...

    @property
    def pictures(self) -> Pictures:
        """The photos of the same patient on this device."""
        ...

    @property
    def questions(self) -> VisitQuestions:
        """What the same patient wants to ask at the next visit."""
        ...

    @property
    def speech(self) -> Speech:
        """The language of the same patient."""
        ...

    def clinic(self) -> ClinicCard:
        """Return whom to call."""
        ...

    def today(self) -> TodayView:
        """Return what the first screen shows."""
        ...

    def open_draft(self) -> DraftView | None:
        """Return the entry being written; None when there is none."""
        ...

    def begin(self, kind: str) -> DraftView:
        """Return the open draft of this day, or begin one; kind is ``full`` or ``reading``."""
        ...

    def save_answers(self, draft_id: UUID, revision: int, answers: Mapping[str, Any]) -> Kept:
        """Keep the whole content of a draft."""
        ...

    def send(self, draft_id: UUID, revision: int) -> UUID:
        """Make the draft an entry and return its id, for `sent`."""
        ...

    def sent(self, entry_id: UUID) -> SentView:
        """Return what a saved entry means, as far as is known now."""
        ...

    def call_if(self, entry_id: UUID) -> str:
        """Return when to call at once from here on; empty when it cannot be told."""
        ...

    def history(self, most: int = 60) -> tuple[EntryView, ...]:
        """Return the newest entries, newest first, at most so many."""
        ...

    def day(self, on: date) -> tuple[EntryView, ...]:
        """Return the entries about one day, oldest first."""
        ...

    def entry_view(self, entry_id: UUID) -> EntryView:
        """Return one entry with its earlier versions."""
        ...

    def correct(self, entry_id: UUID) -> DraftView:
        """Begin a new version of an entry, filled with its answers."""
        ...

    def photos(self, draft_id: UUID) -> tuple[PhotoView, ...]:
        """Return the photos of a draft."""
        ...

    def make_ticket(self, draft_id: UUID) -> str:
        """Return the address to which one photo may be sent within ten minutes."""
        ...

    def photo_refusal(self, address: str) -> str | None:
        """Return why the photo sent to an address of `make_ticket` was refused; None if not."""
        ...

    def describe_photo(self, photo_id: UUID, region: str | None, description: str) -> None:
        """Set what a photo shows."""
        ...

    def remove_photo(self, photo_id: UUID) -> None:
        """Take a photo out of an unsaved entry."""
        ...
