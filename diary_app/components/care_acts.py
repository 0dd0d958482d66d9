"""Audit rows as a table: when, who, what, whose data, and what it was about."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import flet as ft

from diary_app.components.care_table import table, wrapped
from diary_app.components.care_words import ROLES, plain_day, word
from diary_app.services.act_lines import ActLine
from diary_app.text import _

ABOUT_WIDTH = 320


def acts_table(acts: Sequence[ActLine], zone: str, *, empty: str) -> ft.Control:
    """Return the rows as a table.

    Args:
        zone: The clinic's time zone.
        empty: The sentence shown when there is no row.
    """
    return table(
        [_("No."), _("Time"), _("Who"), _("Act"), _("Patient"), _("About")],
        [
            [
                str(act.number),
                _time(act.at, zone),
                _who(act),
                act.verb,
                act.patient_code or "-",
                wrapped(act.about or "-", ABOUT_WIDTH),
            ]
            for act in acts
        ],
        empty=empty,
    )


def _time(at: datetime, zone: str) -> str:
    here = at.astimezone(ZoneInfo(zone))
    return f"{plain_day(here.date())}, {here:%H:%M}"


def _who(act: ActLine) -> str:
    role = word(ROLES, act.role)
    return _("{name} ({role})").format(name=act.actor, role=role) if act.actor else role
