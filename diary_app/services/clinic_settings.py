"""The clinic's settings: shown, checked, changed; and what another time zone moves."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlmodel import Session

from alerts.escalation.local_time import instant_of
from alerts.escalation.policy import PolicyError, policy_from_json
from db.access import Viewer
from db.models import Clinic
from db.stores import clinics, people, rotas
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.kit import Kit, card_topic
from diary_app.services.watch import Watch, watch
from diary_app.text import _, _n
from diary_app.text.languages import LANGUAGES

LONGEST_NAME = 100
LONGEST_HOURS = 200
_NUMBER = re.compile(r"\+?[0-9][0-9 ()/.\-]{1,38}")


@dataclass(frozen=True)
class ClinicForm:
    """The settings as typed.

    Attributes:
        phone: The helpline that patients are told to call.
        emergency_number: Such as 112 or 911.
        hours: When the team usually reads entries, in words; may be empty.
        time_zone: IANA name.
        language: Of new patients and staff until they choose their own.
        temperature_unit: C or F, what the entry form offers new patients first.
        digest_hour: 0 to 23, when the daily summary goes out.
    """

    name: str
    phone: str
    emergency_number: str
    hours: str
    time_zone: str
    language: str
    temperature_unit: str
    digest_hour: str


@dataclass(frozen=True)
class SettingsPage:
    """The settings as kept. ``zones``: all time zones that can be chosen."""

    form: ClinicForm
    zones: tuple[str, ...]
    now: datetime
    watch: Watch


class ClinicSettings:
    """The settings of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when what screens show of the clinic changed."""
        return card_topic(self._viewer.clinic_id)

    def page(self) -> SettingsPage:
        """Return the settings."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("clinic.write")
        with self._kit.database.reading(viewer.clinic_id) as session:
            clinic = people.own_clinic(session, viewer)
            guard = watch(session, viewer, now)
        return SettingsPage(_form_of(clinic), tuple(sorted(_zones())), now, guard)

    def moves(self, form: ClinicForm) -> tuple[str, ...]:
        """Return what another time zone would move and what not; nothing when it stays.

        Raises:
            UnusableAnswerError: For the first field that cannot be used.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("clinic.write")
        values = checked(form)
        with self._kit.database.reading(viewer.clinic_id) as session:
            clinic = people.own_clinic(session, viewer)
            if values["time_zone"] == clinic.time_zone:
                return ()
            return _moves(session, viewer, clinic, values, now)

    def save(self, before: ClinicForm, form: ClinicForm) -> tuple[str, ...]:
        """Keep what was changed, and let every open screen show it at once.

        Args:
            before: The settings that the person had in front of them.
            form: As typed.

        Returns:
            The names of the fields that changed.

        Raises:
            UnusableAnswerError: For the first field that cannot be used.
            ConflictError: A colleague changed the same setting meanwhile.
        """
        viewer = self._viewer
        values, seen = checked(form), asdict(before) | {"digest_hour": int(before.digest_hour)}
        with self._kit.database.writing(viewer.clinic_id) as session:
            changed = clinics.change(session, viewer, seen, values, self._kit.clock())
        if changed:
            self._kit.changed(viewer.clinic_id)
            self._kit.publish(self.topic)
        return changed


def checked(form: ClinicForm) -> dict[str, Any]:
    """Return the settings as they are kept.

    Raises:
        UnusableAnswerError: For the first field that cannot be used.
    """
    name, hours = " ".join(form.name.split()), " ".join(form.hours.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise UnusableAnswerError(
            _("Give the clinic's name, in up to {n} letters.").format(n=LONGEST_NAME), "name"
        )
    phone = " ".join(form.phone.split())
    if not _NUMBER.fullmatch(phone):
        raise UnusableAnswerError(
            _("Give a phone number of digits, such as +49 30 555 0100: patients tap it to call."),
            "phone",
        )
    emergency = " ".join(form.emergency_number.split())
    if not _NUMBER.fullmatch(emergency) or len(emergency) > 20:
        raise UnusableAnswerError(
            _("Give the emergency number in digits, such as 112 or 911."), "emergency_number"
        )
    if len(hours) > LONGEST_HOURS or not hours.isprintable():
        raise UnusableAnswerError(
            _("Say the hours in up to {n} letters, such as: Mon to Fri, 8 to 16.").format(
                n=LONGEST_HOURS
            ),
            "hours",
        )
    zone = form.time_zone.strip()
    if zone not in _zones():
        raise UnusableAnswerError(
            _("This time zone is not known; please use a name such as Europe/Madrid."), "time_zone"
        )
    if form.language not in LANGUAGES:
        raise UnusableAnswerError(_("Please choose one of the diary's languages."), "language")
    if form.temperature_unit not in {"C", "F"}:
        raise UnusableAnswerError(_("Please choose °C or °F."), "temperature_unit")
    hour = form.digest_hour.strip()
    if not (hour.isascii() and hour.isdecimal() and len(hour) <= 2 and int(hour) < 24):
        raise UnusableAnswerError(
            _("Choose the hour of the daily summary, 0 to 23."), "digest_hour"
        )
    return {
        "name": name,
        "phone": phone,
        "emergency_number": emergency,
        "hours": hours,
        "time_zone": zone,
        "language": form.language,
        "temperature_unit": form.temperature_unit,
        "digest_hour": int(hour),
    }


def _zones() -> set[str]:
    return {zone for zone in available_timezones() if "/" in zone or zone == "UTC"}


def _form_of(clinic: Clinic) -> ClinicForm:
    return ClinicForm(
        name=clinic.name,
        phone=clinic.phone,
        emergency_number=clinic.emergency_number,
        hours=clinic.hours,
        time_zone=clinic.time_zone,
        language=clinic.language,
        temperature_unit=clinic.temperature_unit,
        digest_hour=str(clinic.digest_hour),
    )


def _moves(
    session: Session, viewer: Viewer, clinic: Clinic, values: dict[str, Any], now: datetime
) -> tuple[str, ...]:
    new, old = values["time_zone"], clinic.time_zone
    said = [
        _("It is {new_time} in {new}, {old_time} in {old}.").format(
            new=new, old=old, new_time=_clock(now, new), old_time=_clock(now, old)
        ),
        _(
            "The daily summary goes out at {hour}:00 of the new clock; that is {old_time} now."
        ).format(
            hour=values["digest_hour"],
            old_time=_clock(_next(values["digest_hour"], new, now), old),
        ),
    ]
    if clinic.probe_hour is not None:
        said.append(
            _(
                "The daily test of the alarm runs at {hour}:00 of the new clock; "
                "that is {old_time} now."
            ).format(
                hour=clinic.probe_hour, old_time=_clock(_next(clinic.probe_hour, new, now), old)
            )
        )
    shifts = len(rotas.shifts(session, viewer))
    if shifts:
        said.append(
            _n(
                "{count} weekly shift of the rotas begins and ends by the new clock.",
                "{count} weekly shifts of the rotas begin and end by the new clock.",
                shifts,
            ).format(count=shifts)
        )
    swaps = len(rotas.overrides(session, viewer, now))
    if swaps:
        said.append(
            _n(
                "{count} swap stays at its instant, so it shows another hour.",
                "{count} swaps stay at their instant, so they show another hour.",
                swaps,
            ).format(count=swaps)
        )
    said += _quiet(clinic)
    said.append(
        _("The summary, the weekly report and the audit count days by the new clock from now on.")
    )
    elsewhere = sum(row.time_zone != new for row in people.patients(session, viewer))
    said.append(
        _n(
            "Patients keep their own time zone: {count} patient has another one than the new, and "
            "their days and reminders stay as they are.",
            "Patients keep their own time zone: {count} patients have another one than the new, "
            "and their days and reminders stay as they are.",
            elsewhere,
        ).format(count=elsewhere)
    )
    return tuple(said)


def _quiet(clinic: Clinic) -> list[str]:
    try:
        quiet = policy_from_json(clinic.policy).quiet
    except PolicyError:
        return []
    if quiet is None:
        return []
    return [
        _("Quiet hours, {starts} to {ends}, are those of the new clock.").format(
            starts=f"{quiet.starts:%H:%M}", ends=f"{quiet.ends:%H:%M}"
        )
    ]


def _next(hour: int, zone: str, now: datetime) -> datetime:
    """Return the next instant at which a zone's clock shows a full hour."""
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    at = instant_of(today, time(hour), local)
    return at if at > now else instant_of(today + timedelta(days=1), time(hour), local)


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
