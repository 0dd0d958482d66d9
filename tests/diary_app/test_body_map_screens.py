"""The body map on the screen: touched, listed, shown large, copied from the entry before."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import flet as ft
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.grading.body_surface import REGIONS
from diary_app.components.body_pictures import Place
from diary_app.screens.patient.region_map import PHONE, WIDE
from diary_app.state.figure import FIGURES
from diary_app.state.rash_spots import spots
from tests.diary_app.patient_house import Desk, desk_for, save
from tests.diary_app.test_patient_screens import Phone, kept, on_phone
from tests.people import House

CHEST = {"trunk_front": "half"}  # Lund-Browder, adult: half of 13 %.
WIDTH = 1280.0


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    built = desk_for(house, tmp_path)
    built.beat()
    return built


def at_the_map(desk: Desk, **answers: Any) -> None:
    """Open the draft of today at the question where the rash is."""
    diary = desk.diary()
    draft = diary.begin("full")
    blank = {"regions": None, "map_percent": None, "copied_map": None}
    content = {**draft.content, "rash_present": True, **blank, "at": "regions", **answers}
    diary.save_answers(draft.id, draft.revision, content)


def wrote(desk: Desk, *, days_ago: int, **answers: Any) -> None:
    """Save an entry of an earlier day."""
    now = desk.clock.now
    desk.clock.pass_(days=-days_ago)
    save(desk.diary(), rash_present=True, adl="none", **answers)
    desk.clock.now = now


async def touch(phone: Phone, side: str, key: str, place: Place = PHONE) -> None:
    x, y = place.at(spots(side, key, "quarter")[0][0])
    await phone.screen.until(lambda: phone.has(f"map-{side}"))
    point = {"l": {"x": x, "y": y}, "g": {"x": x, "y": y}, "k": "touch"}
    await phone.screen.fire(phone.screen.key(f"map-{side}"), "tap_down", point)


async def choose(phone: Phone, amount: str) -> None:
    """Choose on the sheet, which the browser then says has gone."""
    await phone.tap(f"amount-{amount}")
    await phone.screen.until(lambda: not any(sheet.open for sheet in sheets(phone)))
    for sheet in sheets(phone):
        await phone.screen.fire(sheet, "dismiss")


def sheets(phone: Phone) -> list[ft.BottomSheet]:
    return phone.screen.find(ft.BottomSheet)


def total(phone: Phone) -> str:
    (found,) = {text for text in phone.screen.texts() if text.startswith(("Marked: ", "Nothing"))}
    return found


AMOUNTS = st.sampled_from(["few_spots", "quarter", "half", "three_quarters", "all"])
CHOICES = st.dictionaries(
    st.sampled_from([region.key for region in REGIONS]), AMOUNTS, min_size=1, max_size=3
)


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(choices=CHOICES)
def test_figure_and_list_give_the_same_percent_for_any_choice(
    desk: Desk, choices: Mapping[str, str]
) -> None:
    share = {region.key: region.percent for region in REGIONS}
    part = {"few_spots": 0.05, "quarter": 0.25, "half": 0.5, "three_quarters": 0.75, "all": 1.0}
    percent = sum(share[key] * part[amount] for key, amount in choices.items())
    told = []

    async def by_touch(phone: Phone) -> None:
        for key, amount in choices.items():
            side = "front" if key in FIGURES["front"] else "back"
            await touch(phone, side, key, WIDE)
            await choose(phone, amount)
        told.append(total(phone))

    async def by_list(phone: Phone) -> None:
        await phone.tap("regions-as-list")
        for key, amount in choices.items():
            await phone.tap(f"list-{key}")
            await choose(phone, amount)
        told.append(total(phone))

    for story in (by_touch, by_list):
        at_the_map(desk)
        on_phone(desk, story, route="/entry", width=WIDTH)
        assert kept(desk)["regions"] == choices
        assert kept(desk)["map_percent"] == pytest.approx(percent, abs=0.006)
    assert told[0] == told[1]


def test_a_hand_is_shown_large_before_it_is_marked(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await touch(phone, "front", "hand_left_front")
        assert not phone.has("amount-all")
        await phone.screen.until(lambda: phone.has("zoom-hand_far"))
        assert not phone.has("region-trunk_back")
        await phone.tap("region-hand_left_front")
        await choose(phone, "all")
        await phone.tap("zoom-feet")
        await phone.tap("region-foot_right_front")
        await choose(phone, "half")
        await phone.tap("regions-zoom")
        await touch(phone, "front", "thigh_left_front")
        await choose(phone, "quarter")

    at_the_map(desk)
    on_phone(desk, story, route="/entry")

    assert kept(desk)["regions"] == {
        "hand_left_front": "all",
        "foot_right_front": "half",
        "thigh_left_front": "quarter",
    }


def test_every_name_tells_its_amount_and_every_change_can_be_taken_back(desk: Desk) -> None:
    def named(phone: Phone, key: str) -> str:
        return next(
            label
            for label in (getattr(control, "label", None) for control in phone.screen.walk())
            if isinstance(label, str) and label.startswith(key)
        )

    async def story(phone: Phone) -> None:
        await phone.screen.until(lambda: phone.has("map-front"))
        assert total(phone) == "Nothing marked yet"
        await phone.tap("regions-as-list")
        await phone.tap("list-forearm_left_front")
        await choose(phone, "half")
        assert named(phone, "Forearm, left, front") == "Forearm, left, front: about half"
        assert total(phone) == "Marked: less than 1 % of the skin (less than 1 handprint)"
        await phone.tap("list-trunk_front")
        await choose(phone, "half")
        assert total(phone) == "Marked: about 7 % of the skin (7 handprints)"
        await phone.tap("regions-undo")
        await phone.tap("regions-undo")
        assert named(phone, "Forearm, left, front") == "Forearm, left, front: none"
        assert total(phone) == "Nothing marked yet"

    at_the_map(desk)
    on_phone(desk, story, route="/entry")

    assert "regions" not in kept(desk)


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [(1, "Same as yesterday"), (3, "Same as on Friday"), (0, "earlier today")],
)
def test_the_map_of_the_entry_before_is_copied_in_one_tap(
    desk: Desk, days_ago: int, words: str
) -> None:
    async def story(phone: Phone) -> None:
        await phone.shows(words)
        await phone.tap("copy-same")
        await phone.shows("How many of your own hands")

    wrote(desk, days_ago=days_ago, regions=CHEST)
    at_the_map(desk)
    on_phone(desk, story, route="/entry")

    assert (kept(desk)["regions"], kept(desk)["map_percent"]) == (CHEST, 6.5)
    assert "handprints" not in kept(desk)


@pytest.mark.parametrize(
    ("change", "amount", "kept_regions"),
    [("more", "all", {"trunk_front": "all"}), ("less", "quarter", {"trunk_front": "quarter"})],
)
def test_more_or_less_that_the_map_does_not_show_is_asked_about(
    desk: Desk, change: str, amount: str, kept_regions: dict[str, str]
) -> None:
    async def story(phone: Phone) -> None:
        await phone.tap(f"copy-{change}")
        await phone.shows(f"Touch each place where there is {change} now")
        await phone.tap("next")
        await phone.shows("Is the map right?")
        await phone.tap("change-map")
        assert not phone.screen.shows("How many of your own hands")
        await phone.tap("region-trunk_front")
        await choose(phone, amount)
        await phone.screen.until(lambda: not phone.has("copy-hint"))
        await phone.tap("next")
        await phone.shows("How many of your own hands")

    wrote(desk, days_ago=1, regions=CHEST)
    at_the_map(desk)
    on_phone(desk, story, route="/entry")

    assert kept(desk)["regions"] == kept_regions


def test_an_unchanged_copy_can_be_confirmed_also_after_a_restart(desk: Desk) -> None:
    async def before(phone: Phone) -> None:
        await phone.tap("copy-more")
        await phone.tap("next")
        await phone.shows("Is the map right?")

    async def after(phone: Phone) -> None:
        await phone.shows("Is the map right?")
        await phone.tap("change-keep")
        await phone.shows("How many of your own hands")

    wrote(desk, days_ago=1, regions=CHEST)
    at_the_map(desk)
    on_phone(desk, before, route="/entry")
    on_phone(desk, after, route="/entry")

    assert kept(desk)["regions"] == CHEST


@pytest.mark.parametrize(
    ("days_ago", "answers"),
    [(7, {"regions": CHEST}), (1, {"generalized": True}), (1, {"handprints": 3.0})],
)
def test_no_map_is_offered_when_the_entry_before_had_none_or_is_old(
    desk: Desk, days_ago: int, answers: dict[str, Any]
) -> None:
    async def story(phone: Phone) -> None:
        await phone.screen.until(lambda: phone.has("map-front"))
        assert not phone.has("copy-card")

    # An older map is not that of the entry before, however recent it is.
    wrote(desk, days_ago=days_ago + 1, regions={"head_front": "all"})
    wrote(desk, days_ago=days_ago, **answers)
    at_the_map(desk)
    on_phone(desk, story, route="/entry")


def test_a_correction_is_offered_the_map_of_the_entry_before_it(desk: Desk) -> None:
    wrote(desk, days_ago=2, regions=CHEST)
    wrote(desk, days_ago=1, regions={"head_front": "all"})
    newest = desk.diary().history()[0]
    draft = desk.diary().correct(newest.id)

    found = desk.diary().body.earlier(draft.id)

    assert found is not None
    assert (found.regions, found.days_ago) == (CHEST, 1)


def test_hands_are_asked_again_when_the_map_is_changed_after_them(desk: Desk) -> None:
    async def story(phone: Phone) -> None:
        await phone.tap("review-regions")
        await phone.tap("region-trunk_front")
        await choose(phone, "all")
        await phone.tap("next")
        # 13 % of the skin and 3 hands: more than twice as much.
        await phone.shows("Please look once more")
        await phone.tap("handprints-keep")
        await phone.shows("Please check")
        await phone.tap("review-regions")
        await phone.tap("next")
        await phone.shows("Please check")

    at_the_map(
        desk,
        regions={"trunk_front": "quarter"},
        map_percent=3.25,
        handprints=3.0,
        morphology=["hives"],
        red_flags=[],
        chills="none",
        temperature_value=36.8,
        temperature_text="36.8",
        temperature_site="oral",
        antipyretic_within_6h=False,
        itch_nrs=0,
        adl="none",
        imatinib_mg_taken=400.0,
        wants_contact=False,
        settled={"photos": "done"},
        at="review",
    )
    on_phone(desk, story, route="/entry")


def test_marking_one_region_sends_little(desk: Desk) -> None:
    sent = {}

    async def story(phone: Phone) -> None:
        await touch(phone, "front", "trunk_front")
        await asyncio.sleep(0.05)
        before = len(phone.screen.connection.wire)
        await choose(phone, "half")
        await phone.shows("Marked: about 6 %")
        sent["bytes"] = len(phone.screen.connection.wire) - before

    at_the_map(desk)
    on_phone(desk, story, route="/entry")

    # A phone at the edge of its network takes 0.1 s for 20 kB.
    assert sent["bytes"] < 20_000
