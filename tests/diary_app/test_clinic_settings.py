"""The clinic's settings: checked, written down, and on the patients' phones at once."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from db.errors import AccessDeniedError, ConflictError
from db.models import AuditEvent, Clinic
from diary_app.ground import live
from diary_app.ground.signed_in import SignedIn
from diary_app.screens.patient.app import PatientApp
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.clinic_settings import ClinicSettings
from diary_app.services.diary import PatientDiary
from tests.diary_app.care_house import beat, kit_for
from tests.diary_app.test_care_screens import on_screen
from tests.ground.screen import Screen
from tests.people import House


def north(house: House) -> Clinic:
    with house.database.reading() as session:
        return session.exec(select(Clinic).where(Clinic.id == house.clinic_id)).one()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "  "),
        ("name", "x" * 101),
        ("phone", "call us"),
        ("phone", ""),
        ("phone", "+49 30 555<script>"),
        ("emergency_number", "none"),
        ("time_zone", "Berlin"),
        ("time_zone", "Europe/../Berlin"),
        ("language", "xx"),
        ("digest_hour", "24"),
        ("digest_hour", "²"),
        ("hours", "x" * 201),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_lost(
    house: House, tmp_path: Path, field: str, typed: str
) -> None:
    settings = ClinicSettings(kit_for(house, tmp_path), house.admin)
    before = settings.page().form
    with pytest.raises(UnusableAnswerError) as refused:
        settings.save(before, replace(before, **{field: typed}))
    assert refused.value.field == field
    assert settings.page().form == before


def test_a_change_is_written_down_with_what_it_was(house: House, tmp_path: Path) -> None:
    settings = ClinicSettings(kit_for(house, tmp_path), house.admin)
    before = settings.page().form

    new = replace(before, phone=" +49 30  555 0200 ", hours="Mon to Fri, 8 to 16")
    assert settings.save(before, new) == ("phone", "hours")

    with house.database.reading() as session:
        (act,) = session.exec(select(AuditEvent)).all()
    assert act.verb == "clinic.change"
    assert act.detail == {
        "phone": ["+49 30 555 0100", "+49 30 555 0200"],
        "hours": ["", "Mon to Fri, 8 to 16"],
    }
    assert settings.save(settings.page().form, settings.page().form) == ()


def test_two_administrators_do_not_undo_each_other(house: House, tmp_path: Path) -> None:
    settings = ClinicSettings(kit_for(house, tmp_path), house.admin)
    before = settings.page().form
    settings.save(before, replace(before, phone="+49 30 555 0200"))

    assert settings.save(before, replace(before, hours="Mon to Fri")) == ("hours",)
    with pytest.raises(ConflictError, match="meanwhile"):
        settings.save(before, replace(before, phone="+49 30 555 0300"))
    assert north(house).phone == "+49 30 555 0200"


def test_another_time_zone_says_what_it_moves(house: House, tmp_path: Path) -> None:
    settings = ClinicSettings(kit_for(house, tmp_path), house.admin)
    form = settings.page().form
    assert settings.moves(replace(form, phone="+49 30 555 0200")) == ()

    said = " ".join(settings.moves(replace(form, time_zone="Asia/Seoul")))

    # 19:04 UTC is 20:04 in Berlin and 04:04 in Seoul; 7:00 in Seoul is 22:00 UTC, 23:00 in Berlin.
    assert "It is 04:04 in Asia/Seoul, 20:04 in Europe/Berlin." in said
    assert "summary goes out at 7:00 of the new clock; that is 23:00 now" in said
    assert "1 patient has another one than the new" in said


@pytest.mark.parametrize("who", ["ana", "ben", "dora"])
def test_nobody_but_an_administrator_changes_the_clinic(
    house: House, tmp_path: Path, who: str
) -> None:
    form = ClinicSettings(kit_for(house, tmp_path), house.admin).page().form
    theirs = ClinicSettings(kit_for(house, tmp_path), getattr(house, who))
    with pytest.raises(AccessDeniedError):
        theirs.page()
    with pytest.raises(AccessDeniedError):
        theirs.save(form, replace(form, phone="+49 30 555 0200"))


def test_the_patients_open_app_shows_the_new_number_at_once(house: House, tmp_path: Path) -> None:
    beat(house)

    async def tell() -> None:
        kit = kit_for(house, tmp_path, publish=live.publish)
        settings = ClinicSettings(kit, house.admin)
        phone = Screen(
            PatientApp,
            PatientDiary(kit, house.ana),
            signed_in=SignedIn("sign-in-of-ana", "patient", None, "en", "Europe/Berlin"),
            route="/help",
            views=True,
            width=412.0,
        )
        try:
            await phone.until(lambda: phone.shows("+49 30 555 0100"))
            form = settings.page().form
            await asyncio.to_thread(settings.save, form, replace(form, phone="+49 30 555 0200"))
            await phone.until(lambda: phone.shows("+49 30 555 0200"))
            assert not phone.shows("+49 30 555 0100")
        finally:
            await phone.close()

    asyncio.run(tell())


def test_on_the_screen_the_zone_is_picked_asked_about_and_kept(
    house: House, tmp_path: Path
) -> None:
    beat(house)

    async def story(screen: Screen) -> None:
        await screen.enter("clinic-phone", "call us")
        await screen.click("keep-settings")
        await screen.until(lambda: screen.shows("Give a phone number of digits"))
        await screen.enter("clinic-phone", "+49 30 555 0200")
        await screen.enter("clinic-time_zone", "seoul")
        await screen.until(lambda: screen.shows("Asia/Seoul"))
        await screen.click("zone-Asia/Seoul")
        await screen.click("keep-settings")
        await screen.until(lambda: screen.shows("Change the time zone?"))
        assert north(house).time_zone == "Europe/Berlin"
        await screen.click("zone-sure")
        await screen.until(lambda: north(house).time_zone == "Asia/Seoul")

    on_screen(house, tmp_path, house.admin, "/admin/clinic", story)
    assert north(house).phone == "+49 30 555 0200"
