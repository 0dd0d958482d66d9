"""Handing a patient their invitation: on the screen, by e-mail, or on paper.

Only the hash of a link is kept. The address that a mail went to is not kept at all.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from alerts.delivery.letter import is_address
from alerts.errors import DeliveryError
from db.access import Viewer
from db.errors import NotFoundError, TamperedError
from db.stores import factors, people
from db.types import new_id
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.invitation_mail import invitation_mail
from diary_app.services.kit import Kit, signed_out_topic
from diary_app.services.people import (
    PATIENT_LINK_VALID,
    InvitationLink,
    invite_patient,
    keep_invitation,
    new_link,
)
from diary_app.services.refusals import RefusedError
from diary_app.services.totp import qr_png
from diary_app.text import _, spoken

MOST_SHEETS = 60
SHEETS_VALID = timedelta(minutes=30)
_SHEETS = b"invitation sheets"


@dataclass(frozen=True)
class Sheet:
    """One invitation on paper.

    Attributes:
        language: Tag of the patient's language.
        url: The one-time link; carries no patient data.
        qr_png: The same as a QR code.
    """

    name: str
    code: str
    language: str
    url: str
    qr_png: bytes
    expires_at: datetime


@dataclass(frozen=True)
class Sheets:
    """What is printed together, with the clinic's numbers."""

    sheets: tuple[Sheet, ...]
    clinic: str
    phone: str
    hours: str
    emergency_number: str
    time_zone: str


class Inviting:
    """The invitations that one member of staff makes. A new one ends a patient's older ones."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def link(self, patient_id: UUID) -> InvitationLink:
        """Return a new link; raises what ``invite_patient`` raises."""
        return invite_patient(self._kit, self._viewer, patient_id, self._kit.clock())

    def replace_phone(self, patient_id: UUID) -> InvitationLink:
        """Take a lost phone out at once and return a link for the new one.

        Whatever was open on a device of the patient closes, their PIN and their calendar's address
        end too. Entries stay. Raises what ``invite_patient`` raises.
        """
        kit, viewer, now = self._kit, self._viewer, self._kit.clock()
        made = invite_patient(kit, viewer, patient_id, now)
        with kit.database.writing(viewer.clinic_id) as session:
            ended = factors.take_phone_out(session, viewer, patient_id, now)
        for sign_in_id in ended:
            kit.publish(signed_out_topic(sign_in_id))
        return made

    def mail(self, patient_id: UUID, address: str) -> datetime:
        """Send a new link to an address and return until when it works.

        The mail leaves before the link is kept: when it cannot leave, older links go on working.

        Raises:
            UnusableAnswerError: If this is no e-mail address.
            RefusedError: If the mail did not leave.
            NotFoundError: If the patient is not in follow-up in this clinic.
        """
        kit, viewer, now = self._kit, self._viewer, self._kit.clock()
        viewer.require("patient.invite")
        to = address.strip()
        if not is_address(to) or len(to) > 200:
            raise UnusableAnswerError(
                _("This is not an e-mail address; please check it."), "address"
            )
        with kit.database.reading(viewer.clinic_id) as session:
            who = people.patient(session, viewer, patient_id)
        if not who.active:
            raise NotFoundError("This patient is no longer in follow-up.")
        link = new_link(kit.origin, now + PATIENT_LINK_VALID)
        with spoken(who.language):
            mail = invitation_mail(to, f"<{new_id()}@diary>", link, who.time_zone, now)
        try:
            kit.post(mail)
        except DeliveryError as error:
            raise RefusedError(
                _(
                    "The mail did not leave. Check the address, or print a sheet. "
                    "Nothing was changed."
                )
                if error.permanent
                else _(
                    "The mail server cannot be reached just now. Try again later, or print a "
                    "sheet. Nothing was changed."
                )
            ) from error
        with kit.database.writing(viewer.clinic_id) as session:
            people.patient(session, viewer, patient_id)
            keep_invitation(session, viewer, link, now, patient_id=patient_id, by="mail")
        return link.expires_at

    def sheets(self, patient_ids: Sequence[UUID]) -> str:
        """Make a new link for each patient and return a ticket that shows their sheets.

        Returns:
            Text for an address: sealed, good for 30 minutes and for this member of staff alone.

        Raises:
            RefusedError: If there are none or too many.
            NotFoundError: If one of them is not in follow-up in this clinic.
        """
        kit, viewer, now = self._kit, self._viewer, self._kit.clock()
        viewer.require("patient.invite")
        if not 0 < len(patient_ids) <= MOST_SHEETS:
            raise RefusedError(
                _("Please print between 1 and {most} sheets at a time.").format(most=MOST_SHEETS)
            )
        made: list[tuple[str, str]] = []
        with kit.database.writing(viewer.clinic_id) as session:
            for patient_id in patient_ids:
                who = people.patient(session, viewer, patient_id)
                if not who.active:
                    raise NotFoundError("This patient is no longer in follow-up.")
                link = new_link(kit.origin, now + PATIENT_LINK_VALID)
                keep_invitation(session, viewer, link, now, patient_id=patient_id, by="paper")
                made.append((str(patient_id), link.token))
        content = json.dumps([now.timestamp(), made], separators=(",", ":")).encode()
        sealed = kit.key.seal(_SHEETS, content, viewer.actor_id.bytes)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def opened(self, ticket: str) -> Sheets:
        """Return the sheets behind a ticket.

        Raises:
            RefusedError: If it is none, too old, or somebody else's.
        """
        kit, viewer, now = self._kit, self._viewer, self._kit.clock()
        viewer.require("patient.invite")
        try:
            sealed = base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
            content = kit.key.open(_SHEETS, sealed, viewer.actor_id.bytes)
        except (binascii.Error, ValueError, TamperedError):
            raise _ended() from None
        made_at, made = json.loads(content)
        if now.timestamp() - made_at > SHEETS_VALID.total_seconds():
            raise _ended()
        made_on = datetime.fromtimestamp(made_at, now.tzinfo)
        with kit.database.reading(viewer.clinic_id) as session:
            clinic = people.own_clinic(session, viewer)
            sheets = []
            for patient_id, token in made:
                who = people.patient(session, viewer, UUID(patient_id))
                link = new_link(kit.origin, made_on + PATIENT_LINK_VALID, token)
                sheets.append(
                    Sheet(
                        who.name,
                        who.code,
                        who.language,
                        link.url,
                        qr_png(link.url),
                        link.expires_at,
                    )
                )
        return Sheets(
            tuple(sheets),
            clinic.name,
            clinic.phone,
            clinic.hours,
            clinic.emergency_number,
            clinic.time_zone,
        )


def _ended() -> RefusedError:
    return RefusedError(_("These sheets are no longer shown. Make new ones on the patient's page."))
