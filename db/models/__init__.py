"""Tables, one module per noun. Rows never reach a screen: services hand out dataclasses."""

from db.models.alerting import (
    Alert,
    AlertEvent,
    ContactWay,
    Heartbeat,
    Notification,
    Task,
)
from db.models.audit import AuditEvent
from db.models.base import METADATA, Row
from db.models.diary import Assessment, Draft, Entry, EntrySeen, Photo, UploadTicket
from db.models.doses import DoseRecord
from db.models.facts import FactChange, OtherMedicine
from db.models.keys import DataKey
from db.models.moves import FollowUpChange, Handover
from db.models.people import Clinic, Consent, ConsentWording, Invitation, Patient, User
from db.models.programs import ApiToken, ApiWrite
from db.models.reminding import CalendarFeed, DueRow, ReminderRule
from db.models.requests import DataRequest
from db.models.review import DigestReview
from db.models.rota import Absence, Rota, RotaOverride, RotaShift, Team, TeamMember
from db.models.rules import RuleSetRow
from db.models.signin import (
    HospitalIdentity,
    Passkey,
    RecoveryCode,
    SignIn,
    SignInAttempt,
    UsedOnce,
)
from db.models.treatment import LabResult, PlanStep
from db.models.visits import PlannedVisit, VisitQuestion
from db.models.weekly import WeeklyDraft, WeeklyReport

__all__ = [
    "METADATA",
    "Absence",
    "Alert",
    "AlertEvent",
    "ApiToken",
    "ApiWrite",
    "Assessment",
    "AuditEvent",
    "CalendarFeed",
    "Clinic",
    "Consent",
    "ConsentWording",
    "ContactWay",
    "DataKey",
    "DataRequest",
    "DigestReview",
    "DoseRecord",
    "Draft",
    "DueRow",
    "Entry",
    "EntrySeen",
    "FactChange",
    "FollowUpChange",
    "Handover",
    "Heartbeat",
    "HospitalIdentity",
    "Invitation",
    "LabResult",
    "Notification",
    "OtherMedicine",
    "Passkey",
    "Patient",
    "Photo",
    "PlanStep",
    "PlannedVisit",
    "RecoveryCode",
    "ReminderRule",
    "Rota",
    "RotaOverride",
    "RotaShift",
    "Row",
    "RuleSetRow",
    "SignIn",
    "SignInAttempt",
    "Task",
    "Team",
    "TeamMember",
    "UploadTicket",
    "UsedOnce",
    "User",
    "VisitQuestion",
    "WeeklyDraft",
    "WeeklyReport",
]
