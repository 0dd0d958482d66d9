"""Programs at the door of the JSON API: their tokens, and what they ask."""

from collections.abc import Collection
from typing import Any

import httpx

from db.access import Viewer
from diary_app.services.programs import SCOPES, Programs
from tests.diary_app.doors.house import Doors

PROBLEM = "application/problem+json"


def token_of(
    doors: Doors, scopes: Collection[str] = SCOPES, *, name: str = "Ward board", days: int = 30
) -> str:
    """A new token of the north clinic."""
    return Programs(doors.kit, doors.house.admin).make(name, scopes, days)


def southern_token(doors: Doors, scopes: Collection[str] = SCOPES) -> str:
    """A new token of the other clinic, made by an administrator of theirs."""
    cleo = doors.house.cleo
    admin = Viewer(
        clinic_id=cleo.clinic_id,
        actor_id=cleo.actor_id,
        role="administrator",
        name="Cleo",
        verbs=doors.house.admin.verbs,
    )
    return Programs(doors.kit, admin).make("Southern program", scopes, 30)


def ask(doors: Doors, token: str, method: str, path: str, **more: Any) -> httpx.Response:
    """What a program is answered."""
    headers = {"Authorization": f"Bearer {token}"} | more.pop("headers", {})
    if not doors.browsers:
        doors.browser()
    return doors.browsers[0].ask(method, f"/api/v1{path}", headers=headers, **more)


def send(doors: Doors, token: str, key: str, body: Any) -> httpx.Response:
    """What a program is answered that sends an entry."""
    headers = {"Idempotency-Key": key}
    return ask(doors, token, "POST", "/entries", headers=headers, json=body)
