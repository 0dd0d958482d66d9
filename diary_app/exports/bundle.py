"""What every export is made from: one patient's period, as plain values.

`diary_app.services.export` fills it from the database; `pdf`, `csv` and the timeline figure read
it. An absent answer is None, a day without an entry is absent: nothing is filled with zero.

What only another diary needs (who wrote a row and when, replaced versions, the history of an
alert) has a default: a bundle made for a screen leaves it out, `services.visit_whole` fills it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class PlanStepLine:
    """One step of the plan, as prescribed.

    Attributes:
        imatinib_mg: Per dosing day; 0 = stopped.
        every_n_days: 1 = daily, 2 = every other day.
        prednisolone_mg: Per day; None = the plan says nothing.
        approved_at: None = not told.
        superseded_at: When a newer plan replaced this step; None = in force.
    """

    starts_on: date
    imatinib_mg: float
    every_n_days: int
    prednisolone_mg: float | None
    reason: str
    author: str
    approved_at: datetime | None = None
    superseded_at: datetime | None = None


@dataclass(frozen=True)
class ReasonLine:
    """Why an entry reached its level: code, level word, sentence for the care team, source.

    Attributes:
        values: What the rule looked at, by the rule's names; empty when none are kept.
        patient_sentence: The same in the words that the patient read; empty = not told.
    """

    code: str
    level: str
    sentence: str
    source: str
    values: Mapping[str, object] = field(default_factory=dict)
    patient_sentence: str = ""


@dataclass(frozen=True)
class EntryLine:
    """One entry (its latest version) with what the rules made of it.

    Attributes:
        answers: Every column of the entry by its database name (clinical.md 9B words).
        level: none, digest, prompt, urgent; None = could not be graded.
        grades: Estimated CTCAE 5.0 grades by symptom; a symptom not asked is absent.
        rules_version: None when ungraded.
        day_since_step: Days since the last imatinib step up or restart; None = no step yet.
        first_id: Id of version 1; None = not told (then it is ``id`` of a version 1).
        said: The answers as written, where the dose log adds to ``answers``; None = the same.
        assessed_at: When it was graded, or grading failed; None = not told.
        inputs: What the rules were given; empty = not told.
        earlier: The versions that it replaced, oldest first, when they were asked for.
    """

    id: UUID
    version: int
    kind: str
    author: str
    diary_on: date
    local_time: str | None
    received_at: datetime
    answers: Mapping[str, object]
    temperature_celsius: float | None
    extent_percent: float | None
    level: str | None
    grades: Mapping[str, int]
    v6_rash_maculopapular: int | None
    reasons: tuple[ReasonLine, ...]
    rules_version: str | None
    day_since_step: int | None
    first_id: UUID | None = None
    time_zone: str | None = None
    written_at: datetime | None = None
    said: Mapping[str, object] | None = None
    assessed_at: datetime | None = None
    inputs: Mapping[str, object] = field(default_factory=dict)
    recheck_minutes: int | None = None
    earlier: tuple["EntryLine", ...] = ()


@dataclass(frozen=True)
class LabLine:
    """One laboratory value with the laboratory's own limits (None = not given).

    Attributes:
        grade: Estimated CTCAE 5.0 grade; None = not graded.
        sampled_at: Of a drug level; None = unknown. The same for the last dose before it.
        is_trough: None when it cannot be said.
    """

    taken_on: date
    name: str
    value: float
    unit: str
    lower_limit: float | None
    upper_limit: float | None
    id: UUID | None = None
    grade: int | None = None
    sampled_at: datetime | None = None
    last_dose_at: datetime | None = None
    is_trough: bool | None = None
    entered_at: datetime | None = None
    entered_by: str = ""


@dataclass(frozen=True)
class AlertEventLine:
    """One thing that happened to an alert: its kind, when, and by whom (empty = the diary)."""

    at: datetime
    kind: str
    actor: str
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class AlertLine:
    """One alert with its outcome. Times are UTC instants.

    Attributes:
        entry_id: The entry that opened it; None = none did, or not told.
        events: All that happened to it, oldest first, when it was asked for.
    """

    code: str
    level: str
    state: str
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    closed_at: datetime | None
    outcome: str | None
    reason_codes: tuple[str, ...]
    id: UUID | None = None
    entry_id: UUID | None = None
    level_since: datetime | None = None
    closed_by: str | None = None
    events: tuple[AlertEventLine, ...] = ()


@dataclass(frozen=True)
class PhotoLine:
    """One photo: JPEG bytes of the thumbnail and of the kept picture.

    Attributes:
        entry_id: The newest version of its entry.
        sent_with: The version that it was sent with; None = not told.
        is_kept: The bytes are the photo, not a sign that it could not be opened.
    """

    id: UUID
    entry_id: UUID
    taken_on: date
    region: str | None
    description: str
    picture: bytes
    thumbnail: bytes
    sent_with: UUID | None = None
    received_at: datetime | None = None
    is_kept: bool = True


@dataclass(frozen=True)
class DoseLine:
    """What was said of one medicine of one day, the newest word.

    Attributes:
        drug: imatinib or prednisolone.
        planned_mg: None = no plan, 0 = none that day.
        how: planned, late, missed, different or vomited.
        taken_mg: None = not known (vomited), 0 = not taken.
        taken_clock: "HH:MM" by the patient's clock when it was taken late; None = not said.
        vomited_after: within_30, within_120 (minutes), later or unknown; None unless vomited.
        entry_id: The entry that said so; None = said beside an entry, or not told.
    """

    on: date
    drug: str
    planned_mg: float | None
    how: str
    taken_mg: float | None
    taken_clock: str | None
    vomited_after: str | None
    recorded_at: datetime
    id: UUID | None = None
    entry_id: UUID | None = None
    time_zone: str | None = None


@dataclass(frozen=True)
class WeekLine:
    """The weekly questions of one week; no rule reads them.

    Attributes:
        ends_on: The last of the seven days, the patient's calendar.
        instrument: Library, version and language of the questions.
        answers: Column of every question asked -> score; None = not answered.
    """

    ends_on: date
    received_at: datetime
    author: str
    instrument: str
    answers: Mapping[str, int | None]
    id: UUID | None = None
    time_zone: str | None = None
    written_at: datetime | None = None


@dataclass(frozen=True)
class QuestionLine:
    """A question for the visit, as the patient wrote it.

    Attributes:
        ended_how: ``answered`` by the care team or ``taken_back`` by the patient; None = open.
        ended_by: The person of the care team; empty for the patient.
    """

    id: UUID
    words: str
    asked_at: datetime
    ended_at: datetime | None = None
    ended_how: str | None = None
    ended_by: str = ""


@dataclass(frozen=True)
class FindingLine:
    """What the rules made of something other than an entry.

    Attributes:
        about: ``labs``, ``silence``, ``doses`` (of the day ``on``) or ``timer`` (a second
            temperature after the entry ``entry_id`` that did not come).
        level: None = could not be graded.
    """

    about: str
    on: date | None
    entry_id: UUID | None
    assessed_at: datetime
    level: str | None
    grades: Mapping[str, int]
    reasons: tuple[ReasonLine, ...]
    rules_version: str
    inputs: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonLine:
    """What the rules and the app know of the patient besides the diary. None = not known."""

    phone: str
    language: str
    temperature_unit: str
    prior_severe_reaction: bool | None
    prior_reaction_type: str | None
    on_systemic_steroid: bool | None
    baseline_grades: Mapping[str, int]


@dataclass(frozen=True)
class MedicineLine:
    """One medicine beside imatinib and its steroid, as somebody of the care team noted it.

    Attributes:
        dose: In words; empty = not known.
        since: First day; None = not known.
        until: Last day; None = still taken, as far as is known.
        taken_for: Empty = not known.
        end_reason: Why it ended, or what was wrong with a mistake.
        is_mistake: It was never taken; only the record keeps it.
    """

    id: UUID
    name: str
    dose: str
    since: date | None
    until: date | None
    taken_for: str
    added_by: str
    added_at: datetime
    ended_by: str = ""
    ended_at: datetime | None = None
    end_reason: str = ""
    is_mistake: bool = False

    def was_taken(self, first_on: date, last_on: date) -> bool:
        """Return whether it may have been taken on one of these days; unknown days count."""
        return (
            not self.is_mistake
            and (self.since is None or self.since <= last_on)
            and (self.until is None or self.until >= first_on)
        )


@dataclass(frozen=True)
class VisitLine:
    """One visit that was agreed. Instants UTC; ``cancelled_at`` None = it stands.

    Attributes:
        sequence: How often it was moved or cancelled.
        changed_by: Who planned, moved or cancelled it last; empty = not told.
    """

    id: UUID
    starts_at: datetime
    minutes: int
    sequence: int
    changed_at: datetime
    cancelled_at: datetime | None = None
    changed_by: str = ""


@dataclass(frozen=True)
class VisitBundle:
    """One patient's period. ``first_on`` and ``last_on`` are inclusive, in the patient's zone.

    Attributes:
        person: None = not asked for. So are the three after it when they are empty.
        former_plan: Steps that a newer plan replaced.
        dose_words: Everything ever said of doses, oldest first; ``doses`` has what counts.
        findings: What was found without an entry: laboratory days, silences, doses, timers.
        questions: What the patient wants to ask, whenever it was written, the oldest first: what
            is open, and what was ended too where all was asked for.
        medicines: All that were ever noted, ended ones and mistakes too.
        visits: All that were ever agreed; only where it was asked for.
    """

    clinic_name: str
    clinic_phone: str
    patient_code: str
    patient_name: str
    born_on: date
    time_zone: str
    first_on: date
    last_on: date
    made_at: datetime
    made_by: str
    plan: tuple[PlanStepLine, ...]
    entries: tuple[EntryLine, ...]
    labs: tuple[LabLine, ...]
    alerts: tuple[AlertLine, ...]
    photos: tuple[PhotoLine, ...]
    rules_version: str
    weeks: tuple[WeekLine, ...] = ()
    doses: tuple[DoseLine, ...] = ()
    person: PersonLine | None = None
    former_plan: tuple[PlanStepLine, ...] = ()
    dose_words: tuple[DoseLine, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    questions: tuple[QuestionLine, ...] = ()
    medicines: tuple[MedicineLine, ...] = ()
    visits: tuple[VisitLine, ...] = ()

    @property
    def open_questions(self) -> tuple[QuestionLine, ...]:
        """What the patient still wants to ask."""
        return tuple(line for line in self.questions if line.ended_at is None)
