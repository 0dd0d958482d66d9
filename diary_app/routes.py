"""The paths of the app; patients and the care team each see their own."""

from datetime import date
from uuid import UUID

HOME = "/"

ENTRY = "/entry"
PLAN = "/plan"
HISTORY = "/history"
COURSE = "/history/course"
FROM_CLINIC = "/history/clinic"
HELP = "/help"
REMINDERS = "/help/reminders"

WEEKLY = "/weekly"
WEEKLY_SENT = "/weekly/sent"

PATIENTS = "/patients"
NEW_PATIENT = "/patients/new"
PATIENT_LIST = "/patients/list"
MOVES = "/patients/moves"
SUMMARY = "/summary"
SUMMARY_PRINT = "/summary-print"
THRESHOLDS = "/thresholds"
NEW_THRESHOLDS = "/thresholds/new"
ON_CALL = "/on-call"
POLICY = "/on-call/policy"

WAYS = "/ways"
PEOPLE = "/admin/people"
CLINIC = "/admin/clinic"
CLINIC_WAYS = "/admin/ways"
AUDIT = "/admin/audit"
DATA_REQUESTS = "/patients/data"
CLINIC_WEEK = "/clinic-week"
PROGRAMS = "/admin/programs"
API_PAGE = "/api/v1/docs"

SIGN_OUT_PAGE = "/sign-out"
DEVICES_PAGE = "/devices"
VERIFIED_PAGE = "/verify/done"
VERIFY_PAGE = f"/verify?next={VERIFIED_PAGE}"
PIN_PAGE = "/pin/change"
NOW_PAGE = "/now"
MY_DIARY_PAGE = "/my-diary"
RETENTION_PAGE = "/retention"
CONSENT_PAGE = "/consent"
CONSENT_TEXTS_PAGE = "/consent-texts"
CONSENTS_PAGE = "/consents"
WHO_LOOKED_PAGE = "/my-diary/who-looked"
MY_CALENDAR = "/my-diary/calendar"


def sent(entry_id: UUID | str) -> str:
    """Return the path of what a saved entry means."""
    return f"{ENTRY}/sent/{entry_id}"


def dose(drug: str, on: date) -> str:
    """Return the path on which a patient says what became of a dose."""
    return f"/dose/{drug}/{on.isoformat()}"


def history_day(entry_id: UUID | str) -> str:
    """Return the path of one entry in the patient's history."""
    return f"{HISTORY}/{entry_id}"


def day_of_history(on: date) -> str:
    """Return the path of one calendar day in the patient's history."""
    return f"{HISTORY}/day/{on.isoformat()}"


def alert(alert_id: UUID | str) -> str:
    """Return the path of one alert, for the care team."""
    return f"/alerts/{alert_id}"


def patient(patient_id: UUID | str) -> str:
    """Return the path of one patient, for the care team."""
    return f"{PATIENTS}/{patient_id}"


def invitation_sheets(ticket: str) -> str:
    """Return the plain page that prints the invitations behind a ticket."""
    return f"/invitation-sheets/{ticket}"


def rule_set(rule_set_id: UUID | str) -> str:
    """Return the path of one rule set or proposal, for the care team."""
    return f"{THRESHOLDS}/{rule_set_id}"


def simple_photo_page(draft_id: UUID | str) -> str:
    """Return the plain page that adds a photo to a draft when the photo button does not work."""
    return f"/photos/add?draft={draft_id}"


def thumbnail(photo_id: UUID | str) -> str:
    """Return where a small version of a photo is served to whoever may see it."""
    return f"/photos/{photo_id}/thumb"


def everything(patient_id: UUID | str) -> str:
    """Return where all there is about a patient is served as one file."""
    return f"/exports/{patient_id}/everything"


def clinic_week_table(back: int) -> str:
    """Return where a week of the clinic is served as CSV."""
    return f"/clinic-week.csv?back={back}"


def photo_upload(ticket: str) -> str:
    """Return where one photo is sent to with its ticket."""
    return f"/api/photos/{ticket}"
