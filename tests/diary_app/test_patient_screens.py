"""The patient's screens without a browser: taps, answers, resuming, other windows."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import flet as ft
import flet.canvas as cv
import pytest

from db.models import Entry
from db.stores import alerting
from db.stores import diary as entries
from diary_app.components.look_pictures import look_picture
from diary_app.screens.patient.app import PatientApp
from diary_app.state.wording import looks
from tests.diary_app.patient_house import QUIET, Desk, desk_for, save, save_only
from tests.ground.screen import Screen
from tests.people import House


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    built = desk_for(house, tmp_path)
    built.beat()
    return built


class Phone:
    """One window of the patient's app; counts the taps."""

    def __init__(self, desk: Desk, route: str = "/", width: float = 412.0) -> None:
        self.taps = 0
        self.screen = Screen(PatientApp, desk.diary(), 0.0, views=True, route=route, width=width)

    async def follow(self) -> None:
        """Do what a browser does when the app asks for another path."""
        done = 0
        while True:
            await asyncio.sleep(0.005)
            pushed = [
                args["route"] for name, args in self.screen.connection.calls if name == "push_route"
            ]
            for route in pushed[done:]:
                done += 1
                await self.screen.fire(
                    self.screen.page, "route_change", {"route": route}, route=route
                )

    async def shows(self, sentence: str) -> None:
        await self.screen.until(lambda: self.screen.shows(sentence))

    async def kept(self) -> None:
        """Wait until the screen says that the answers are kept."""
        await self.screen.until(lambda: not self.screen.shows("Keeping ..."))

    async def tap(self, key: str) -> None:
        await self.screen.until(lambda: key in set(self.screen.keys()))
        self.taps += 1
        await self.screen.click(key)

    async def type(self, key: str, text: str) -> None:
        await self.screen.until(lambda: key in set(self.screen.keys()))
        await self.screen.enter(key, text)

    def has(self, key: str) -> bool:
        return key in set(self.screen.keys())


def on_phone(desk: Desk, story: Callable[[Phone], Awaitable[None]], **window: Any) -> None:
    async def run() -> None:
        phone = Phone(desk, **window)
        browser = asyncio.create_task(phone.follow())
        try:
            await story(phone)
            await phone.kept()
            assert phone.screen.apologies() == []
        finally:
            browser.cancel()
            await phone.screen.close()

    asyncio.run(run())


def rows(desk: Desk) -> list[Entry]:
    with desk.house.database.reading() as session:
        return entries.entries(session, desk.house.ana, desk.house.ana.actor_id)


def kept(desk: Desk) -> dict[str, Any]:
    draft = desk.diary().open_draft()
    return {} if draft is None else dict(draft.content)


def blank(desk: Desk, *columns: str, at: str) -> None:
    """Take answers of the open draft back and open it at a question."""
    draft = desk.diary().open_draft()
    assert draft is not None
    content = {name: value for name, value in draft.content.items() if name not in columns}
    desk.diary().save_answers(draft.id, draft.revision, {**content, "at": at})


def test_a_quiet_day_takes_seven_taps(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        for key in (
            "begin",
            "not-measured",
            "itch-0",
            "rash-no",
            "danger-none",
            "imatinib-planned",
            "save",
        ):
            await phone.tap(key)
        await phone.shows("Your care team can see this entry.")
        await phone.shows("Why am I told this?")
        (told,) = [text for text in phone.screen.texts() if text.startswith("Call at once if ")]

        assert phone.taps <= 8
        assert "blisters" in told

    on_phone(desk, story)

    (row,) = rows(desk)
    assert (row.itch_nrs, row.rash_present, row.red_flags, row.chills) == (0, False, [], "none")
    assert (row.mouth, row.periorbital, row.nausea, row.fatigue) == ("none",) * 4
    assert (row.limb_swelling, row.stools_over_baseline) == ("none", 0)
    assert (row.weight_gain_3d_kg, row.blurred_vision, row.mouth_intake_affected) == (None,) * 3
    assert row.imatinib_mg_taken == 400


def test_other_things_of_the_day_are_ticked_then_asked_one_by_one(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        for key in ("begin", "not-measured", "itch-0", "rash-no"):
            await phone.tap(key)
        for key in ("danger-mouth_sores", "also-eyelids", "also-stools", "also-weight"):
            await phone.tap(key)
        await phone.shows("Next (4 ticked)")
        for key in (
            "next",
            "periorbital-firm_or_pitting",
            "mouth-mild",
            "eating-no",
            "stools-5",
            "weight-not-known",
            "imatinib-planned",
            "contact-no",
        ):
            await phone.tap(key)
        await phone.shows("Firm, or a finger leaves a dent")
        await phone.tap("save")
        await phone.shows("Call the clinic now, day or night")

    on_phone(desk, story)

    (row,) = rows(desk)
    assert (row.periorbital, row.mouth, row.mouth_intake_affected) == (
        "firm_or_pitting", "mild", False,
    )  # fmt: skip
    assert (row.stools_over_baseline, row.weight_gain_3d_kg) == (5, None)
    assert (row.nausea, row.fatigue, row.limb_swelling) == ("none", "none", "none")


def test_a_tick_taken_back_says_none_and_ticked_again_asks_anew(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        for key in ("begin", "not-measured", "itch-0", "rash-no", "also-fatigue", "next"):
            await phone.tap(key)
        for key in ("fatigue-not_relieved", "back", "back", "also-nausea", "also-fatigue"):
            await phone.tap(key)
        await phone.kept()
        assert kept(desk)["fatigue"] == "none"
        assert "nausea" not in kept(desk)
        await phone.tap("also-fatigue")
        await phone.kept()
        assert "fatigue" not in kept(desk)

    on_phone(desk, story)


def test_correcting_keeps_what_was_ticked_and_what_was_left_open(desk: Desk) -> None:
    first = save(desk.diary(), also=["eyelids", "nausea"], periorbital="soft")

    content = desk.diary().correct(first.entry_id).content

    assert content["also"] == ["eyelids", "nausea"]
    assert content["periorbital"] == "soft"
    assert "nausea" not in content
    assert content["fatigue"] == "none"


def test_no_answer_is_assumed_for_where_it_was_measured(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.tap("begin")
        await phone.type("temperature-text", "38,5")
        await phone.tap("next")
        await phone.shows("Where did you measure?")

        assert not [each for each in phone.screen.find(ft.Semantics) if each.selected]
        assert not phone.has("site-rectal")
        await phone.tap("site-oral")
        await phone.shows("last 6 hours?")

    on_phone(desk, story)

    assert kept(desk)["temperature_value"] == 38.5
    assert kept(desk)["temperature_site"] == "oral"


def test_an_impossible_temperature_is_fixed_with_one_tap(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.tap("begin")
        await phone.type("temperature-text", "101")
        await phone.tap("next")
        await phone.shows("101 °C is not possible. Did you mean 101 °F?")
        await phone.tap("fix")
        await phone.tap("next")
        await phone.shows("Where did you measure?")

    on_phone(desk, story)

    assert (kept(desk)["temperature_value"], kept(desk)["temperature_unit"]) == (101, "F")


def test_an_impossible_temperature_can_be_kept_as_typed(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.tap("begin")
        await phone.type("temperature-text", "101")
        await phone.tap("next")
        await phone.tap("as-typed")
        await phone.shows("Where did you measure?")

    on_phone(desk, story)

    assert (kept(desk)["temperature_text"], kept(desk)["temperature_unit"]) == ("101", "C")


def test_an_emergency_shows_its_number_before_anything_is_saved(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        for key in ("begin", "not-measured", "itch-0", "rash-no"):
            await phone.tap(key)
        await phone.shows("None of these")
        assert not phone.has("call-emergency")
        await phone.tap("danger-breathing_difficulty")

        button = phone.screen.key("call-emergency")
        assert getattr(button.url, "url", None) == "tel:112"
        assert rows(desk) == []
        await phone.tap("danger-to-review")
        await phone.tap("save")
        await phone.shows("Call 112 now")

    on_phone(desk, story)

    (row,) = rows(desk)
    assert row.red_flags == ["breathing_difficulty"]
    # Not asked is not the same as not taken.
    assert row.imatinib_mg_taken is None


def test_the_list_gives_the_same_answer_as_the_figure(desk: Desk) -> None:
    answers: list[Any] = []

    async def by_touch(phone: Phone) -> None:
        for key in ("begin", "not-measured", "itch-0", "rash-yes"):
            await phone.tap(key)
        await phone.screen.until(lambda: phone.has("map-front"))
        # The middle of the figure, 80 pixels from its left and 1.05 pixels to the unit: the trunk.
        point = {"l": {"x": 185, "y": 147}, "g": {"x": 185, "y": 147}, "k": "touch"}
        await phone.screen.fire(phone.screen.key("map-front"), "tap_down", point)
        await phone.tap("amount-half")
        await phone.tap("next")
        await phone.shows("How many of your own hands")
        await phone.kept()
        answers.append(kept(desk)["regions"])

    async def by_list(phone: Phone) -> None:
        await phone.tap("regions-as-list")
        await phone.tap("list-trunk_front")
        await phone.tap("amount-half")
        await phone.tap("next")
        await phone.shows("How many of your own hands")
        await phone.kept()
        answers.append(kept(desk)["regions"])

    on_phone(desk, by_touch)
    blank(desk, "regions", "map_percent", at="regions")
    on_phone(desk, by_list, route="/entry")

    assert answers == [{"trunk_front": "half"}, {"trunk_front": "half"}]


def test_asks_again_when_hands_and_figure_disagree(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        for key in ("begin", "not-measured", "itch-0", "rash-yes"):
            await phone.tap(key)
        await phone.tap("region-trunk_front")
        await phone.tap("amount-half")
        await phone.tap("next")
        await phone.tap("handprints-30")
        await phone.shows("Please look once more")
        await phone.tap("handprints-keep")
        await phone.shows("What does it look like?")

    on_phone(desk, story)

    assert (kept(desk)["map_percent"], kept(desk)["handprints"]) == (6.5, 30)


def test_both_sides_of_the_figure_are_shown_on_a_desktop(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        for key in ("begin", "not-measured", "itch-0", "rash-yes"):
            await phone.tap(key)
        await phone.screen.until(lambda: phone.has("map-front"))

        assert phone.has("map-back")

    on_phone(desk, story, width=1280.0)


def test_goes_on_at_the_same_question_after_a_restart(desk: Desk) -> None:
    async def before(phone: Phone) -> None:
        for key in ("begin", "not-measured", "itch-6", "itch_extent-localized"):
            await phone.tap(key)
        await phone.shows("Kept at 20:04 · not sent yet")

    async def after(phone: Phone) -> None:
        await phone.tap("go-on")
        await phone.shows("How does the itch come?")

    on_phone(desk, before)
    on_phone(desk, after)


def test_a_second_window_is_told_that_the_entry_changed(desk: Desk) -> None:
    draft_id, revision = save_only(desk.diary(), itch_nrs=3)

    async def story(phone: Phone) -> None:
        await phone.shows("What is your temperature?")
        content = {**kept(desk), "itch_nrs": 7, "at": "itch"}
        desk.diary().save_answers(draft_id, revision, content)
        await phone.tap("not-measured")
        await phone.shows("This entry was changed in another window.")
        await phone.tap("show-newest")
        await phone.shows("How bad was your worst itch")

    on_phone(desk, story, route="/entry")

    assert kept(desk)["itch_nrs"] == 7


def test_a_second_save_says_when_the_first_one_was(desk: Desk) -> None:
    draft_id, revision = save_only(desk.diary(), **QUIET, at="review")

    async def story(phone: Phone) -> None:
        await phone.shows("Please check")
        desk.diary().send(draft_id, revision)
        await phone.tap("save")
        await phone.shows("This entry was already saved at 20:04 in another window.")
        await phone.tap("show-sent")
        await phone.shows("Noted")

    on_phone(desk, story, route="/entry")

    assert len(rows(desk)) == 1


def test_a_tap_meant_for_the_question_before_answers_nothing(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        for key in ("begin", "not-measured"):
            await phone.tap(key)
        await phone.screen.until(lambda: phone.has("itch-0"))
        button = phone.screen.key("itch-0")
        await phone.screen.fire(button)
        await phone.screen.fire(button)
        await phone.shows("Do you have a rash today?")

    on_phone(desk, story)

    assert "rash_present" not in kept(desk)


def test_a_second_tap_right_after_the_first_is_a_slip(desk: Desk) -> None:
    async def run() -> None:
        screen = Screen(PatientApp, desk.diary(), 60.0, views=True, route="/entry")
        await screen.until(lambda: "not-measured" in set(screen.keys()))
        await screen.click("not-measured")
        await screen.until(lambda: "itch-0" in set(screen.keys()))
        await screen.click("itch-0")

        assert screen.shows("How bad was your worst itch")
        await screen.close()

    asyncio.run(run())


def test_the_first_screen_warns_when_alerting_has_stopped(desk: Desk) -> None:
    desk.clock.pass_(minutes=3)

    async def story(phone: Phone) -> None:
        await phone.shows("The clinic's automatic alerts are not running")

    on_phone(desk, story)


def test_the_emergency_number_is_always_on_the_first_screen(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.shows("Hello, Ana")

        assert getattr(phone.screen.key("emergency-line").url, "url", None) == "tel:112"

    on_phone(desk, story)


def test_an_urgent_entry_stays_on_the_first_screen(desk: Desk) -> None:
    save(desk.diary(), red_flags=["bleeding"])

    async def story(phone: Phone) -> None:
        await phone.shows("Call the clinic now, day or night")
        assert phone.has("call-clinic")

    on_phone(desk, story)


def test_history_tells_every_entry_and_how_often_it_was_corrected(desk: Desk) -> None:
    first = save(desk.diary(), itch_nrs=2, adl="none")
    second = save(desk.diary(), desk.diary().correct(first.entry_id), itch_nrs=5, adl="none")

    async def story(phone: Phone) -> None:
        await phone.shows("itch 5 of 10")
        assert phone.screen.shows("corrected once")
        assert phone.screen.shows("Take your diary with you")
        await phone.tap(f"entry-{second.entry_id}")
        await phone.shows("2 of 10")
        assert phone.screen.shows("Why was I told this?")
        assert phone.screen.shows("You told us about itching: 5 of 10.")
        await phone.tap("correct")
        await phone.shows("Please check")

    on_phone(desk, story, route="/history")


def test_a_day_of_the_calendar_shows_its_entries(desk: Desk) -> None:
    desk.clock.pass_(days=-5)
    first = save(desk.diary(), itch_nrs=2, adl="none")
    desk.clock.pass_(days=5)
    save(desk.diary(), red_flags=["bleeding"])

    async def story(phone: Phone) -> None:
        await phone.shows("Monday, March 2, today: entry, you were told to call at once")
        assert phone.screen.shows("Tuesday, March 3: in the future")
        assert not phone.has("day-2026-03-03")
        await phone.tap("as-list")
        await phone.shows("Sunday, March 1: no entry")
        assert phone.has("line-2026-03-02")
        assert not phone.has("line-2026-03-03")
        await phone.tap("as-list")
        await phone.tap("month-before")
        await phone.shows("February 2026")
        assert phone.screen.shows("Wednesday, February 25: entry saved")
        await phone.tap("day-2026-02-25")
        await phone.tap(f"of-day-{first.entry_id}")
        await phone.shows("Correct this entry")

    on_phone(desk, story, route="/history")


def test_a_day_without_an_entry_says_so_and_leads_on(desk: Desk) -> None:
    save(desk.diary())

    async def story(phone: Phone) -> None:
        await phone.shows("There is no entry for this day.")
        await phone.tap("day-after")
        await phone.shows("imatinib 400 mg")

    on_phone(desk, story, route="/history/day/2026-03-01")


@pytest.mark.parametrize("wanted", ["2026-02-30", "tomorrow"])
def test_a_day_that_is_not_there_is_one_sentence(desk: Desk, wanted: str) -> None:
    async def story(phone: Phone) -> None:
        await phone.shows("There is no such day")

    on_phone(desk, story, route=f"/history/day/{wanted}")


def test_charts_say_the_same_as_picture_words_and_table(desk: Desk) -> None:
    save(desk.diary(), itch_nrs=7, adl="none")

    async def story(phone: Phone) -> None:
        await phone.shows("Worst itch: 7 of 10, on Monday, March 2.")
        assert phone.screen.find(cv.Canvas)
        await phone.tap("as")
        await phone.shows("itch 7 of 10")
        assert not phone.screen.find(cv.Canvas)
        await phone.tap("period-all")
        await phone.shows("Worst itch: 7 of 10")

    on_phone(desk, story, route="/history/course")


def test_an_empty_diary_has_a_calendar_and_says_what_comes(desk: Desk) -> None:
    async def calendar(phone: Phone) -> None:
        await phone.shows("Here you will find your entries once you have saved one.")
        assert phone.has("day-2026-03-01")

    async def charts(phone: Phone) -> None:
        await phone.shows("There is no entry in this time.")

    async def clinic(phone: Phone) -> None:
        await phone.shows("None of your entries has raised an alert at your clinic.")

    on_phone(desk, calendar, route="/history")
    on_phone(desk, charts, route="/history/course")
    on_phone(desk, clinic, route="/history/clinic")


def test_what_the_clinic_did_stands_on_the_first_screen_and_leads_to_all(desk: Desk) -> None:
    sent = save(desk.diary(), red_flags=["bleeding"])
    with desk.house.database.writing() as session:
        (alert,) = alerting.open_alerts_of(session, desk.house.ben, desk.house.ana.actor_id)
        alerting.close(session, desk.house.ben, alert.id, "advice", desk.clock.now)

    async def story(phone: Phone) -> None:
        await phone.shows("Ben gave you advice by phone.")
        await phone.tap("from-clinic")
        await phone.shows("About your entry of Monday, March 2")
        await phone.tap(f"about-{alert.id}")
        await phone.shows("Correct this entry")
        assert phone.screen.shows("Ben gave you advice by phone.")
        assert str(sent.entry_id) in phone.screen.page.route

    on_phone(desk, story)


@pytest.mark.parametrize("wanted", ["not-an-id", "01900000-0000-7000-8000-000000000000"])
def test_an_entry_that_is_not_there_is_one_sentence(desk: Desk, wanted: str) -> None:
    async def story(phone: Phone) -> None:
        await phone.shows("This entry is not in your diary.")

    on_phone(desk, story, route=f"/history/{wanted}")
    on_phone(desk, story, route=f"/entry/sent/{wanted}")


def test_a_different_dose_is_typed(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        for key in ("begin", "not-measured", "itch-0", "rash-no", "danger-none"):
            await phone.tap(key)
        await phone.tap("imatinib-other")
        await phone.type("imatinib-amount", "a lot")
        await phone.tap("next")
        await phone.shows("Please type a number of milligrams")
        await phone.type("imatinib-amount", "200")
        await phone.tap("next")
        await phone.shows("Please check")

    on_phone(desk, story)

    assert kept(desk)["imatinib_mg_taken"] == 200


def test_help_says_what_the_diary_is_not(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.shows("not for emergencies and is not watched around the clock")
        assert {"sign-out", "change-pin", "call-clinic", "call-emergency", "simple-page"} <= set(
            phone.screen.keys()
        )
        assert phone.screen.shows("Try once more. Do not wait for an answer to your entry.")
        await phone.tap("reminders")
        await phone.shows("Write today's entry")

    on_phone(desk, story, route="/help")


def test_every_way_a_rash_can_look_has_a_drawing_of_its_own() -> None:
    drawings = set()
    for word in looks():
        content = look_picture(word).content.content
        assert isinstance(content, cv.Canvas)
        drawings.add(repr(content.shapes))

    assert len(drawings) == len(looks()) == 14
