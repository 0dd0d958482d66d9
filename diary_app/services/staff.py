"""The clinic's people: invited, given another role, shut out at once, let back in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.asking import tell
from alerts.errors import DeliveryError
from alerts.leaving import hand_on_tasks_of, return_alerts_of
from db.access import ROLE_VERBS, STAFF_ROLES, Viewer, worker_viewer
from db.models import User
from db.stores import people, programs, rotas, staff, teams
from db.types import new_id
from diary_app.services.invitation_mail import staff_invitation_mail
from diary_app.services.kit import Kit, clinic_topic, signed_out_topic
from diary_app.services.people import (
    STAFF_LINK_VALID,
    InvitationLink,
    invite_staff,
    invite_staff_again,
    keep_invitation,
    new_link,
)
from diary_app.services.refusals import RefusedError
from diary_app.services.step_up import require_recent
from diary_app.services.totp import qr_png
from diary_app.services.watch import Watch, watch
from diary_app.text import _

__all__ = ["STAFF_ROLES", "PersonLine", "Staff", "StaffPage", "Ties"]

# A mail in English like all that leave to staff.
NEW_LINK = (
    "An administrator made a new link that sets another password for your account. If you did not "
    "ask for it, phone your administrator now; until the link is used your password works."
)


@dataclass(frozen=True)
class PersonLine:
    """One person who works, or worked, in the clinic.

    Attributes:
        state: ``active``, ``invited`` (the link was not used yet) or ``ended``.
        last_seen_at: When they last used the diary; None = never.
        is_me: The viewer themselves.
        is_last: The only administrator who can sign in: neither role nor access can be changed.
    """

    id: UUID
    name: str
    email: str
    role: str
    state: str
    last_seen_at: datetime | None
    is_me: bool
    is_last: bool


@dataclass(frozen=True)
class StaffPage:
    """The clinic's people, those with access first."""

    lines: tuple[PersonLine, ...]
    now: datetime
    watch: Watch


@dataclass(frozen=True)
class Ties:
    """What hangs on a person: where somebody else must stand in when they leave.

    Attributes:
        shifts: Weekly shifts of rotas in which they stand.
        teams: Names of the teams that they belong to.
        tokens: Valid tokens of programs that they made; these go on working.
        last_to_take: Nobody else who can sign in may take alerts.
    """

    shifts: int
    teams: tuple[str, ...]
    tokens: int
    last_to_take: bool


class Staff:
    """The people of the viewer's clinic.

    Whoever invites, lets in or changes a role shows again that it is them; shutting somebody out
    is never held up by that.
    """

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when anything in the clinic changed."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self) -> StaffPage:
        """Return everybody, also those whose access was ended."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("staff.write")
        with self._kit.database.reading(viewer.clinic_id) as session:
            rows = staff.everybody(session, viewer)
            seen = staff.signed_in_last(session, viewer)
            guard = watch(session, viewer, now)
        able = [row.id for row in rows if row.active and _administers(row)]
        lines = [
            PersonLine(
                id=row.id,
                name=row.name,
                email=row.email,
                role=row.role,
                state=_state(row),
                last_seen_at=seen.get(row.id),
                is_me=row.id == viewer.actor_id,
                is_last=able == [row.id],
            )
            for row in rows
        ]
        lines.sort(key=lambda line: line.state == "ended")
        return StaffPage(tuple(lines), now, guard)

    def ties(self, user_id: UUID) -> Ties:
        """Return what hangs on a person, for the question before their access ends."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("staff.write")
        with self._kit.database.reading(viewer.clinic_id) as session:
            shifts = sum(row.user_id == user_id for row in rotas.shifts(session, viewer))
            members = teams.members(session, viewer)
            names = tuple(
                row.name
                for row in teams.teams(session, viewer)
                if user_id in members.get(row.id, ())
            )
            tokens = sum(
                row.created_by == user_id and row.ended_at is None and row.expires_at > now
                for row in programs.tokens(session, viewer)
            )
            able = [
                row.id
                for row in people.staff(session, viewer)
                if row.password_hash is not None and "alert.acknowledge" in ROLE_VERBS[row.role]
            ]
        return Ties(shifts, names, tokens, last_to_take=able == [user_id])

    def invite(self, email: str, name: str, role: str) -> InvitationLink:
        """Add somebody and return their link, valid for 7 days.

        Raises:
            RefusedError: If the address, name or role cannot be used, or the address is taken.
        """
        kit, viewer, now = self._kit, self._viewer, self._kit.clock()
        viewer.require("staff.invite")
        require_recent(kit, viewer, now)
        link = invite_staff(kit, viewer, email, name, role, now)
        self._kit.publish(self.topic)
        return link

    def link(self, user_id: UUID) -> InvitationLink:
        """Return a new link for somebody who lost password, phone or link; older ones end.

        Whoever has an account is told by mail: nobody takes it over unnoticed.
        """
        kit, viewer, now = self._kit, self._viewer, self._kit.clock()
        viewer.require("staff.invite")
        require_recent(kit, viewer, now)
        link = invite_staff_again(kit, viewer, user_id, now)
        with kit.database.writing(viewer.clinic_id) as session:
            person = next(row for row in people.staff(session, viewer) if row.id == user_id)
            if person.password_hash is not None and user_id != viewer.actor_id:
                content = {"task": str(user_id), "sentence": NEW_LINK}
                tell(session, worker_viewer(viewer.clinic_id), [user_id], "task", content, now)
        kit.changed(viewer.clinic_id)
        return link

    def mail(self, email: str) -> None:
        """Send a new link to somebody's own address; older links end.

        Raises:
            RefusedError: If the mail did not leave; their older link then still works.
        """
        kit, viewer, now = self._kit, self._viewer, self._kit.clock()
        viewer.require("staff.invite")
        require_recent(kit, viewer, now)
        with kit.database.reading(viewer.clinic_id) as session:
            found = [row for row in people.staff(session, viewer) if row.email == email]
            zone = people.own_clinic(session, viewer).time_zone
        if not found:
            raise RefusedError(_("This person has no access; let them back in first."))
        link = new_link(kit.origin, now + STAFF_LINK_VALID, path="staff/join")
        try:
            kit.post(staff_invitation_mail(found[0].email, f"<{new_id()}@diary>", link, zone, now))
        except DeliveryError as error:
            raise RefusedError(
                _("The mail did not leave. Show the link instead, or try again later.")
            ) from error
        with kit.database.writing(viewer.clinic_id) as session:
            keep_invitation(session, viewer, link, now, user_id=found[0].id, by="mail")
        kit.publish(self.topic)

    def change_role(self, user_id: UUID, role: str) -> int:
        """Give somebody another role at once: they sign in again. Return how many alerts go back.

        Raises:
            ConflictError: They are the last administrator who can sign in, or have no access.
        """
        kit, viewer, now = self._kit, self._viewer, self._kit.clock()
        viewer.require("staff.write")
        require_recent(kit, viewer, now)
        with kit.database.writing(viewer.clinic_id) as session:
            ended = staff.change_role(session, viewer, user_id, role, now)
            returned = 0
            if "alert.acknowledge" not in ROLE_VERBS[role]:
                worker = worker_viewer(viewer.clinic_id)
                returned = return_alerts_of(session, worker, user_id, now)
        self._close(ended)
        return returned

    def end(self, user_id: UUID) -> int:
        """Shut somebody out at once; alerts that they hold go back to the team.

        Returns:
            How many alerts went back.

        Raises:
            ConflictError: They are the last administrator who can sign in, or have no access.
        """
        kit, viewer, now = self._kit, self._viewer, self._kit.clock()
        with kit.database.writing(viewer.clinic_id) as session:
            ended = staff.end_access(session, viewer, user_id, now)
            worker = worker_viewer(viewer.clinic_id)
            returned = return_alerts_of(session, worker, user_id, now)
            hand_on_tasks_of(session, worker, user_id, now)
        self._close(ended)
        return returned

    def let_back(self, user_id: UUID, role: str) -> InvitationLink:
        """Let somebody in again and return the link for their new password."""
        kit, viewer, now = self._kit, self._viewer, self._kit.clock()
        viewer.require("staff.write")
        require_recent(kit, viewer, now)
        link = new_link(kit.origin, now + STAFF_LINK_VALID, path="staff/join")
        with kit.database.writing(viewer.clinic_id) as session:
            staff.let_back(session, viewer, user_id, role, now)
            keep_invitation(session, viewer, link, now, user_id=user_id)
        kit.publish(self.topic)
        return InvitationLink(link.url, link.expires_at, qr_png(link.url))

    def _close(self, sign_ins: list[UUID]) -> None:
        self._kit.changed(self._viewer.clinic_id)
        for sign_in_id in sign_ins:
            self._kit.publish(signed_out_topic(sign_in_id))


def _administers(row: User) -> bool:
    return row.role == "administrator" and row.password_hash is not None


def _state(row: User) -> str:
    if not row.active:
        return "ended"
    return "active" if row.password_hash is not None else "invited"
