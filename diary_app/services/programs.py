"""Tokens of other programs: made and withdrawn by administrators, recognized at every request."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.access import SCOPE_VERBS, Viewer, program_viewer
from db.models import ApiToken
from db.stores import doors, people, programs
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.doors import TOUCH_EVERY, hash_of
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.step_up import require_recent
from diary_app.services.watch import Watch, watch
from diary_app.text import _

SCOPES = tuple(SCOPE_VERBS)
DAYS = (30, 90, 365)
LONGEST_NAME = 60
# The beginning tells secret scanners, and people, what it is.
_PREFIX = "diary_"
_TOKEN = re.compile(r"diary_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class TokenLine:
    """One token in the list; the token itself is kept nowhere.

    Attributes:
        state: ``valid``, ``ended`` (withdrawn) or ``expired``.
        made_by: Name of the administrator.
        last_used_at: To the minute; None = never.
    """

    id: UUID
    name: str
    scopes: tuple[str, ...]
    state: str
    made_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class TokensPage:
    """The clinic's tokens, newest first."""

    lines: tuple[TokenLine, ...]
    now: datetime
    watch: Watch


@dataclass(frozen=True)
class Program:
    """A program at the door, recognized by its token.

    Attributes:
        time_zone: The clinic's.
    """

    token_id: UUID
    clinic_id: UUID
    name: str
    scopes: frozenset[str]
    time_zone: str

    def viewer(self, patient_id: UUID | None = None) -> Viewer:
        """Return who acts: in the whole clinic, or for the one patient for whom it writes."""
        return program_viewer(
            self.scopes,
            clinic_id=self.clinic_id,
            token_id=self.token_id,
            name=self.name,
            patient_id=patient_id,
        )


class Programs:
    """The tokens of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when a token was made or withdrawn."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self) -> TokensPage:
        """Return the tokens of the clinic, also those that ended."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("token.read")
        with self._kit.database.reading(viewer.clinic_id) as session:
            names = people.staff_names(session, viewer)
            lines = tuple(
                TokenLine(
                    id=row.id,
                    name=row.name,
                    scopes=tuple(row.scopes),
                    state=_state(row, now),
                    made_by=names.get(row.created_by, ""),
                    created_at=row.created_at,
                    expires_at=row.expires_at,
                    last_used_at=row.last_used_at,
                    ended_at=row.ended_at,
                )
                for row in programs.tokens(session, viewer)
            )
            return TokensPage(lines, now, watch(session, viewer, now))

    def make(self, name: str, scopes: Collection[str], days: int) -> str:
        """Keep a new token and return it, this once: only its hash is kept.

        Args:
            name: Of the program.
            scopes: Words of `SCOPES`.
            days: For how long it holds; one of `DAYS`.

        Raises:
            UnusableAnswerError: A field cannot be used; it says which and why.
        """
        self._viewer.require("token.write")
        now = self._kit.clock()
        named = " ".join(name.split())
        if not named or len(named) > LONGEST_NAME or not named.isprintable():
            raise UnusableAnswerError(
                _("Please name the program, in 1 to {n} letters.").format(n=LONGEST_NAME), "name"
            )
        if not scopes or not set(scopes) <= set(SCOPES):
            raise UnusableAnswerError(
                _("Please tick at least one thing that the program may do."), "scopes"
            )
        if days not in DAYS:
            raise UnusableAnswerError(_("Please choose for how long the token holds."), "days")
        require_recent(self._kit, self._viewer, now)
        token = _PREFIX + secrets.token_urlsafe(32)
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            new = ApiToken(
                clinic_id=self._viewer.clinic_id,
                token_hash=hash_of(token),
                name=named,
                scopes=[scope for scope in SCOPES if scope in scopes],
                created_by=self._viewer.actor_id,
                created_at=now,
                expires_at=now + timedelta(days=days),
            )
            programs.add_token(session, self._viewer, new, now)
        self._kit.publish(self.topic)
        return token

    def end(self, token_id: UUID) -> bool:
        """Withdraw a token at once; False when that was done before."""
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            ended = programs.end_token(session, self._viewer, token_id, self._kit.clock())
        self._kit.publish(self.topic)
        return ended


def recognized(kit: Kit, token: str, now: datetime) -> Program | None:
    """Return whose token it is, and note that it was used; None when it is none that holds."""
    if not _TOKEN.fullmatch(token):
        return None
    with kit.database.reading() as session:
        row = doors.program_token(session, hash_of(token), now)
        if row is None:
            return None
        zone = doors.clinic(session, row.clinic_id).time_zone
    if row.last_used_at is None or now - row.last_used_at >= TOUCH_EVERY:
        with kit.database.writing(row.clinic_id) as session:
            doors.touch_token(session, row.id, now)
    return Program(row.id, row.clinic_id, row.name, frozenset(row.scopes), zone)


def _state(row: ApiToken, now: datetime) -> str:
    if row.ended_at is not None:
        return "ended"
    return "expired" if row.expires_at <= now else "valid"
