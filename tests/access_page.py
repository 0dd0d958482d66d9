"""Makes docs/access.md from what the program holds."""

from db.access import ROLE_VERBS, SCOPE_VERBS
from tests.diary_app.doors.every_door import DOORS, VISITORS, WORDS

ROLES = ("patient", "nurse", "clinician", "administrator", "worker")
# What a verb lets somebody do.
MEANINGS = {
    "fact.read": "read other medicines and facts about the patient",
    "fact.write": "write them",
    "factor.own": "manage the own second factors and recovery codes",
    "question.answer": "answer a patient's question at the visit",
    "question.read": "read questions for the visit",
    "question.write": "write questions for the visit",
    "staff.write": "change a colleague's role, or end their work here",
    "alert.acknowledge": "take an alert, hand it back, let it rest",
    "access.read": "read who looked at the own diary",
    "alert.close": "close an alert with an outcome, and undo it within minutes",
    "alert.escalate": "carry an alert up its ladder",
    "alert.note": "write a note to an alert",
    "alert.read": "see the clinic's alerts",
    "alert.read_own": "see whether somebody has taken the own report",
    "audit.read": "search and check the audit",
    "clinic.read": "see how the alarm works, the clinic's ways out",
    "clinic.write": "change them, and try the alarm",
    "consent.give": "agree to the consent text, or say no",
    "consent.read": "see who agreed, and the consent texts",
    "consent.write": "write a new consent text",
    "data.erase": "confirm an erasure; it takes two people",
    "data.request": "note a data request, ask for an erasure",
    "diary.export": "take the own diary along",
    "diary.grade": "grade entries",
    "diary.import": "import a diary into an empty clinic",
    "diary.read": "read entries",
    "diary.write": "write entries and drafts",
    "digest.review": "tick off a patient in the summary",
    "dose.read": "read the dose log",
    "dose.write": "log doses",
    "lab.read": "read laboratory values",
    "lab.write": "enter and withdraw laboratory values",
    "leftover.sweep": "delete what served its purpose",
    "notification.send": "lease, send and end messages",
    "patient.end": "end or resume follow-up, offer a move",
    "patient.enroll": "add patients",
    "patient.export": "download a patient's data",
    "patient.invite": "invite patients",
    "patient.list": "see names and codes of the patients",
    "patient.read": "open a patient's page",
    "photo.read": "see photos",
    "photo.write": "send photos",
    "plan.read": "read the dose plan",
    "plan.write": "change the dose plan",
    "policy.read": "see who is told and when",
    "policy.write": "change it",
    "reminder.plan": "plan reminders",
    "reminder.read": "see reminders",
    "reminder.write": "choose the own reminders",
    "report.read": "see the clinic's week",
    "rules.approve": "approve or turn down somebody else's thresholds",
    "rules.propose": "propose thresholds and try them",
    "rules.read": "see the thresholds",
    "staff.invite": "invite staff",
    "staff.list": "see who works here",
    "task.finish": "finish a task",
    "task.read": "see the tasks",
    "token.read": "see the tokens of programs",
    "token.write": "make and end them",
    "visit.read": "see planned visits",
    "visit.write": "plan visits",
    "way.own": "choose the own ways out",
    "weekly.read": "read the weekly questions",
    "weekly.write": "answer them",
}
HEAD = """# Who may what

This page is made from the program (`python -m tests.access_page`) and a test keeps it true. A
role is a set of verbs; every function that reads or writes the database asks for a verb first,
takes only rows of the viewer's clinic and, for a patient, only the patient's own.
`tests/db/test_access_table.py` calls every one of them for every role of the clinic, for every
role of another clinic, and for another patient of the same clinic.

## Verbs and roles
"""
TOKENS = """
A program under a token has the verbs of its scopes and no others; what it sends is for one patient,
whom each request names.

| Scope | Verbs |
|---|---|
"""
ADDRESSES = """
## Addresses

Every address of the web server, tried for every kind of visitor by
`tests/diary_app/doors/test_doors_access.py`: `x` served, `-` turned away (401, 403, 404, or led
to the sign-in), `=` the same for everybody. What is served to anybody but the patient and her own
care team holds no word of hers. Words in capitals stand for ids and tokens of one patient. A link
with a token in it (`/a/`, `/join/`, `/staff/join/`, `/calendar/`) opens for whoever has it: the
token is what it asks for.

"""


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return the lines of a table."""
    return [f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]]


def page() -> str:
    """Return the whole page."""
    verbs = sorted(set().union(*ROLE_VERBS.values()))
    by_role = [
        [
            f"`{verb}`",
            MEANINGS[verb],
            *("x" if verb in ROLE_VERBS[role] else "" for role in ROLES),
        ]
        for verb in verbs
    ]
    scopes = [
        f"| `{scope}` | {', '.join(f'`{verb}`' for verb in sorted(granted))} |"
        for scope, granted in sorted(SCOPE_VERBS.items())
    ]
    doors = [
        [f"`{door.method} {door.path}`", *(door.marks[who] for who in VISITORS)] for door in DOORS
    ]
    lines = [
        *HEAD.splitlines(),
        "",
        *table(["Verb", "Lets somebody", *ROLES], by_role),
        *TOKENS.splitlines(),
        *scopes,
        *ADDRESSES.splitlines(),
        "",
        *table(["Address", *(WORDS[who] for who in VISITORS)], doors),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
