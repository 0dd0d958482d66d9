"""The care team's screens, drawn without a browser on a real database."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import flet as ft
import pytest

from alerts.intake import record_entry
from db.access import Viewer
from db.models import PlanStep
from db.stores import alerting, treatment
from diary_app.components.care_why import PIECES, VALUES
from diary_app.ground import live
from diary_app.screens.care_team.app import CareTeamApp
from diary_app.services.desk import desk_for
from diary_app.services.inbox import Inbox
from diary_app.services.kit import clinic_topic
from tests.diary_app.care_house import (
    BEN_SIGNED_IN,
    beat,
    hot_evening,
    keep_entry,
    keep_photo_row,
    kit_for,
)
from tests.grading.every_code import EXAMPLES, fired
from tests.ground.screen import Screen
from tests.people import NOW, House


def on_screen(
    house: House,
    folder: Path,
    viewer: Viewer,
    route: str,
    story: Callable[[Screen], Awaitable[None]],
    width: float = 1280.0,
) -> None:
    async def tell() -> None:
        kit = kit_for(house, folder, publish=live.publish)
        screen = Screen(
            CareTeamApp,
            desk_for(kit, viewer),
            signed_in=BEN_SIGNED_IN,
            route=route,
            views=True,
            width=width,
        )
        try:
            await screen.until(lambda: not screen.shows("Reading..."))
            await screen.settle()
            await story(screen)
            assert screen.apologies() == []
        finally:
            await screen.close()

    asyncio.run(tell())


def test_the_empty_inbox_says_when_alerts_were_checked(house: House, tmp_path: Path) -> None:
    beat(house)

    async def story(screen: Screen) -> None:
        assert screen.shows("No open alerts. Alerts last checked 20:04.")
        assert screen.shows("Alerts last checked 20:04:00")

    on_screen(house, tmp_path, house.ben, "/", story)


def test_a_stopped_worker_is_a_red_bar_on_every_screen(house: House, tmp_path: Path) -> None:
    beat(house, NOW - timedelta(minutes=5))
    sentence = (
        "Alerting is not running since 19:59. "
        "Phone patients with open alerts and call your administrator."
    )

    async def story(screen: Screen) -> None:
        assert screen.shows(sentence)

    alert_id = hot_evening(house)
    for route in ("/", f"/alerts/{alert_id}", "/patients", f"/patients/{house.ana.actor_id}"):
        on_screen(house, tmp_path, house.ben, route, story)


@pytest.mark.parametrize("width", [412.0, 1280.0], ids=["phone", "desk"])
def test_one_tap_takes_an_alert(house: House, tmp_path: Path, width: float) -> None:
    alert_id = hot_evening(house)

    async def story(screen: Screen) -> None:
        assert screen.shows("Urgent")
        assert screen.shows("Waiting 12 min")
        assert screen.shows("Day 100 after start of 400 mg")
        await screen.click("take-K7Q-4T")
        await screen.until(lambda: screen.shows("You have it"))

    on_screen(house, tmp_path, house.ben, "/", story, width)
    with house.database.reading() as session:
        assert alerting.alert(session, house.ben, alert_id).acknowledged_by == house.ben.actor_id


def test_a_new_alert_appears_without_a_reload(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        assert not screen.shows("K7Q-4T")
        await asyncio.to_thread(hot_evening, house)
        live.publish(clinic_topic(house.clinic_id))
        await screen.until(lambda: screen.shows("Alert K7Q-4T"))

    on_screen(house, tmp_path, house.ben, "/", story)


def test_an_entry_that_could_not_be_graded_is_named(house: House, tmp_path: Path) -> None:
    keep_entry(house, house.entry(), None)

    async def story(screen: Screen) -> None:
        assert screen.shows("Could not be graded, please read: Ana Quiet, P-001")

    on_screen(house, tmp_path, house.ben, "/", story)


def test_the_alert_page_tells_what_was_said_and_what_was_not_asked(
    house: House, tmp_path: Path
) -> None:
    async def story(screen: Screen) -> None:
        for words in (
            "Ana Quiet",
            "P-001",
            "Temperature 38.5 C, at or above 38.3 C.",
            "Estimated grade (CTCAE 5.0)",
            "38,5 °C, in the mouth",
            "I feel hot.",
            "Yes, needs someone today",
            "planned 400 mg, taken: 400 mg",
        ):
            assert screen.shows(words), words
        (missing,) = [text for text in screen.texts() if text.startswith("Not asked: ")]
        assert "chills" in missing
        assert "worst itch" not in missing

    on_screen(house, tmp_path, house.ben, f"/alerts/{hot_evening(house)}", story)


def test_on_a_phone_nothing_of_an_alert_lies_off_the_screen(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        assert screen.shows("Temp. 38.5, Imatinib 400 of 400 mg")
        assert screen.shows("Messages sent")
        assert screen.find(ft.DataTable) == []

    on_screen(house, tmp_path, house.ben, f"/alerts/{hot_evening(house)}", story, 412.0)


def severe_rash(house: House) -> UUID:
    """An entry that the rules themselves grade, and its alert."""
    with house.database.writing() as session:
        made = record_entry(
            session,
            house.ana,
            house.entry(
                itch_nrs=2, rash_present=True, bsa_percent=45.0, morphology=["macules_papules"]
            ),
            NOW,
        )
    assert made.alert_id is not None
    return made.alert_id


def test_the_alert_page_tells_the_values_and_what_would_have_changed_the_level(
    house: House, tmp_path: Path
) -> None:
    async def story(screen: Screen) -> None:
        assert screen.shows("What would change this")
        assert screen.shows("Would be same-day at 30 % of the skin or less.")
        assert not any(each.startswith("Values: ") for each in screen.texts())
        await screen.click("sources")
        assert screen.shows("R5_EXTENT_GT_30_PERCENT. Source: Design choice")
        (values,) = [
            each for each in screen.texts() if each.startswith("Values: ") and "30" in each
        ]
        assert "percent of the skin 45" in values
        assert "limit 30" in values

    on_screen(house, tmp_path, house.ben, f"/alerts/{severe_rash(house)}", story)


def test_the_alert_page_is_shown_without_what_cannot_be_explained(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("Ana Quiet itches")

    monkeypatch.setattr("diary_app.services.explaining.explain", broken)

    async def story(screen: Screen) -> None:
        assert screen.shows("What the patient said")
        assert not screen.shows("What would change this")

    on_screen(house, tmp_path, house.ben, f"/alerts/{severe_rash(house)}", story)
    assert "not explained: RuntimeError" in caplog.text
    assert "Ana" not in caplog.text


def test_every_value_that_a_reason_names_has_a_word_of_its_own() -> None:
    named = {name for code in EXAMPLES for name in fired(code).values}

    assert named - PIECES <= set(VALUES)


def test_says_which_colleague_was_first(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)

    async def story(screen: Screen) -> None:
        Inbox(kit_for(house, tmp_path), house.dora).take(alert_id)
        await screen.click("take")
        await screen.until(lambda: screen.shows("Dora took this alert at 20:04."))

    on_screen(house, tmp_path, house.ben, f"/alerts/{alert_id}", story)


def test_an_alert_is_not_closed_without_an_outcome(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)

    async def story(screen: Screen) -> None:
        await screen.click("close-alert")
        await screen.click("really-close")
        assert screen.shows("Choose what was done before closing the alert.")
        await screen.enter("outcome", "seen_same_day")
        await screen.click("really-close")
        await screen.until(lambda: screen.shows("Ben closed this alert at 20:04: Seen the same"))

    on_screen(house, tmp_path, house.ben, f"/alerts/{alert_id}", story)


def test_an_alert_of_another_clinic_shows_a_sentence_only(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        assert screen.shows("This alert is not in your clinic's inbox.")
        assert not screen.shows("Ana")

    on_screen(house, tmp_path, house.cleo, f"/alerts/{hot_evening(house)}", story)


@pytest.mark.parametrize("path", ["/alerts/7", "/patients/..%2f..", "/nowhere"])
def test_a_made_up_path_shows_a_sentence(house: House, tmp_path: Path, path: str) -> None:
    async def story(screen: Screen) -> None:
        assert screen.shows("There is no such page.")

    on_screen(house, tmp_path, house.ben, path, story)


def test_the_search_finds_by_name_and_by_code(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        for words, found in (("quiet an", True), ("p-001", True), ("otto", False)):
            await screen.enter("search", words)
            assert screen.shows("Ana Quiet") is found

    on_screen(house, tmp_path, house.ben, "/patients", story)


def test_the_course_is_a_figure_and_the_same_as_a_table(house: House, tmp_path: Path) -> None:
    hot_evening(house)

    async def story(screen: Screen) -> None:
        switch = screen.key("course-as")
        await screen.fire(switch, "change", selected=["table"])
        assert screen.shows("Rash, estimated grade")
        assert screen.shows("Imatinib 400 mg daily, since Sat, 22 Nov 2025.")

    on_screen(house, tmp_path, house.dora, f"/patients/{house.ana.actor_id}", story)


def test_the_course_is_zoomed_and_read_day_by_day(house: House, tmp_path: Path) -> None:
    hot_evening(house)

    async def story(screen: Screen) -> None:
        assert screen.shows("3 Dec 2025 to 2 Mar 2026, 90 days")
        await screen.click("zoom-in")
        await screen.click("zoom-on")
        assert screen.shows("17 Jan 2026 to 2 Mar 2026, 45 days")
        await screen.click("day-by-day")
        assert screen.shows("Worst itch: 5 of 10")
        assert screen.shows("Temperature: 38.5 degrees C")
        await screen.click("day-before")
        assert screen.shows("No entry")
        await screen.click("day-close")
        days = screen.key("course-days")
        here, there = {"x": 300, "y": 90}, {"x": 500, "y": 90}
        start = {"k": "mouse", "l": here, "g": here}
        await screen.fire(days, "horizontal_drag_start", start)
        await screen.fire(days, "horizontal_drag_update", {"l": there, "g": there})
        end = {"l": there, "g": there, "v": {"x": 0, "y": 0}}
        await screen.fire(days, "horizontal_drag_end", end)
        assert not screen.shows("45 days")
        await screen.click("zoom-all")
        assert screen.shows("90 days")

    on_screen(house, tmp_path, house.dora, f"/patients/{house.ana.actor_id}", story)


def test_a_mark_on_the_course_opens_its_photo(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    entry_id = Inbox(kit_for(house, tmp_path), house.ben).open(alert_id).entries[0].id
    photo_id = keep_photo_row(house, entry_id, region="trunk_front")

    async def story(screen: Screen) -> None:
        await screen.click(f"mark-{photo_id}")
        (picture,) = [i for i in screen.find(ft.Image) if i.semantics_label == "Photo, enlarged"]
        assert str(picture.src).startswith(f"/photos/{photo_id}")

    on_screen(house, tmp_path, house.dora, f"/patients/{house.ana.actor_id}", story)


def test_a_step_that_a_newer_plan_replaced_stays_in_the_plan(house: House, tmp_path: Path) -> None:
    ahead = PlanStep(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        starts_on=NOW.date() + timedelta(days=7),
        imatinib_mg=600,
        reason="Try more",
        author_id=house.dora.actor_id,
        approved_at=NOW,
    )
    with house.database.writing(house.clinic_id) as session:
        treatment.change_plan(session, house.dora, house.ana.actor_id, [ahead], NOW)
    instead = PlanStep(**(ahead.model_dump(exclude={"id"}) | {"imatinib_mg": 300}))
    with house.database.writing(house.clinic_id) as session:
        treatment.change_plan(session, house.dora, house.ana.actor_id, [instead], NOW)

    async def story(screen: Screen) -> None:
        assert screen.shows("Imatinib 300 mg daily")
        assert screen.shows("Imatinib 600 mg daily")
        assert any(words.startswith("replaced ") for words in screen.texts())
        assert "in force" in screen.texts()

    on_screen(house, tmp_path, house.dora, f"/patients/{house.ana.actor_id}", story)


def test_a_clinician_confirms_before_the_plan_changes(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.click("change-plan")
        await screen.enter("plan-imatinib_mg", "300")
        await screen.click("check-plan")
        await screen.until(lambda: screen.shows("Give the reason, up to 500 characters."))
        await screen.enter("plan-reason", "Rash is back.")
        await screen.click("check-plan")
        await screen.until(lambda: screen.shows("Change the plan of Ana Quiet?"))
        assert screen.shows("Until now: Imatinib 400 mg daily.")
        await screen.click("keep-plan")
        await screen.until(lambda: screen.shows("Imatinib 300 mg daily, since Mon, 2 Mar 2026."))

    on_screen(house, tmp_path, house.dora, f"/patients/{house.ana.actor_id}", story)
    with house.database.reading() as session:
        steps = treatment.plan(session, house.dora, house.ana.actor_id)
    assert [step.imatinib_mg for step in steps] == [400, 300]


def test_a_clinician_confirms_a_whole_plan_from_a_template(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.click("change-course")
        await screen.click("template-hwang")
        await screen.enter("course-3-starts_on", "2026-05-01")
        await screen.enter("course-reason", "Exfoliation is over.")
        await screen.click("check-course")
        await screen.until(lambda: screen.shows("Change the plan of Ana Quiet?"))
        await screen.click("keep-course")
        await screen.until(lambda: screen.shows("Imatinib stopped, prednisolone 30 mg daily"))

    on_screen(house, tmp_path, house.dora, f"/patients/{house.ana.actor_id}", story)
    with house.database.reading() as session:
        steps = treatment.plan(session, house.dora, house.ana.actor_id)
    assert [(step.imatinib_mg, step.every_n_days) for step in steps] == [
        (400, 1),
        (0, 1),
        (100, 2),
        (100, 1),
        (200, 1),
    ]


def test_a_tap_on_a_photo_asks_the_server_for_the_whole_picture(
    house: House, tmp_path: Path
) -> None:
    alert_id = hot_evening(house)
    with house.database.reading() as session:
        entry_id = alerting.alert(session, house.ben, alert_id).entry_id
    assert entry_id is not None
    photo_id = keep_photo_row(house, entry_id)

    async def story(screen: Screen) -> None:
        await screen.click(f"photo-{photo_id}")
        (picture,) = [
            image
            for image in screen.find(ft.Image)
            if str(image.semantics_label).startswith("Now: ")
        ]
        path = str(picture.src)
        assert path.startswith(f"/photos/{photo_id}")
        # The client takes text that reads as base64 for the picture itself.
        with pytest.raises(binascii.Error):
            base64.b64decode(path, altchars=b"-_", validate=True)
        await screen.click("close-photo")
        assert not any(dialog.open for dialog in screen.find(ft.AlertDialog))

    on_screen(house, tmp_path, house.ben, f"/alerts/{alert_id}", story)


def test_a_nurse_is_not_offered_to_change_the_plan(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        assert "change-plan" not in screen.keys()  # noqa: SIM118
        assert "invite" in screen.keys()  # noqa: SIM118

    on_screen(house, tmp_path, house.ben, f"/patients/{house.ana.actor_id}", story)


def test_a_new_invitation_is_shown_as_link_and_code(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.click("invite")
        await screen.until(lambda: screen.shows("QR code of the invitation link"))
        assert screen.shows("http://test/")

    on_screen(house, tmp_path, house.ben, f"/patients/{house.ana.actor_id}", story)


def test_the_download_carries_an_opaque_id_and_two_days(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.click("report")
        await screen.until(lambda: screen.shows("Preparing..."))
        ((_name, arguments),) = [
            call for call in screen.connection.calls if call[0] == "launch_url"
        ]
        assert f"/exports/{house.ana.actor_id}/report?from=2025-12-03&to=2026-03-02" in str(
            arguments
        )

    on_screen(house, tmp_path, house.dora, f"/patients/{house.ana.actor_id}", story)


def test_a_patient_is_added_and_then_opened(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.click("save")
        await screen.until(lambda: screen.shows("Give the patient's name."))
        for field, typed in (("name", "Eva Nova"), ("code", "P-002"), ("born_on", "1960-02-29")):
            await screen.enter(f"new-{field}", typed)
        await screen.click("save")
        await screen.until(lambda: "push_route" in str(screen.connection.calls))

    on_screen(house, tmp_path, house.ben, "/patients/new", story)


def test_an_administrator_sees_the_office_and_no_diary(house: House, tmp_path: Path) -> None:
    hot_evening(house)

    async def story(screen: Screen) -> None:
        assert screen.shows("Who did what")
        assert not screen.shows("Temperature")
        assert not screen.shows("K7Q-4T")

    on_screen(house, tmp_path, house.admin, "/", story)
    on_screen(house, tmp_path, house.admin, "/admin", story)


def test_a_photo_is_enlarged_beside_the_earlier_one_of_its_region(
    house: House, tmp_path: Path
) -> None:
    before = keep_entry(house, house.entry(at=NOW - timedelta(days=3)), "none")
    keep_photo_row(house, before, region="trunk_front")
    alert_id = hot_evening(house)
    entry_id = Inbox(kit_for(house, tmp_path), house.ben).open(alert_id).entries[0].id
    photo_id = keep_photo_row(house, entry_id, region="trunk_front")

    async def story(screen: Screen) -> None:
        assert screen.shows("3 days before")
        await screen.click(f"photo-{photo_id}")
        await screen.click("larger")
        calls = [name for name, _arguments in screen.connection.calls]
        assert calls.count("zoom") == 2
        await screen.click("overlay")
        await screen.click("larger")
        calls = [name for name, _arguments in screen.connection.calls]
        assert calls.count("zoom") == 3

    on_screen(house, tmp_path, house.ben, f"/alerts/{alert_id}", story)


def test_keys_move_open_take_and_undo_but_not_while_somebody_types(
    house: House, tmp_path: Path
) -> None:
    hot_evening(house)

    async def story(screen: Screen) -> None:
        async def press(key: str) -> None:
            data = {"key": key, "shift": False, "ctrl": False, "alt": False, "meta": False}
            await screen.fire(screen.page, "keyboard_event", data)

        await screen.fire(screen.key("search"), "focus")
        await press("J")
        await press("T")
        assert screen.shows("Waiting 12 min")
        await screen.fire(screen.key("search"), "blur")
        await press("T")
        assert screen.shows("Choose an alert with j or k first.")
        await press("Arrow Down")
        await press("T")
        await screen.until(lambda: screen.shows("You have it"))
        assert screen.shows("You took alert K7Q-4T, Ana Quiet.")
        await press("U")
        await screen.until(lambda: screen.shows("Waiting 12 min"))
        await press("?")
        assert screen.shows("Keys on this screen")
        await press("?")
        await press("Enter")
        asked = [str(arguments) for _name, arguments in screen.connection.calls]
        assert any("/alerts/" in each for each in asked)

    on_screen(house, tmp_path, house.ben, "/", story)
