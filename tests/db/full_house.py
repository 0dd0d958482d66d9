"""The north clinic with at least one row of everything, and arguments that name those rows."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session

from alerts import reach
from alerts.grading.rule_limits import rule_set_to_json
from alerts.grading.rules import DEFAULT_RULES
from alerts.intake import record_entry
from db.access import Viewer, program_viewer, viewer_for, worker_viewer
from db.models import (
    Absence,
    Alert,
    ApiToken,
    ApiWrite,
    Assessment,
    CalendarFeed,
    Consent,
    ConsentWording,
    ContactWay,
    DoseRecord,
    Draft,
    DueRow,
    Entry,
    HospitalIdentity,
    Invitation,
    LabResult,
    Notification,
    OtherMedicine,
    Passkey,
    Patient,
    Photo,
    PlanStep,
    RotaOverride,
    RotaShift,
    SignIn,
    UploadTicket,
    User,
    WeeklyReport,
)
from db.stores import (
    alerting,
    assessments,
    audit,
    consents,
    diary,
    doors,
    doses,
    drafts,
    factors,
    facts,
    handovers,
    moves,
    outbox,
    patient_ways,
    people,
    programs,
    proofs,
    questions,
    reminding,
    requests,
    rotas,
    staff,
    tasks,
    teams,
    treatment,
    visits,
    ways,
    weekly,
)
from db.stores import rules as rule_sets
from db.stores.ledger import Outcome
from db.types import new_id
from tests.people import NOW, ZONE, House, build_house, clinic_row, patient_row

LATER = NOW + timedelta(hours=1)


@dataclass(frozen=True)
class FullHouse:
    """A house and the ids of what lies in its north clinic.

    Attributes:
        ids: Name of a store function's argument -> the id of a row of the north clinic.
        special: "module.function" -> arguments that only this function needs.
    """

    house: House
    ids: dict[str, Any]
    special: dict[str, dict[str, Any]]

    @property
    def north(self) -> dict[str, Viewer]:
        """Everybody of the clinic that owns the rows."""
        house = self.house
        return {
            "patient": house.ana,
            "nurse": house.ben,
            "clinician": house.dora,
            "administrator": house.admin,
            "worker": house.worker,
        }

    @property
    def south(self) -> dict[str, Viewer]:
        """Everybody of the other clinic."""
        clinic_id, actor_id = self.house.cleo.clinic_id, self.house.cleo.actor_id
        staff = {
            role: viewer_for(role, clinic_id=clinic_id, actor_id=actor_id, name="Cleo")
            for role in ("nurse", "clinician", "administrator")
        }
        return {"patient": self.house.otto, **staff, "worker": worker_viewer(clinic_id)}

    def new_row(self, table: type) -> Any:
        """A new row about the north clinic's patient, not stored yet."""
        ana, clinic_id = self.house.ana.actor_id, self.house.clinic_id
        about = {"clinic_id": clinic_id, "patient_id": ana}
        dora = self.house.dora.actor_id
        rows: dict[type, dict[str, Any]] = {
            Absence: {
                "clinic_id": clinic_id,
                "user_id": dora,
                "first_on": LATER.date(),
                "last_on": LATER.date(),
            },
            RotaOverride: {
                "clinic_id": clinic_id,
                "rota_id": self.ids["rota_id"],
                "user_id": dora,
                "starts_at": LATER,
                "ends_at": LATER + timedelta(hours=1),
            },
            Alert: _alert_values("M3N-5P") | about,
            Assessment: about
            | {
                "entry_id": self.ids["entry_id"],
                "assessed_at": LATER,
                "outcome": "graded",
                "rules_version": "1",
            },
            ApiToken: {
                "clinic_id": clinic_id,
                "token_hash": "new",
                "name": "Ward board",
                "scopes": ["alerts:read"],
                "created_by": self.house.admin.actor_id,
                "created_at": LATER,
                "expires_at": LATER + timedelta(days=30),
            },
            ApiWrite: about
            | {
                "token_id": self.ids["token_id"],
                "entry_id": self.ids["entry_id"],
                "key": "new",
                "body_sha256": "0" * 64,
                "at": LATER,
            },
            Passkey: _passkey_values(self.house, "new"),
            ContactWay: about | _way_values(ana),
            Consent: about
            | {"version": "2", "text_sha256": "0" * 64, "language": "en", "agreed_at": LATER},
            ConsentWording: {
                "clinic_id": clinic_id,
                "number": 9,
                "version": "9",
                "texts": {"en": "# A"},
                "changes": {"en": "B"},
                "written_by": self.house.admin.actor_id,
                "written_at": LATER,
            },
            Invitation: about
            | {"token_hash": "new", "created_at": LATER, "expires_at": LATER + timedelta(days=1)},
            LabResult: about
            | {
                "taken_on": NOW.date(),
                "name": "alt",
                "value": 40.0,
                "unit": "U/l",
                "entered_by": self.house.ben.actor_id,
                "entered_at": LATER,
            },
            Notification: _notification_values(self.house, self.ids["alert_id"], step=5),
            OtherMedicine: about | {"name": "Ramipril", "added_by": dora, "added_at": LATER},
            Patient: {
                "clinic_id": clinic_id,
                "code": "P-002",
                "name": "Nils New",
                "born_on": NOW.date(),
                "time_zone": ZONE,
                "created_at": LATER,
            },
            Photo: _photo_values(self.house, self.ids["draft_id"]),
            PlanStep: about
            | {
                "starts_on": LATER.date(),
                "imatinib_mg": 200,
                "author_id": self.house.dora.actor_id,
                "approved_at": LATER,
            },
            UploadTicket: about
            | {
                "token_hash": "new",
                "draft_id": self.ids["draft_id"],
                "expires_at": LATER + timedelta(days=1),
            },
            User: {
                "clinic_id": clinic_id,
                "email": "new@north.example",
                "name": "Nora New",
                "role": "nurse",
                "created_at": LATER,
            },
            WeeklyReport: _weekly_values(self.house),
            DoseRecord: _dose_values(self.house),
        }
        if table is Entry:
            return self.house.entry(at=LATER, replaces_id=self.ids["entry_id"])
        return table(**rows[table])


def build_full_house(folder: Path) -> FullHouse:
    """Everything is there: sent and unsent, taken and open, queued and being sent."""
    return filled(build_house(folder))


def filled(house: House) -> FullHouse:
    """Fill a house that is empty but for its people."""
    with house.database.writing() as session:
        ids, special = _fill(session, house)
    return FullHouse(house, ids, special)


def _fill(session: Session, house: House) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    ana, ben, worker = house.ana, house.ben, house.worker
    sent_photo, entry = _sent_entry(session, house)
    alert_id = alerting.open_alerts_of(session, ben, ana.actor_id)[0].id
    leased = outbox.lease(session, worker, NOW, LATER, owner="diary-1")
    taken = Alert(clinic_id=house.clinic_id, patient_id=ana.actor_id, **_alert_values("K7Q-4T"))
    alerting.add_alert(session, worker, taken)
    alerting.acknowledge(session, ben, taken.id, NOW)
    shut = Alert(clinic_id=house.clinic_id, patient_id=ana.actor_id, **_alert_values("SHU-TT"))
    alerting.add_alert(session, worker, shut)
    alerting.close(session, ben, shut.id, "advice", NOW)
    outbox.add_notification(
        session,
        worker,
        Notification(
            **_notification_values(house, taken.id, step=0) | {"held_because": "quiet_hours"}
        ),
    )
    audit.note(
        session,
        house.dora,
        "patient.export",
        "patient",
        NOW,
        patient_id=ana.actor_id,
        detail={"shape": "report"},
    )
    own_way = ContactWay(**_staff_way_values(house, user_id=ben.actor_id))
    clinics_way = ContactWay(**_staff_way_values(house, kind="webhook"))
    ways.add_way(session, ben, own_way, NOW)
    ways.add_way(session, house.admin, clinics_way, NOW)
    task_id, _new = tasks.add_task(
        session, worker, "undeliverable", house.admin.actor_id, "Phone Ben.", NOW, alert_id
    )
    reminder = Notification(
        **_notification_values(house, taken.id, step=0)
        | {"alert_id": None, "user_id": None, "patient_id": ana.actor_id, "kind": "reminder"}
    )
    outbox.add_notification(session, worker, reminder)
    reminder_task, _new = tasks.add_task(
        session, worker, "undeliverable", ben.actor_id, "Phone a patient.", NOW, None, reminder.id
    )
    listed = _summary(session, house, taken.id)
    diary.mark_seen(session, house.dora, [entry], NOW)
    ungraded = house.entry(at=NOW - timedelta(days=1))
    diary.add_entry(session, ana, ungraded, NOW)
    lab = LabResult(
        clinic_id=house.clinic_id,
        patient_id=ana.actor_id,
        taken_on=NOW.date(),
        name="ldh",
        value=200.0,
        unit="U/l",
        entered_by=ben.actor_id,
        entered_at=NOW,
    )
    treatment.add_lab(session, ben, lab, NOW)
    graded_labs = Assessment(
        clinic_id=house.clinic_id,
        patient_id=ana.actor_id,
        lab_on=NOW.date(),
        assessed_at=NOW,
        outcome="graded",
        level="none",
        rules_version="1",
    )
    assessments.add(session, worker, graded_labs)
    consents.give(
        session,
        ana,
        Consent(
            clinic_id=house.clinic_id,
            patient_id=ana.actor_id,
            version="1",
            text_sha256="0" * 64,
            language="en",
            agreed_at=NOW,
        ),
        NOW,
    )
    consents.write(session, house.admin, 0, {"en": "# Who\nWe."}, {"en": "First."}, NOW)
    rules = {**rule_set_to_json(DEFAULT_RULES), "version": "north-1"}
    approved = rule_sets.propose(session, house.admin, rules | {"version": "north-0"}, "", NOW)
    rule_sets.keep_what_if(session, house.admin, approved, {"entries": 1}, NOW)
    rule_sets.approve(session, house.dora, approved, "Two late calls.", NOW)
    rule_set_id = rule_sets.propose(session, house.admin, rules, "Earlier calls.", NOW)
    rule_sets.keep_what_if(session, house.admin, rule_set_id, {"entries": 1}, NOW)
    on_call = _on_call(session, house)
    _sign_in(session, house)
    passkey_id = _factors(session, house)
    way, waiting, feed = _reminded(session, house, entry)
    outbox.beat(session, worker, "worker", NOW)
    test_patient = Patient(
        clinic_id=house.clinic_id,
        code="TEST-ALARM",
        name="Test patient",
        born_on=NOW.date(),
        time_zone=ZONE,
        created_at=NOW,
    )
    people.add_test_patient(session, worker, test_patient, NOW)
    about_test = _alert_values("T3T-4S") | {"patient_id": test_patient.id, "policy": {}}
    test_alert = Alert(clinic_id=house.clinic_id, **about_test)
    alerting.add_alert(session, worker, test_alert)
    task_id, _new = tasks.add_task(session, worker, "stuck", ben.actor_id, "Phone Ben.", NOW)
    failed = house.entry(at=NOW - timedelta(days=2))
    diary.add_entry(session, ana, failed, NOW)
    assessments.add(
        session,
        worker,
        Assessment(
            clinic_id=house.clinic_id,
            patient_id=ana.actor_id,
            entry_id=failed.id,
            assessed_at=NOW,
            outcome="failed",
            rules_version="1",
        ),
    )
    draft = drafts.begin_draft(session, ana, {"itch_nrs": 3}, NOW)
    light = drafts.keep_light(session, ana, new_id(), {"itch_nrs": 1}, NOW)
    unsent_photo = Photo(**_photo_values(house, draft.id), doubt="dark")
    drafts.add_photo(session, ana, unsent_photo)
    for token_hash in ("ticket", "refused"):
        drafts.add_ticket(
            session,
            ana,
            UploadTicket(
                clinic_id=house.clinic_id,
                token_hash=token_hash,
                patient_id=ana.actor_id,
                draft_id=draft.id,
                expires_at=LATER + timedelta(days=1),
            ),
        )
    drafts.take_ticket(session, ana, "refused", NOW)
    drafts.refuse_ticket(session, ana, "refused", "This file is not a photo.")
    weekly.add(session, ana, WeeklyReport(**_weekly_values(house)), NOW)
    weekly_draft = weekly.begin_draft(session, ana, {}, NOW)
    doses.add(session, ana, DoseRecord(**_dose_values(house)), NOW)
    leaving, asked = _data_requests(session, house)
    session.add(
        Invitation(
            clinic_id=house.clinic_id,
            token_hash="long over",
            patient_id=ana.actor_id,
            created_at=NOW - timedelta(days=500),
            expires_at=NOW - timedelta(days=486),
        )
    )
    visit = visits.add_visit(session, ben, ana.actor_id, LATER, 30, NOW)
    asking = questions.ask(session, ana, ana.actor_id, "May I swim?", NOW)
    facts.set_facts(session, ben, ana.actor_id, {"baseline_grades": {"pruritus": 1}}, NOW)
    medicine = OtherMedicine(
        clinic_id=house.clinic_id,
        patient_id=ana.actor_id,
        name="Ramipril",
        added_by=ben.actor_id,
        added_at=NOW,
    )
    facts.add_medicine(session, ben, medicine, NOW)
    left, back, handover_id, west = _moved(session, house)
    ids = {
        "question_id": asking.id,
        "handover_id": handover_id,
        "to_clinic_id": west,
        "passkey_id": passkey_id,
        "token_id": _program(session, house, entry),
        "visit_id": visit.id,
        "medicine_id": medicine.id,
        "starts_at": LATER,
        "minutes": 30,
        "request_id": asked,
        "patient_id": ana.actor_id,
        "patient_ids": [ana.actor_id],
        "user_id": ben.actor_id,
        "entry_id": entry.id,
        "first_id": entry.first_id,
        "entry_ids": [entry.id],
        "correcting_id": entry.id,
        "photo_id": sent_photo,
        "draft_id": draft.id,
        "alert_id": alert_id,
        "alert_ids": [alert_id],
        "lab_id": lab.id,
        "rule_set_id": rule_set_id,
        "notification_id": leased[0].id,
        "notification_ids": [leased[0].id],
        "outcomes": [Outcome(leased[0].id, "sent", receipt="250 Ok")],
        "user_ids": [ben.actor_id],
        "way_ids": [own_way.id],
        "task_id": task_id,
        "task_ids": [task_id, reminder_task],
        "lines": [(alert_id, "noted", {})],
        "token_hash": "ticket",
        "way_id": way.id,
        "due_id": waiting.id,
        "feed_id": feed.id,
        "rows": [entry],
        "assessment_ids": [listed],
        "revision": alerting.alert(session, ben, alert_id).revision,
        **on_call,
    }
    special: dict[str, dict[str, Any]] = {
        "staff.change_role": {"role": "clinician"},
        "staff.let_back": {"user_id": _former(session, house), "role": "nurse"},
        "clinics.change": {"before": {"hours": ""}, "values": {"hours": "Mon to Fri"}},
        "requests.ask_erasure": {"patient_id": leaving},
        "requests.correct": {"values": {"phone": "+49 30 555 0199"}},
        "facts.set_facts": {"values": {"on_systemic_steroid": True}},
        "facts.end_medicine": {"until": LATER.date()},
        "programs.sent_under": {"key": "kept"},
        "rules.propose": {"content": rules | {"version": "north-2"}},
        "importing.keep_diary": {"rows": []},
        "moves.end": {"reason": "finished"},
        "moves.moved": {"kind": "moved_in", "clinic_name": "West clinic"},
        "moves.resume": {"patient_id": left},
        "moves.resumed_at": {"patient_id": back},
        "handovers.offer": {"patient_id": back},
        "handovers.settle": {"state": "withdrawn"},
        "consents.write": {
            "after": 1,
            "texts": {"en": "# Who sees it\nWe do."},
            "changes": {"en": "Shorter."},
        },
        "retention.choose": {"years": 10},
        "audit.last_export": {"shape": "report", "before": LATER},
        "people.after": {"code": ""},
        "people.some_after": {"code": "", "most": 5},
        "people.by_code": {"code": "P-001"},
        "ways.add_way": {"new": ContactWay(**_staff_way_values(house, user_id=ben.actor_id))},
        "ways.confirm_way": {"way_id": own_way.id},
        "ways.switch_way": {"way_id": own_way.id},
        "ways.queue_test": {"new": _test_message(house, own_way.id)},
        "outbox.last_by_way": {"ways": ["email"]},
        "tasks.add_task": {"kind": "stuck"},
        "ledger.renew": {"until": LATER + timedelta(hours=1)},
        "reminding.set_rule": {"kind": "entry"},
        "reminding.add_due": {"rows": [_due_row(house, "dose", NOW.date())]},
        "reminding.to_plan": {"before": LATER},
        "reminding.settle": {"state": "done", "because": "sent"},
        "alerting.close_test": {"alert_id": test_alert.id},
        "taking_back.reopen": {"alert_id": shut.id, "closed_since": NOW},
        "watching.day_evidence": {"since": NOW - timedelta(days=1)},
        "clinic_week.wrote": {"last_on": LATER.date()},
        "clinic_week.raised": {"since": NOW - timedelta(days=7), "until": LATER},
        "digests.alerts_since": {"since": NOW - timedelta(days=7)},
        "digests.letters_since": {"since": NOW - timedelta(days=7)},
        "digests.asked": {"sentence": "Phone Ben."},
        "digests.followed": {"since": NOW},
        "diary.told": {"last_on": LATER.date()},
        "inbox.entries": {"first_on": NOW.date(), "last_on": LATER.date()},
        "inbox.doses": {"first_on": NOW.date(), "last_on": LATER.date()},
        "inbox.beside_entries": {"days": [NOW.date()]},
        "course.said": {"first_on": NOW.date(), "last_on": LATER.date()},
        "alerting.hand_back": {"alert_id": taken.id},
        "alerting.supersede": {"alert_id": taken.id},
        "alerting.snooze": {
            "alert_id": taken.id,
            "revision": alerting.alert(session, ben, taken.id).revision,
        },
        "taking_back.withdraw_held": {"alert_id": taken.id},
        "policies.keep_policy": {
            "content": people.own_clinic(session, ben).policy | {"quiet_hours": None},
            "known": people.own_clinic(session, ben).policy,
        },
        "rotas.set_shifts": {"rows": []},
        "drafts.save_draft": {"revision": 0},
        "drafts.keep_light": {"draft_id": light.id},
        "weekly.draft": {"draft_id": weekly_draft.id},
        "weekly.save_draft": {"draft_id": weekly_draft.id, "revision": 0},
        "weekly.mark_sent": {"draft_id": weekly_draft.id},
        "drafts.describe_photo": {"photo_id": unsent_photo.id},
        "drafts.keep_photo": {"photo_id": unsent_photo.id},
        "drafts.remove_photo": {"photo_id": unsent_photo.id},
        "drafts.refuse_ticket": {"token_hash": "refused"},
        "drafts.ticket_refusal": {"token_hash": "refused"},
    }
    assert assessments.of_entries(session, ben, [entry.id])
    return ids, special


def _former(session: Session, house: House) -> UUID:
    """Return the id of somebody whose access was ended."""
    gus = User(
        clinic_id=house.clinic_id, email="gus@north.example", name="Gus", role="nurse",
        created_at=NOW,
    )  # fmt: skip
    people.add_staff(session, house.admin, gus, NOW)
    staff.end_access(session, house.admin, gus.id, NOW)
    return gus.id


def _data_requests(session: Session, house: House) -> tuple[UUID, UUID]:
    """Two patients without alerts: one who may ask, and the id of another's open erasure."""
    leaving, gone = (
        Patient(
            clinic_id=house.clinic_id,
            code=code,
            name="Lena Leaving",
            born_on=NOW.date(),
            time_zone=ZONE,
            created_at=NOW,
        )
        for code in ("P-008", "P-009")
    )
    session.add_all([leaving, gone])
    session.flush()
    about = {"clinic_id": house.clinic_id, "patient_id": gone.id}
    sent = Draft(**about, created_at=NOW, updated_at=NOW, sent_at=NOW)
    session.add(sent)
    session.flush()
    session.add(Photo(**_photo_values(house, sent.id) | about))
    session.flush()
    return leaving.id, requests.ask_erasure(session, house.admin, gone.id, "A letter.", NOW)


def _program(session: Session, house: House, entry: Entry) -> UUID:
    """A program's token, under which it sent the entry; returns the token's id."""
    token = ApiToken(
        clinic_id=house.clinic_id,
        token_hash="kept",
        name="Lab system",
        scopes=["entries:write"],
        created_by=house.admin.actor_id,
        created_at=NOW,
        expires_at=LATER + timedelta(days=30),
    )
    programs.add_token(session, house.admin, token, NOW)
    program = program_viewer(
        token.scopes,
        clinic_id=house.clinic_id,
        token_id=token.id,
        name=token.name,
        patient_id=entry.patient_id,
    )
    sent = ApiWrite(
        clinic_id=house.clinic_id,
        patient_id=entry.patient_id,
        token_id=token.id,
        entry_id=entry.id,
        key="kept",
        body_sha256="0" * 64,
        at=NOW,
    )
    programs.keep_sent(session, program, sent)
    return token.id


def _summary(session: Session, house: House, alert_id: UUID) -> UUID:
    """A summary, a lost message, and a line of the weekly list; returns the last."""
    letter = _notification_values(house, alert_id, step=0) | {
        "alert_id": None,
        "step": None,
        "round": None,
        "kind": "digest",
        "content": {"day": "2026-03-02"},
        "next_attempt_at": LATER + timedelta(days=1),
    }
    lost = _notification_values(house, alert_id, step=3) | {"state": "failed_permanent"}
    for values in (letter, lost):
        outbox.add_notification(session, house.worker, Notification(**values))
    listed = Assessment(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        lab_on=NOW.date() - timedelta(days=1),
        assessed_at=NOW,
        outcome="graded",
        level="digest",
        rules_version="1",
    )
    assessments.add(session, house.worker, listed)
    return listed.id


def _on_call(session: Session, house: House) -> dict[str, Any]:
    """A team of Ben, a rota of Ben with an override, Ben away; returns their ids."""
    ben = house.ben.actor_id
    team_id = teams.add_team(session, house.admin, "Ward 3", NOW)
    teams.set_members(session, house.admin, team_id, [ben], NOW)
    rota_id = rotas.add_rota(session, house.dora, "Nights", NOW)
    week = [
        RotaShift(
            clinic_id=house.clinic_id,
            rota_id=rota_id,
            weekday=0,
            starts="20:00",
            ends="08:00",
            user_id=ben,
        )
    ]
    rotas.set_shifts(session, house.dora, rota_id, week, NOW)
    override = RotaOverride(
        clinic_id=house.clinic_id,
        rota_id=rota_id,
        starts_at=NOW,
        ends_at=LATER,
        user_id=ben,
    )
    rotas.add_override(session, house.dora, override, NOW)
    absence = Absence(
        clinic_id=house.clinic_id, user_id=ben, first_on=NOW.date(), last_on=NOW.date()
    )
    rotas.add_absence(session, house.dora, absence, NOW)
    return {
        "team_id": team_id,
        "rota_id": rota_id,
        "override_id": override.id,
        "absence_id": absence.id,
        "user_ids": [ben],
    }


def _reminded(
    session: Session, house: House, entry: Entry
) -> tuple[ContactWay, DueRow, CalendarFeed]:
    """A rule, a way, something due, a calendar, a silent day, a missing reading, doses alone."""
    way = ContactWay(
        clinic_id=house.clinic_id, patient_id=house.ana.actor_id, **_way_values(house.ana.actor_id)
    )
    patient_ways.add_patient_way(session, house.ana, way, NOW)
    reminding.set_rule(session, house.ana, "dose", "08:00", True, NOW)
    waiting = _due_row(house, "entry", NOW.date())
    reminding.add_due(session, house.worker, [waiting])
    reminding.open_feed(session, house.ana, "calendar", True, NOW)
    reach.queue(session, house.worker, house.ana.actor_id, [way], "entry", NOW)
    feed = reminding.feed_of(session, house.ana, house.ana.actor_id)
    assert feed is not None
    for about in (
        {"silent_on": NOW.date()},
        {"timer_of": entry.id},
        {"dose_on": NOW.date()},
    ):
        made = Assessment(
            clinic_id=house.clinic_id,
            patient_id=house.ana.actor_id,
            assessed_at=NOW,
            outcome="graded",
            level="none",
            rules_version="1",
            **about,
        )
        assessments.add(session, house.worker, made)
    return way, waiting, feed


def _due_row(house: House, kind: str, day: date) -> DueRow:
    return DueRow(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        kind=kind,
        key=f"{kind}:{day}",
        local_day=day,
        local_time="19:00",
        due_at=NOW,
    )


def _way_values(patient_id: UUID) -> dict[str, Any]:
    return {
        "kind": "email",
        "label": "E-mail",
        "address_sealed": b"sealed",
        "created_by": patient_id,
        "created_at": NOW,
    }


def _sent_entry(session: Session, house: House) -> tuple[UUID, Entry]:
    draft = drafts.begin_draft(session, house.ana, {}, NOW)
    photo = Photo(**_photo_values(house, draft.id))
    drafts.add_photo(session, house.ana, photo)
    drafts.mark_sent(session, house.ana, draft.id, NOW)
    entry = house.entry(
        id=draft.id, first_id=draft.id, temperature_value=39.2, temperature_unit="C"
    )
    record_entry(session, house.ana, entry, NOW)
    return photo.id, entry


def _moved(session: Session, house: House) -> tuple[UUID, UUID, UUID, UUID]:
    """Somebody who left, somebody who came back, and ana's offer to a third clinic."""
    west = clinic_row("West clinic")
    left = patient_row(house.clinic_id, "P-900", "Lea Left")
    back = patient_row(house.clinic_id, "P-901", "Bob Back")
    session.add(west)
    session.add_all([left, back])
    session.flush()
    for who in (left, back):
        moves.end(session, house.ben, who.id, "finished", NOW - timedelta(days=5))
    moves.resume(session, house.ben, back.id, NOW - timedelta(days=3))
    offered = handovers.offer(session, house.ben, house.ana.actor_id, west.id, NOW)
    return left.id, back.id, offered, west.id


def _sign_in(session: Session, house: House) -> None:
    for viewer in (house.ana, house.ben):
        doors.add_sign_in(
            session,
            SignIn(
                clinic_id=house.clinic_id,
                token_hash=str(viewer.actor_id),
                kind="staff" if viewer.patient_id is None else "patient",
                user_id=viewer.actor_id if viewer.patient_id is None else None,
                patient_id=viewer.patient_id,
                created_at=NOW,
                last_seen_at=NOW,
                expires_at=LATER + timedelta(days=1),
            ),
        )


def _factors(session: Session, house: House) -> UUID:
    """Ben's passkey, recovery code and account of the hospital; returns the passkey's id."""
    factors.set_authenticator(session, house.ben, b"sealed", NOW)
    factors.renew_recovery_codes(session, house.ben, ["kept code"], NOW)
    key = Passkey(**_passkey_values(house, "kept"))
    factors.add_passkey(session, house.ben, key, NOW)
    proofs.use_once(session, "used challenge", NOW)
    identity = HospitalIdentity(
        clinic_id=house.clinic_id,
        user_id=house.ben.actor_id,
        issuer="https://sso.hospital.example",
        subject="ben-1",
        linked_at=NOW,
    )
    proofs.link_identity(session, identity)
    return key.id


def _passkey_values(house: House, credential_id: str) -> dict[str, Any]:
    return {
        "clinic_id": house.clinic_id,
        "user_id": house.ben.actor_id,
        "credential_id": credential_id,
        "public_key": b"key",
        "name": "Ben's phone",
        "created_at": NOW,
    }


def _alert_values(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "level": "urgent",
        "raised_at": NOW,
        "level_since": NOW,
        "policy": {},
        "next_look_at": NOW,
    }


def _notification_values(house: House, alert_id: UUID, *, step: int) -> dict[str, Any]:
    return {
        "clinic_id": house.clinic_id,
        "alert_id": alert_id,
        "user_id": house.ben.actor_id,
        "step": step,
        "round": 0,
        "message_id": f"<{new_id()}@diary>",
        "created_at": NOW,
        "next_attempt_at": NOW,
    }


def _dose_values(house: House) -> dict[str, Any]:
    return {
        "clinic_id": house.clinic_id,
        "patient_id": house.ana.actor_id,
        "diary_on": NOW.date(),
        "drug": "imatinib",
        "planned_mg": 400,
        "how": "planned",
        "taken_mg": 400,
        "time_zone": ZONE,
        "recorded_at": NOW,
    }


def _weekly_values(house: House) -> dict[str, Any]:
    return {
        "clinic_id": house.clinic_id,
        "patient_id": house.ana.actor_id,
        "period_ends_on": NOW.date(),
        "time_zone": ZONE,
        "instrument": "PRO-CTCAE 1.0 en",
        "answers": {"PROCTCAE_28A_SCL": 2, "PROCTCAE_24A_IND": None},
        "written_at": NOW,
        "received_at": NOW,
    }


def _staff_way_values(house: House, *, kind: str = "apprise", **owner: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "clinic_id": house.clinic_id,
        "kind": kind,
        "label": "Mobile",
        "address_sealed": b"sealed",
        "created_by": house.ben.actor_id,
        "created_at": NOW,
        **owner,
    }


def _test_message(house: House, way_id: UUID) -> Notification:
    values = _notification_values(house, way_id, step=0)
    del values["alert_id"]
    return Notification(**values, way=f"apprise:{way_id}", way_id=way_id)


def _photo_values(house: House, draft_id: UUID) -> dict[str, Any]:
    return {
        "clinic_id": house.clinic_id,
        "patient_id": house.ana.actor_id,
        "draft_id": draft_id,
        "width": 10,
        "height": 10,
        "sha256_received": "0" * 64,
        "sha256_kept": "0" * 64,
        "received_bytes": 1,
        "received_at": NOW,
    }
