"""A patient joins: the link, the birth date, the agreement, the first sign-in."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import available_timezones

from sqlmodel import Session

from db.access import viewer_for
from db.models import Consent, Invitation, Patient
from db.stores import consents, doors, people
from diary_app.services.consents import current_text
from diary_app.services.doors import NewSignIn, hash_of, open_sign_in
from diary_app.services.kit import Kit
from diary_app.services.refusals import LinkError, RefusedError
from diary_app.services.signed_state import read, signed
from diary_app.text import _, language
from diary_app.text.consent import ConsentText

MOST_WRONG_ANSWERS = 5
_CONFIRMED = b"join confirmed"


@dataclass(frozen=True)
class Confirmed:
    """What somebody sees who proved to be the invited patient.

    Attributes:
        first_name: The first word of the patient's name.
        state: Proof of the confirmation, for the next step; valid for 30 minutes.
    """

    first_name: str
    clinic: str
    text: ConsentText
    state: str


def check_link(kit: Kit, token: str, kind: Literal["patient", "staff"], now: datetime) -> None:
    """Pass when an invitation can be used; changes nothing.

    Raises:
        LinkError: If it is unknown, used, run out or stopped; each has its own sentence.
    """
    with kit.database.reading() as session:
        usable(session, token, kind, now)


def is_for(kit: Kit, token: str, patient_id: UUID | None) -> bool:
    """Return whether an invitation, even a used one, was made for this patient."""
    with kit.database.reading() as session:
        invitation = doors.invitation(session, hash_of(token))
    return invitation is not None and invitation.patient_id == patient_id


def confirm_birth_date(kit: Kit, token: str, born_on: date, now: datetime) -> Confirmed:
    """Return what to agree to, once the birth date was right.

    Raises:
        LinkError: If the link cannot be used; the fifth wrong answer stops it.
        RefusedError: If the birth date is another one; the wrong answer is counted.
    """
    with kit.database.writing() as session:
        invitation = usable(session, token, "patient", now)
        patient = doors.patient_of(session, invitation)
        if patient.born_on == born_on:
            return _confirmed(kit, session, invitation, patient, now)
        doors.count_wrong_answer(session, invitation.id)
    left = MOST_WRONG_ANSWERS - invitation.wrong_answers - 1
    if left <= 0:
        raise _stopped()
    if left == 1:
        raise RefusedError(
            _("This is not the birth date we have. You have 1 try left with this link.")
        )
    raise RefusedError(
        _("This is not the birth date we have. You have {n} tries left with this link.").format(
            n=left
        )
    )


def read_again(kit: Kit, token: str, state: str, now: datetime) -> Confirmed:
    """Return what to agree to once more, for somebody who confirmed before.

    Raises:
        LinkError: If the link cannot be used.
        RefusedError: If the confirmation is missing or older than 30 minutes.
    """
    with kit.database.reading() as session:
        invitation = usable(session, token, "patient", now)
        _require_confirmed(kit, invitation, state, now)
        return _confirmed(kit, session, invitation, doors.patient_of(session, invitation), now)


def agree(
    kit: Kit, token: str, state: str, *, device: str, browser_zone: str, now: datetime
) -> NewSignIn | None:
    """Keep the consent, use up the invitation and sign the patient in, all or nothing.

    Args:
        kit: What every service needs.
        token: The plain token of the link.
        state: As handed out with the text that was shown.
        device: Words such as "Safari on iPhone".
        browser_zone: IANA name, only used when the clinic has set no zone for the patient.
        now: The present instant.

    Returns:
        The new sign-in; None when the clinic changed the text meanwhile: show it again.

    Raises:
        LinkError: If the link cannot be used, also when it was used a moment ago.
        RefusedError: If the confirmation is missing or older than 30 minutes.
    """
    with kit.database.writing() as session:
        invitation = usable(session, token, "patient", now)
        shown = _require_confirmed(kit, invitation, state, now)
        patient = doors.patient_of(session, invitation)
        text = current_text(session, doors.clinic(session, invitation.clinic_id))
        if shown != text.sha256:
            return None
        if not doors.use_invitation(session, invitation.id, now):
            raise _used()
        viewer = viewer_for(
            "patient",
            clinic_id=patient.clinic_id,
            actor_id=patient.id,
            name=patient.name,
            patient_id=patient.id,
        )
        consent = Consent(
            clinic_id=patient.clinic_id,
            patient_id=patient.id,
            version=text.version,
            text_sha256=text.sha256,
            language=text.language,
            agreed_at=now,
        )
        consents.give(session, viewer, consent, now)
        if patient.language != language():
            people.set_language(session, viewer, language(), now)
        if not patient.time_zone and browser_zone in available_timezones():
            patient.time_zone = browser_zone
        return open_sign_in(session, viewer, device, now)


def usable(
    session: Session, token: str, kind: Literal["patient", "staff"], now: datetime
) -> Invitation:
    """Return the invitation behind a link.

    Raises:
        LinkError: If it is unknown, used, run out or stopped.
    """
    invitation = doors.invitation(session, hash_of(token))
    owner = None
    if invitation is not None:
        owner = invitation.patient_id if kind == "patient" else invitation.user_id
    if invitation is None or owner is None:
        raise LinkError(
            "unknown",
            _("This link is not one of ours. Please open it again exactly as you received it."),
        )
    if invitation.used_at is not None:
        raise _used()
    if invitation.wrong_answers >= MOST_WRONG_ANSWERS:
        raise _stopped()
    if invitation.expires_at <= now:
        raise LinkError(
            "expired", _("This link has run out. Please ask your clinic for a new one.")
        )
    who = (
        doors.patient_of(session, invitation)
        if kind == "patient"
        else doors.user_of(session, invitation)
    )
    if not who.active:
        raise LinkError(
            "stopped", _("This link no longer works. Please ask your clinic for a new one.")
        )
    return invitation


def _confirmed(
    kit: Kit, session: Session, invitation: Invitation, patient: Patient, now: datetime
) -> Confirmed:
    clinic = doors.clinic(session, invitation.clinic_id)
    text = current_text(session, clinic)
    fields = {"invitation": str(invitation.id), "text": text.sha256}
    return Confirmed(
        first_name=patient.name.split()[0] if patient.name.split() else "",
        clinic=clinic.name,
        text=text,
        state=signed(kit.key, _CONFIRMED, fields, now),
    )


def _require_confirmed(kit: Kit, invitation: Invitation, state: str, now: datetime) -> str:
    """Return the hash of the text that was shown after the confirmation."""
    fields = read(kit.key, _CONFIRMED, state, now)
    if fields is None or not hmac.compare_digest(fields["invitation"], str(invitation.id)):
        raise RefusedError(_("Please enter your birth date once more."))
    return fields["text"]


def _used() -> LinkError:
    return LinkError(
        "used",
        _(
            "This link was used already. To use the diary on another device, "
            "please ask your clinic for a new link."
        ),
    )


def _stopped() -> LinkError:
    return LinkError(
        "stopped",
        _("The birth date was wrong five times, so this link no longer works. ")
        + _("Please ask your clinic for a new one."),
    )
