"""Doses and the plan on the phone. Ana takes 400 mg daily; it is Monday, 2 March 2026, 20:04."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import flet as ft
import pytest

from diary_app import routes
from diary_app.ground.live import publish
from tests.diary_app.patient_house import Desk, desk_for
from tests.diary_app.test_dose_log import TODAY, TOMORROW, YESTERDAY, doses, log, prescribe
from tests.diary_app.test_patient_screens import Phone, on_phone
from tests.people import House

CLINIC = "+49 30 555 0100"


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    built = desk_for(house, tmp_path)
    built.beat()
    return built


def enabled_buttons(phone: Phone) -> list[object]:
    kinds: tuple[Callable[..., ft.Control], ...] = (ft.FilledButton, ft.OutlinedButton)
    return [each.key for kind in kinds for each in phone.screen.find(kind)]


def test_one_tap_says_taken_as_planned_and_one_takes_it_back(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.tap("take-imatinib")
        await phone.shows("Logged at 20:04")
        assert not phone.has("take-imatinib")
        assert phone.taps == 1
        await phone.tap("undo-imatinib")
        await phone.screen.until(lambda: phone.has("take-imatinib"))

    on_phone(desk, story)

    assert log(desk) == [("imatinib", "planned", 400), ("imatinib", "taken_back", None)]


def test_a_missed_dose_is_followed_by_no_double_dose_and_the_day_of_the_next(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.tap("else-imatinib")
        await phone.tap("how-missed")
        await phone.shows("Do not take a double dose to make up for it.")
        await phone.shows("Take your next dose as planned: 400 mg on Tuesday, March 3.")
        await phone.shows(f"If it happens again, call your clinic: {CLINIC}.")
        await phone.tap("dose-done")
        await phone.shows("Not taken")

    on_phone(desk, story)

    assert log(desk) == [("imatinib", "missed", 0)]


def test_a_late_dose_is_said_with_its_time(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.tap("else-imatinib")
        await phone.tap("how-late")
        await phone.type("late-at", "21:00")
        await phone.tap("late-save")
        await phone.shows("This time is still to come. Please check it.")
        await phone.type("late-at", "14:20")
        await phone.tap("late-save")
        await phone.shows("Taken late, at 14:20")
        await phone.shows("Do not take a double dose")

    on_phone(desk, story)


def test_after_vomiting_the_clinic_is_asked_as_the_leaflet_is_silent(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.tap("else-imatinib")
        await phone.tap("how-vomited")
        await phone.tap("vomited-within_30")
        await phone.shows("Do not take another dose on your own to replace it.")
        await phone.shows(f"Ask your clinic what to do, and call if it happens again: {CLINIC}.")
        assert phone.has("dose-call")

    on_phone(desk, story)


def test_more_than_planned_says_call_now(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.tap("else-imatinib")
        await phone.tap("how-different")
        await phone.type("amount", "lots")
        await phone.tap("amount-save")
        await phone.shows("Please type a number of milligrams, for example 100.")
        await phone.type("amount", "800")
        await phone.tap("amount-save")
        await phone.shows(f"You took more than planned. Call your clinic now: {CLINIC}.")

    on_phone(desk, story)

    assert log(desk) == [("imatinib", "different", 800)]


def test_an_off_day_offers_nothing_to_take_and_never_says_missed(desk: Desk) -> None:
    prescribe(desk, YESTERDAY, 100, every=2)

    async def story(phone: Phone) -> None:
        await phone.shows("Off day: nothing to do. This is not a missed dose.")
        assert not phone.has("take-imatinib")
        await phone.tap("else-imatinib")
        await phone.shows("This is an off day: nothing to take, and nothing can be missed.")
        assert not phone.has("how-missed")
        assert phone.has("how-different")

    on_phone(desk, story)


def test_a_missed_steroid_is_not_to_be_stopped(desk: Desk) -> None:
    prescribe(desk, TODAY, 100, steroid=20)

    async def story(phone: Phone) -> None:
        await phone.tap("take-imatinib")
        await phone.tap("else-prednisolone")
        await phone.tap("how-missed")
        await phone.shows("Do not take two doses together to make up for it.")
        await phone.shows("Do not stop prednisolone on your own.")

    on_phone(desk, story)

    assert log(desk) == [("imatinib", "planned", 100), ("prednisolone", "missed", 0)]


def test_after_midnight_the_patient_says_which_day_the_dose_was_for(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # Tuesday 00:30 in Berlin
    desk.beat()

    async def story(phone: Phone) -> None:
        await phone.shows("Which day was this dose for?")
        await phone.shows("Taken as planned: for Monday, March 2")
        assert not phone.has("take-imatinib")
        await phone.tap("take-imatinib-yesterday")
        await phone.screen.until(lambda: phone.has("take-imatinib"))

    on_phone(desk, story)

    assert doses(desk).view().yesterday == ()


def test_the_sheet_after_midnight_can_be_turned_to_the_day_before(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)

    async def story(phone: Phone) -> None:
        await phone.shows("Imatinib 400 mg today")
        await phone.tap(f"day-{TODAY}")
        await phone.shows("Planned: 400 mg")
        await phone.tap("how-missed")
        await phone.shows("Take your next dose as planned: 400 mg on Tuesday, March 3.")

    on_phone(desk, story, route=routes.dose("imatinib", TOMORROW))


def test_a_dose_of_last_week_is_not_logged_here(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.shows("This dose can no longer be logged here")
        assert phone.has("dose-home")

    on_phone(desk, story, route=routes.dose("imatinib", TODAY - timedelta(days=7)))


def test_the_entry_shows_what_the_log_says(desk: Desk) -> None:
    doses(desk).say("imatinib", TODAY, "late", taken_clock="14:20")

    async def story(phone: Phone) -> None:
        for key in ("begin", "not-measured", "itch-0", "rash-no", "danger-none"):
            await phone.tap(key)
        await phone.shows("In your dose log: Taken late, at 14:20")
        await phone.tap("imatinib-planned")
        await phone.tap("save")
        await phone.shows("Your care team can see this entry.")

    on_phone(desk, story)

    assert log(desk) == [("imatinib", "late", 400)]


def test_my_plan_shows_todays_dose_the_steps_and_who_confirmed_them(desk: Desk) -> None:
    prescribe(desk, YESTERDAY, 100, every=2, steroid=20)
    prescribe(desk, date(2026, 3, 9), 200, steroid=10)
    prescribe(desk, date(2026, 3, 16), 200, steroid=0)

    async def story(phone: Phone) -> None:
        await phone.shows("From Monday, March 9: 200 mg every day")
        for words in (
            "Since Sunday, March 1: 100 mg every other day",
            "Confirmed by Dora on Monday, March 2",
            "From Monday, March 9: 10 mg every day",
            "From Monday, March 16: no prednisolone",
            "Never stop prednisolone on your own.",
            "Your clinician decides about each step: do not change it by yourself.",
            "to Saturday, February 28: 400 mg every day",
        ):
            assert phone.screen.shows(words), words
        assert not phone.screen.shows("From Monday, March 16: 200 mg every day")
        days = [
            each.label
            for each in phone.screen.find(ft.Semantics)
            if ", March " in str(each.label) and not each.live_region
        ]
        assert days[:3] == [
            "Monday, March 2: no imatinib",
            "Tuesday, March 3: 100 mg",
            "Wednesday, March 4: no imatinib",
        ]
        assert len(days) == 14
        assert phone.screen.texts().count("off") == 4
        offered = {str(key) for key in enabled_buttons(phone)}
        # Reading and calling are the patient's; there is nothing to confirm.
        assert {key for key in offered if key.startswith("plan-")} == {
            "plan-read",
            "plan-call",
            "plan-calendar",
        }

    on_phone(desk, story, route=routes.PLAN)


def test_a_change_by_the_clinician_appears_at_once_until_it_is_read(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.shows("Imatinib 400 mg today")
        prescribe(desk, TODAY, 200)
        publish(desk.diary().topic)
        await phone.shows("Your plan changed on Monday, March 2")
        await phone.shows("Imatinib 200 mg today")
        desk.clock.pass_(minutes=1)
        await phone.tap("see-plan-change")
        await phone.tap("plan-read")
        await phone.screen.until(lambda: not phone.has("plan-read"))

    on_phone(desk, story)

    assert doses(desk).view().plan_changed_on is None
