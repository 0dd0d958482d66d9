"""A clinic's thresholds: proposed by one, tried on the kept diaries, approved by another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.background import rules_in_force
from alerts.escalation.replay import AlertChange
from alerts.grading.rule_limits import rule_set_from_json, rule_set_to_json
from alerts.grading.terms import Level
from db.access import Viewer
from db.stores import audit, people, rules
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.heads import PatientHead, head_of
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.refusals import RefusedError
from diary_app.services.replay import replay
from diary_app.services.replay_report import ReplayReport
from diary_app.services.rule_form import LONGEST_REASON, RuleForm, read
from diary_app.services.rule_page import RulesPage, rules_page
from diary_app.services.step_up import require_recent
from diary_app.text import _

DEFAULT_DAYS = 90
# Four whole weeks are what the forecast rests on; two years are graded in a few minutes.
FEWEST_DAYS, MOST_DAYS = 28, 731
MOST_NAMED = 60


@dataclass(frozen=True)
class Concerned:
    """One alert that differs, and whose it is."""

    patient: PatientHead
    change: AlertChange


@dataclass(frozen=True)
class WhatIf:
    """A finished what-if.

    Attributes:
        concerned: Whose alerts differ, what would be lost or lowered first, at most
            ``MOST_NAMED``; None for a viewer who may not see alerts.
    """

    report: ReplayReport
    concerned: tuple[Concerned, ...] | None


class RuleSets:
    """The rule sets of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when anything in the clinic changed."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self) -> RulesPage:
        """Return the rules in force and every proposal."""
        self._viewer.require("rules.read")
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            return rules_page(session, self._viewer, self._kit.clock())

    def check(self, form: RuleForm) -> dict[str, object]:
        """Return the fields that a typed proposal would change, with their new values.

        Raises:
            UnusableRulesError: A field cannot be used; one sentence each.
            RefusedError: Nothing would change.
        """
        viewer = self._viewer
        viewer.require("rules.propose")
        with self._kit.database.reading(viewer.clinic_id) as session:
            return read(form, rules_in_force(session, viewer, self._kit.clock()))

    def propose(self, name: str, version: str, numbers: Mapping[str, object], reason: str) -> UUID:
        """Keep a proposal that differs from the rules in force by these numbers.

        Raises:
            UnusableAnswerError: Without a reason.
            RuleSetError: A number is looser than safety allows; the sentence names the limit.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("rules.propose")
        reason = _reason(reason)
        require_recent(self._kit, viewer, now)
        with self._kit.database.writing(viewer.clinic_id) as session:
            present = rule_set_to_json(rules_in_force(session, viewer, now))
            wanted = rule_set_from_json(
                {**present, **numbers, "name": name.strip(), "version": version.strip()}
            )
            made = rules.propose(session, viewer, rule_set_to_json(wanted), reason, now)
        self._kit.publish(self.topic)
        return made

    def period(self, first_on: date | None, last_on: date | None) -> tuple[date, date]:
        """Return the days of a what-if; None = the last 90 days of the clinic's calendar.

        Raises:
            UnusableAnswerError: It is shorter than four weeks, longer than two years, or to come.
        """
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            zone = people.own_clinic(session, self._viewer).time_zone
        today = self._kit.clock().astimezone(ZoneInfo(zone)).date()
        last = last_on or today
        first = first_on or last - timedelta(days=DEFAULT_DAYS - 1)
        if last > today:
            raise UnusableAnswerError(_("Lies in the future."), "to")
        days = (last - first).days + 1
        if days < FEWEST_DAYS:
            raise UnusableAnswerError(_("Choose at least four weeks."), "from")
        if days > MOST_DAYS:
            raise UnusableAnswerError(_("Choose at most two years."), "from")
        return first, last

    def what_if(
        self,
        rule_set_id: UUID,
        first_on: date | None = None,
        last_on: date | None = None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> WhatIf:
        """Try a proposal on a period and keep the counts with it.

        Whose alerts differ is told to those who may see alerts, and written down in the audit.

        Args:
            progress: Called after every patient and before anything is kept; what it raises ends
                the try, and nothing is kept.

        Raises:
            UnusableAnswerError: The period cannot be used.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("rules.propose")
        first, last = self.period(first_on, last_on)
        with self._kit.database.reading(viewer.clinic_id) as session:
            wanted = rule_set_from_json(rules.rule_set(session, viewer, rule_set_id).content)
        found = replay(self._kit.database, viewer, wanted, first, last, now, progress)
        with self._kit.database.writing(viewer.clinic_id) as session:
            progress(found.tally.patients, found.tally.patients)
            rules.keep_what_if(session, viewer, rule_set_id, found.counts(), now)
            concerned = _named(session, viewer, rule_set_id, found, now)
        self._kit.publish(self.topic)
        return WhatIf(found, concerned)

    def approve(self, rule_set_id: UUID, decision: str) -> None:
        """Put a proposal of somebody else in force; what comes in from now on is graded by it.

        Raises:
            UnusableAnswerError: Without a reason.
            AccessDeniedError: The viewer proposed it.
            ConflictError: It was not tried, or somebody was faster.
            RefusedError: Its what-if is of other rules, or missed a red-flag course.
            RuleSetError: This version of the program no longer allows one of its numbers.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("rules.approve")
        decision = _reason(decision)
        require_recent(self._kit, viewer, now)
        with self._kit.database.writing(viewer.clinic_id) as session:
            row = rules.rule_set(session, viewer, rule_set_id)
            rule_set_from_json(row.content)
            if row.what_if is not None:
                present = rules_in_force(session, viewer, now).version
                if row.what_if.get("version_before") != present:
                    raise RefusedError(
                        _("The rules in force changed since the what-if. Run it again first.")
                    )
                if row.what_if.get("red_flag_courses_missed"):
                    raise RefusedError(
                        _("A red-flag course would no longer be urgent. This cannot be approved.")
                    )
            rules.approve(session, viewer, rule_set_id, decision, now)
        self._kit.publish(self.topic)

    def turn_down(self, rule_set_id: UUID, decision: str) -> None:
        """Refuse somebody else's proposal, with a reason."""
        viewer = self._viewer
        viewer.require("rules.approve")
        decision = _reason(decision)
        with self._kit.database.writing(viewer.clinic_id) as session:
            rules.turn_down(session, viewer, rule_set_id, decision, self._kit.clock())
        self._kit.publish(self.topic)

    def withdraw(self, rule_set_id: UUID) -> None:
        """Take one's own proposal back."""
        self._viewer.require("rules.propose")
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            rules.withdraw(session, self._viewer, rule_set_id, self._kit.clock())
        self._kit.publish(self.topic)


def _reason(typed: str) -> str:
    reason = typed.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise UnusableAnswerError(
            _("Give the reason, up to {n} characters.").format(n=LONGEST_REASON), "reason"
        )
    return reason


def _named(
    session: Session, viewer: Viewer, rule_set_id: UUID, found: ReplayReport, now: datetime
) -> tuple[Concerned, ...] | None:
    if not viewer.may("alert.read") or not viewer.may("patient.read"):
        return None
    listed = sorted(found.tally.listed, key=lambda each: in_order(each[1]))[:MOST_NAMED]
    heads: dict[str, PatientHead] = {}
    for code in sorted({code for code, _change in listed}):
        patient = people.by_code(session, viewer, code)
        heads[code] = head_of(patient, now)
        audit.note(
            session,
            viewer,
            "patient.read",
            "rule_set",
            now,
            subject_id=rule_set_id,
            patient_id=patient.id,
            detail={"for": "what-if"},
        )
    return tuple(Concerned(heads[code], change) for code, change in listed)


def in_order(change: AlertChange) -> tuple[bool, int]:
    """Return a key that puts lost and lowered alerts first, then the louder ones."""
    before, after = (Level.from_word(each or "none") for each in (change.before, change.after))
    return after > before, -max(before, after)
