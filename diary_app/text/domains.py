"""Which sentences are for patients and which for staff: two files for each language.

Whatever is not named here is for patients, so that a new source is held to the strict rule.
"""

from fnmatch import fnmatch

PATIENT = "patient"
STAFF = "staff"

FOR_STAFF = (
    "diary_app/__main__.py",
    "diary_app/cli.py",
    "diary_app/installation.py",
    "diary_app/server.py",
    "diary_app/api/acknowledge.py",
    "diary_app/api/exports.py",
    "diary_app/api/hospital.py",
    "diary_app/api/staff_join.py",
    "diary_app/api/summary.py",
    "diary_app/api/verify.py",
    "diary_app/api/templates/acknowledge.html",
    "diary_app/api/templates/api_docs.html",
    "diary_app/api/templates/authenticator.html",
    "diary_app/api/templates/demo_mails.html",
    "diary_app/api/templates/recovery_codes.html",
    "diary_app/api/templates/staff_join.html",
    "diary_app/api/templates/summary.html",
    "diary_app/api/templates/verified.html",
    "diary_app/api/templates/verify.html",
    "diary_app/commands/*",
    "diary_app/components/care_*",
    "diary_app/components/rules_*",
    "diary_app/demo/*",
    "diary_app/exports/bundle.py",
    "diary_app/exports/code_words.py",
    "diary_app/exports/dose_measures.py",
    "diary_app/exports/pdf.py",
    "diary_app/exports/pdf_errors.py",
    "diary_app/exports/period_facts.py",
    "diary_app/exports/report*",
    "diary_app/exports/table*",
    "diary_app/screens/admin/*",
    "diary_app/screens/care_team/*",
    "diary_app/services/acknowledge_links.py",
    "diary_app/services/act_lines.py",
    "diary_app/services/alarm_system.py",
    "diary_app/services/alert_*",
    "diary_app/services/authenticator.py",
    "diary_app/services/care_errors.py",
    "diary_app/services/clinic_settings.py",
    "diary_app/services/desk.py",
    "diary_app/services/enrolling.py",
    "diary_app/services/health.py",
    "diary_app/services/hospital_sign_in.py",
    "diary_app/services/heads.py",
    "diary_app/services/inbox.py",
    "diary_app/services/inviting.py",
    "diary_app/services/lab*",
    "diary_app/services/moves.py",
    "diary_app/services/office.py",
    "diary_app/services/on_call.py",
    "diary_app/services/openid.py",
    "diary_app/services/passkeys.py",
    "diary_app/services/passwords.py",
    "diary_app/services/patient_list*",
    "diary_app/services/people.py",
    "diary_app/services/plan_change.py",
    "diary_app/services/plan_course.py",
    "diary_app/services/plan_templates.py",
    "diary_app/services/policy*",
    "diary_app/services/processes.py",
    "diary_app/services/programs.py",
    "diary_app/services/records.py",
    "diary_app/services/recovery*",
    "diary_app/services/regrading.py",
    "diary_app/services/replay*",
    "diary_app/services/roster.py",
    "diary_app/services/rota_form.py",
    "diary_app/services/rule_*",
    "diary_app/services/sign_in.py",
    "diary_app/services/staff.py",
    "diary_app/services/staff_invitations.py",
    "diary_app/services/step_up.py",
    "diary_app/services/summary.py",
    "diary_app/services/taking_over.py",
    "diary_app/services/task_lines.py",
    "diary_app/services/totp.py",
    "diary_app/services/trouble.py",
    "diary_app/services/verification.py",
    "diary_app/services/visit*",
    "diary_app/services/watch.py",
    "diary_app/services/ways.py",
)
"""Paths below the root of the project; ``*`` stands for any characters."""

FOR_BOTH = ("diary_app/components/care_photo.py",)
"""What patients' screens use too, although its name is in a pattern above."""


def domain_of(path: str) -> str:
    """Return the domain of a source file.

    Args:
        path: Below the root of the project, with slashes.
    """
    if path in FOR_BOTH:
        return PATIENT
    return STAFF if any(fnmatch(path, pattern) for pattern in FOR_STAFF) else PATIENT
