"""The summary by name: one line per patient with anything open, silent or on the weekly list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from alerts import digest, summary_alarm
from alerts.delivery.digest_message import DigestCounts
from alerts.escalation import summary as core
from alerts.escalation.summary import LevelLoad
from db.access import Viewer
from db.models import Alert, Assessment, Patient
from db.stores import audit, diary, digests, inbox, people, treatment
from diary_app.exports.bundle import ReasonLine
from diary_app.services.alert_reasons import reasons_of_all
from diary_app.services.doses import DoseOfDay, dose_of
from diary_app.services.heads import PatientHead, head_of
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.visit_lines import reason_lines
from diary_app.services.watch import Watch, watch

GROUPS = ("overdue", "open", "taken", "silent", "weekly")
_LOUDNESS = {"none": 0, "digest": 1, None: 2, "prompt": 3, "urgent": 4}
_WEEK_DAYS = 7
_LETTERS_BACK = timedelta(days=8)


@dataclass(frozen=True)
class AlertBit:
    """One alert that nobody closed, in short.

    Attributes:
        held_by: Name of who took it; None while nobody has.
    """

    alert_id: UUID
    code: str
    level: str
    raised_at: datetime
    held_by: str | None
    overdue: bool
    new: bool


@dataclass(frozen=True)
class SummaryRow:
    """One patient.

    Attributes:
        group: The first of ``GROUPS`` that the patient belongs to.
        level: The worst of the week; None = something could not be graded, and nothing louder.
        assessed: Anything was assessed this week; otherwise the level says nothing.
        reason: Of the loudest alert, else of the week's worst, else of the weekly list.
        last_entry_on: None = never wrote.
        silent_days: Days since the last entry; None = never wrote.
        silent: More than two days without an entry.
        dose: Of the patient's today.
        alerts: Loudest first.
        review: Assessments of the weekly list that nobody reviewed.
        review_since: When the first of them was made; None without any.
    """

    patient: PatientHead
    group: str
    level: str | None
    assessed: bool
    reason: ReasonLine | None
    last_entry_on: date | None
    silent_days: int | None
    silent: bool
    dose: DoseOfDay
    alerts: tuple[AlertBit, ...]
    review: tuple[UUID, ...]
    review_since: datetime | None


@dataclass(frozen=True)
class Mailing:
    """The newest summary mails.

    Attributes:
        day: Whose summary.
        sent_at: When the first left; None = none did so far.
        arrived: Names of those to whom it was sent.
        waiting: Names of those to whom it was not sent so far.
        lost: Names of those to whom it failed for good.
    """

    day: date
    queued_at: datetime
    sent_at: datetime | None
    arrived: tuple[str, ...]
    waiting: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True)
class SummaryPage:
    """The summary at one instant.

    Attributes:
        load: Urgent, then same day, of the last seven days.
        patient_weeks: What it is divided by.
        patients: In follow-up.
        rows: By group, then the loudest and longest waiting.
        mailing: None = no summary was mailed in the last 8 days.
        problems: What is wrong with the mails, in sentences.
    """

    now: datetime
    watch: Watch
    clinic_name: str
    counts: DigestCounts
    load: tuple[LevelLoad, ...]
    patient_weeks: float
    patients: int
    rows: tuple[SummaryRow, ...]
    mailing: Mailing | None
    problems: tuple[str, ...]


@dataclass
class _Found:
    """What was found about one patient."""

    alerts: list[Alert] = field(default_factory=list)
    week: list[Assessment] = field(default_factory=list)
    review: list[Assessment] = field(default_factory=list)

    @property
    def loudest(self) -> Alert | None:
        """The most urgent of the alerts, of equals the first; None = there is none."""
        return min(
            self.alerts, key=lambda each: (each.level == "prompt", each.raised_at), default=None
        )


class Summary:
    """The summary of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer
        self._shown: set[UUID] = set()

    @property
    def topic(self) -> str:
        """The topic that is published when the summary changed."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self, *, again: bool = False) -> SummaryPage:
        """Return the summary as it is now.

        Opening it is written down in the audit for every patient in it, in the transaction that
        reads.

        Args:
            again: The page is open already; only patients that were not on it are written down.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("digest.review")
        viewer.require("patient.read")
        if again:
            with self._kit.database.reading(viewer.clinic_id) as session:
                page = self._page(session, now)
            if self._shown.issuperset(row.patient.id for row in page.rows):
                return page
        with self._kit.database.writing(viewer.clinic_id) as session:
            page = self._page(session, now)
            read = {row.patient.id for row in page.rows}
            for patient_id in sorted(read - self._shown if again else read):
                audit.note(session, viewer, "patient.read", "summary", now, patient_id=patient_id)
        self._shown |= read
        return page

    def review(self, assessment_ids: Collection[UUID]) -> int:
        """Note that these of the weekly list were reviewed; returns how many were new."""
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            done = digests.review(session, self._viewer, assessment_ids, self._kit.clock())
        self._kit.publish(self.topic)
        return done

    def _page(self, session: Session, now: datetime) -> SummaryPage:
        viewer = self._viewer
        figures = digest.figures(session, viewer, now)
        patients = people.patients(session, viewer)
        names = people.staff_names(session, viewer)
        rows = self._rows(session, figures.alerts, patients, names, now)
        wrong = dict.fromkeys(
            map(summary_alarm.sentence_of, summary_alarm.found_now(session, viewer, now))
        )
        return SummaryPage(
            now=now,
            watch=watch(session, viewer, now),
            clinic_name=people.own_clinic(session, viewer).name,
            counts=figures.counts,
            load=figures.load,
            patient_weeks=figures.patient_weeks,
            patients=len(patients),
            rows=rows,
            mailing=self._mailing(session, names, now),
            problems=tuple(wrong),
        )

    def _rows(
        self,
        session: Session,
        alerts: Sequence[Alert],
        patients: Sequence[Patient],
        names: Mapping[UUID, str],
        now: datetime,
    ) -> tuple[SummaryRow, ...]:
        viewer = self._viewer
        of = {row.id: _Found() for row in patients}
        everybody = {row.id: row for row in patients}
        for alert in alerts:
            if alert.state != "closed":
                of.setdefault(alert.patient_id, _Found()).alerts.append(alert)
        for made in digests.week(session, viewer, now.date() - timedelta(days=_WEEK_DAYS)):
            if made.patient_id in of:
                of[made.patient_id].week.append(made)
        for made in digests.to_review(session, viewer):
            of.setdefault(made.patient_id, _Found()).review.append(made)
        last = diary.last_entry_days(session, viewer)
        plans = treatment.plans(session, viewer)
        why = self._why(session, [loud for each in of.values() if (loud := each.loudest)])
        rows = []
        for patient_id, found in of.items():
            who = everybody.get(patient_id) or people.patient(session, viewer, patient_id)
            wrote_on, head = last.get(patient_id), head_of(who, now)
            silent = who.active and digest.is_silent(wrote_on, who.created_at, who.time_zone, now)
            bits = _bits(found.alerts, names, now)
            group = _group(bits, silent=silent, listed=bool(found.review))
            if group is None:
                continue
            rows.append(
                SummaryRow(
                    patient=head,
                    group=group,
                    level=_worst(found.week).level if found.week else None,
                    assessed=bool(found.week),
                    reason=_reason(found, why),
                    last_entry_on=wrote_on,
                    silent_days=None if wrote_on is None else (head.today - wrote_on).days,
                    silent=silent,
                    dose=dose_of(plans.get(patient_id, []), head.today),
                    alerts=bits,
                    review=tuple(made.id for made in found.review),
                    review_since=found.review[0].assessed_at if found.review else None,
                )
            )
        return tuple(sorted(rows, key=_rank))

    def _why(self, session: Session, alerts: Sequence[Alert]) -> dict[UUID, tuple[ReasonLine, ...]]:
        histories = inbox.histories(session, self._viewer, [alert.id for alert in alerts])
        return reasons_of_all(session, self._viewer, alerts, histories)

    def _mailing(
        self, session: Session, names: Mapping[UUID, str], now: datetime
    ) -> Mailing | None:
        rows = digests.letters_since(session, self._viewer, now - _LETTERS_BACK)
        zone = people.own_clinic(session, self._viewer).time_zone
        days = summary_alarm.batches(rows, dict(names), zone)
        if not days:
            return None
        newest = days[0]
        keys = {letter.key for letter in newest.letters}
        sent = [row.sent_at for row in rows if row.id in keys and row.sent_at is not None]
        said: dict[str, list[str]] = {"arrived": [], "waiting": [], "lost": []}
        for letter in newest.letters:
            state = {"sent": "arrived", "delivered": "arrived", "failed_permanent": "lost"}
            said[state.get(letter.state, "waiting")].append(letter.to)
        return Mailing(
            day=newest.day,
            queued_at=min(letter.queued_at for letter in newest.letters),
            sent_at=min(sent, default=None),
            **{word: tuple(sorted(to)) for word, to in said.items()},
        )


def _reason(found: _Found, why: Mapping[UUID, Sequence[ReasonLine]]) -> ReasonLine | None:
    if found.loudest is not None:
        lines = why[found.loudest.id]
    elif found.week and (_is_loud(_worst(found.week)) or not found.review):
        lines = reason_lines(_worst(found.week))
    else:
        lines = reason_lines(found.review[-1] if found.review else None)
    return lines[0] if lines else None


def _bits(
    alerts: Sequence[Alert], names: Mapping[UUID, str], now: datetime
) -> tuple[AlertBit, ...]:
    ordered = sorted(alerts, key=lambda each: (each.level == "prompt", each.raised_at))
    return tuple(
        AlertBit(
            alert_id=each.id,
            code=each.code,
            level=each.level,
            raised_at=each.raised_at,
            held_by=None if each.acknowledged_by is None else names.get(each.acknowledged_by, ""),
            overdue=core.is_overdue(digest.fact_of(each), now),
            new=core.is_new(digest.fact_of(each), now),
        )
        for each in ordered
    )


def _worst(week: Sequence[Assessment]) -> Assessment:
    """Return the loudest of the week, the newest of equals."""
    return max(reversed(week), key=lambda made: _LOUDNESS.get(made.level, 2))


def _is_loud(made: Assessment) -> bool:
    """Return whether it says more than what is on the weekly list."""
    return bool(made.reasons) and _LOUDNESS.get(made.level, 2) >= _LOUDNESS["digest"]


def _group(alerts: Sequence[AlertBit], *, silent: bool, listed: bool) -> str | None:
    if any(each.overdue for each in alerts):
        return "overdue"
    if any(each.held_by is None for each in alerts):
        return "open"
    if alerts:
        return "taken"
    if silent:
        return "silent"
    return "weekly" if listed else None


def _rank(row: SummaryRow) -> tuple[object, ...]:
    first = row.alerts[0] if row.alerts else None
    return (
        GROUPS.index(row.group),
        first is None or first.level == "prompt",
        "" if first is None else first.raised_at.isoformat(),
        -(row.silent_days or 0) if row.group == "silent" else 0,
        -_LOUDNESS.get(row.level, 2),
        row.patient.code,
    )
