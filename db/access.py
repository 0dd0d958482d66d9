"""Who looks: the viewer, and the verbs that a role grants.

Code asks for a verb (`viewer.require("alert.acknowledge")`), never for a role's name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from db.errors import AccessDeniedError

PATIENT_VERBS = frozenset(
    {
        "diary.write",
        "diary.read",
        "diary.export",
        "photo.write",
        "photo.read",
        "plan.read",
        "fact.read",
        "dose.read",
        "dose.write",
        "lab.read",
        "alert.read_own",
        "consent.give",
        "access.read",
        "weekly.write",
        "weekly.read",
        "reminder.read",
        "reminder.write",
        "visit.read",
        "question.read",
        "question.write",
    }
)
# What a patient who said no to the consent text cannot do until they say yes.
WRITING_VERBS = frozenset({"diary.write", "photo.write", "dose.write", "weekly.write"})
_CARE_TEAM = frozenset(
    {
        "alert.read",
        "alert.acknowledge",
        "alert.close",
        "alert.note",
        "digest.review",
        "diary.read",
        "photo.read",
        "plan.read",
        "fact.read",
        "fact.write",
        "dose.read",
        "patient.list",
        "patient.read",
        "patient.export",
        "lab.read",
        "reminder.read",
        "staff.list",
        "weekly.read",
        "policy.read",
        "visit.read",
        "visit.write",
        "question.read",
        "question.answer",
        "report.read",
        "consent.read",
    }
)
# Ways out and second factors of one's own, and tasks that the diary asks of people.
_STAFF = frozenset({"way.own", "factor.own", "task.read", "task.finish"})
_RULES = frozenset({"rules.read", "rules.propose"})
ROLE_VERBS: dict[str, frozenset[str]] = {
    "patient": PATIENT_VERBS,
    "nurse": _CARE_TEAM | _STAFF | {"patient.invite", "patient.enroll", "patient.end", "lab.write"},
    "clinician": _CARE_TEAM
    | _STAFF
    | _RULES
    | {"rules.approve", "policy.write", "plan.write", "data.request", "data.erase"}
    | {"patient.invite", "patient.enroll", "patient.end", "lab.write"},
    "administrator": frozenset(
        {
            "staff.list",
            "staff.invite",
            "staff.write",
            "clinic.read",
            "clinic.write",
            "patient.list",
            "patient.invite",
            "patient.enroll",
            "diary.import",
            "audit.read",
            "consent.read",
            "consent.write",
            "data.request",
            "data.erase",
            "report.read",
            "token.read",
            "token.write",
            "policy.read",
            "policy.write",
        }
    )
    | _STAFF
    | _RULES,
    # The worker acts for one clinic at a time: it reads what it must grade and tells people.
    # It never reads the weekly questions: their scores raise no alert.
    "worker": frozenset(
        {
            "alert.read",
            "alert.escalate",
            "diary.read",
            "diary.grade",
            "plan.read",
            "dose.read",
            "lab.read",
            "notification.send",
            "leftover.sweep",
            "patient.list",
            "patient.read",
            "staff.list",
            "clinic.read",
            "reminder.read",
            "reminder.plan",
            "rules.read",
            "policy.read",
            "report.read",
        }
    ),
}
# What another program may do under a token: each scope stands for these verbs. A program takes no
# alert, changes no plan and invites nobody: a named person does.
PROGRAM = "program"
SCOPE_VERBS: dict[str, frozenset[str]] = {
    "entries:read": frozenset({"diary.read", "dose.read", "patient.list"}),
    "entries:write": frozenset(
        {"diary.write", "diary.read", "dose.read", "dose.write", "plan.read", "patient.list"}
    ),
    "patients:read": frozenset({"patient.list"}),
    "alerts:read": frozenset({"alert.read", "patient.list"}),
    "plans:read": frozenset({"plan.read", "patient.list"}),
    "exports:read": frozenset(
        {
            "patient.export",
            "patient.list",
            "patient.read",
            "diary.read",
            "dose.read",
            "plan.read",
            "fact.read",
            "lab.read",
            "photo.read",
            "weekly.read",
            "alert.read",
            "question.read",
            "visit.read",
        }
    ),
}
STAFF_ROLES = ("nurse", "clinician", "administrator")


@dataclass(frozen=True)
class Viewer:
    """One person (or the worker) in one clinic, with the verbs they hold.

    Attributes:
        clinic_id: The clinic whose rows this viewer may meet.
        actor_id: The patient's or user's id; the clinic's id for the worker.
        role: patient, nurse, clinician, administrator, worker or program; for the audit row only.
        patient_id: Set for patients, who see themselves alone; None for everybody else.
        name: For the care team's screens and the audit; never logged.
        sign_in_id: The signed-in browser they came by; None for programs, the worker and commands.
    """

    clinic_id: UUID
    actor_id: UUID
    role: str
    name: str
    patient_id: UUID | None = None
    verbs: frozenset[str] = field(default_factory=frozenset)
    sign_in_id: UUID | None = field(default=None, compare=False)

    def may(self, verb: str) -> bool:
        """Return whether this viewer holds the verb."""
        return verb in self.verbs

    def without(self, verbs: frozenset[str]) -> "Viewer":
        """Return the same person who may do less."""
        return replace(self, verbs=self.verbs - verbs)

    def require(self, verb: str, patient_id: UUID | None = None) -> None:
        """Pass, or raise AccessDeniedError.

        Args:
            verb: Such as ``alert.acknowledge``.
            patient_id: Whose data it is about; a patient passes only for themselves.
        """
        if not self.may(verb):
            raise AccessDeniedError(f"This account may not do that ({verb}).")
        if self.patient_id is not None and patient_id is not None and patient_id != self.patient_id:
            raise AccessDeniedError("This belongs to somebody else.")


def viewer_for(
    role: str,
    *,
    clinic_id: UUID,
    actor_id: UUID,
    name: str,
    patient_id: UUID | None = None,
    sign_in_id: UUID | None = None,
) -> Viewer:
    """Return the viewer with the verbs of a role; raises KeyError for an unknown role."""
    return Viewer(
        clinic_id=clinic_id,
        actor_id=actor_id,
        role=role,
        name=name,
        patient_id=patient_id,
        verbs=ROLE_VERBS[role],
        sign_in_id=sign_in_id,
    )


def worker_viewer(clinic_id: UUID) -> Viewer:
    """Return the viewer under which the worker acts for one clinic."""
    return viewer_for("worker", clinic_id=clinic_id, actor_id=clinic_id, name="diary")


def program_viewer(
    scopes: Iterable[str],
    *,
    clinic_id: UUID,
    token_id: UUID,
    name: str,
    patient_id: UUID | None = None,
) -> Viewer:
    """Return the viewer under which another program acts.

    Args:
        scopes: Of its token; words that are no scope grant nothing.
        name: Of the token; every audit row of this viewer names it.
        patient_id: The one patient for whom it writes; None = it reads in the whole clinic.
    """
    granted = [SCOPE_VERBS.get(scope, frozenset[str]()) for scope in scopes]
    return Viewer(
        clinic_id=clinic_id,
        actor_id=token_id,
        role=PROGRAM,
        name=name,
        patient_id=patient_id,
        verbs=frozenset[str]().union(*granted),
    )
