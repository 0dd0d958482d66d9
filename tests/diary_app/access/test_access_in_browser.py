"""The patient's app by roles and names alone, by keyboard alone, and with text of twice the size.

Ana takes 400 mg daily; it is Monday, 2 March 2026, 20:04. WCAG 2.2 criteria are named beside
what they ask for.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from diary_app import routes
from tests.browser import DESKTOP, FletPage, browsing
from tests.diary_app.access.stage import (
    TREE_RULES,
    Stage,
    axe,
    cut_off,
    hear,
    listen,
    nameless,
    staged,
    too_small,
)
from tests.diary_app.patient_house import desk_for, save
from tests.diary_app.test_patient_screens import rows
from tests.people import NOW, build_house

# As a browser set to twice its usual text does it.
SIZE = "(size) => { document.documentElement.style.fontSize = size; }"
TWICE, USUAL = "32px", ""


FOCUSED = """() => {
  const node = document.activeElement;
  return node.getAttribute('aria-label') || node.textContent;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as started:
        yield started


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("access")
    house = build_house(folder)
    desk = desk_for(house, folder)
    desk.beat()
    with staged(desk) as built:
        yield built
    house.database.close()


@pytest.fixture(scope="module")
def reader(stage: Stage, browser: Browser) -> Iterator[FletPage]:
    """One tab with its accessibility tree."""
    screen = stage.open(browser)
    listen(screen)
    yield screen
    screen.page.context.close()


def earlier_entry(stage: Stage) -> UUID:
    desk = stage.desk
    desk.clock.now = NOW - timedelta(days=1)
    sent = save(desk.diary(), itch_nrs=6, rash_present=True, adl="none", red_flags=["bleeding"])
    desk.clock.now = NOW
    return sent.entry_id


def test_every_screen_has_names_large_targets_and_room_for_large_text(
    stage: Stage, reader: FletPage
) -> None:
    # 1.1.1, 1.3.1, 4.1.2: names and roles; 2.5.8: targets; 1.4.4, 1.4.10: text of twice the size.
    entry_id = earlier_entry(stage)
    screens = {
        routes.HOME: "Hello, Ana",
        routes.PLAN: "400 mg",
        routes.dose("imatinib", NOW.date()): "Taken as planned: 400 mg",
        routes.HISTORY: "Month before",
        "/history/course": "Time shown",
        routes.FROM_CLINIC: "About your entry",
        f"{routes.HISTORY}/day/2026-03-01": "Call advised",
        f"{routes.HISTORY}/{entry_id}": "Why was I told this?",
        routes.sent(entry_id): "Call the clinic now, day or night",
        routes.HELP: "When nobody answers",
        routes.REMINDERS: "Take my medicine",
        routes.WEEKLY: "The weekly questions are not due today.",
    }
    screen = reader
    found: dict[str, list[str]] = {}
    for path, words in screens.items():
        stage.go(path)
        screen.see(words)
        screen.page.wait_for_timeout(100)
        found[path] = [*nameless(screen), *too_small(screen), *axe(screen, *TREE_RULES)]
        if path == routes.HISTORY:
            screen.click("Show days as a list")
            screen.see("Show as a calendar")
            found["list"] = [*nameless(screen), *axe(screen, *TREE_RULES)]
    screen.page.evaluate(SIZE, TWICE)
    for path, words in screens.items():
        stage.go(path)
        screen.see(words)
        screen.page.wait_for_timeout(100)
        found[f"{path} large"] = cut_off(screen)
    screen.page.evaluate(SIZE, USUAL)

    assert {path: faults for path, faults in found.items() if faults} == {}
    assert screen.errors == []


def test_doses_and_refusals_are_said(stage: Stage, reader: FletPage) -> None:
    # 3.3.1, 4.1.3.
    screen = reader
    stage.go(routes.dose("imatinib", NOW.date()))
    screen.click("A different amount")
    screen.see("How many milligrams")
    screen.click("Save")
    hear(screen, "Please type a number of milligrams, for example 100.")
    screen.click("Missed: not taken, and I will not take it")
    hear(screen, "Not taken")
    screen.click("Undo")
    hear(screen, "Nothing is logged for this dose now.")
    stage.go(routes.HOME)
    screen.see("Hello, Ana")
    screen.node("Imatinib taken as planned").focus()  # brings it into sight
    screen.click("Imatinib taken as planned")
    hear(screen, "Logged at 20:04")
    screen.click("Undo imatinib")
    screen.see("Imatinib taken as planned")
    hear(screen, "Nothing is logged for this dose now.")


def test_an_entry_with_large_text_by_roles_and_names_alone(stage: Stage, reader: FletPage) -> None:
    # The body map is answered by its list, which says the same as the figure.
    steps = [
        ("What is your temperature?", "I did not measure"),
        ("How bad was your worst itch", "Worst itch 6"),
        ("Where does it itch?", "In one or a few places"),
        ("How does the itch come?", "It comes and goes"),
        ("keep you from sleeping", "No, I slept as usual"),
        ("Do you have a rash today?", "Yes"),
        ("Where is the rash?", "List"),
        ('button "Figure"', "Forearm, left, front: none"),  # the figure has places of that name
        ("Forearm, left, front: how much?", "About half"),
        ("Forearm, left, front: about half", "Next"),
        ("How many of your own hands", "Handprints 1"),
        ("What does it look like?", "Red spots, flat or raised"),
        ("Next (1 ticked)", "Next (1 ticked)"),
        ("Add photos of the rash?", "Next"),
        ("Do you have any of these today?", "None of these"),
        ("make daily life harder", "No I do everything as usual"),
        ("Imatinib today", "Taken as planned: 400 mg"),
        ("Do you feel this needs someone today?", "No, it can wait"),
        ("Please check", "Save"),
    ]
    screen = reader
    stage.go(routes.HOME)
    screen.page.evaluate(SIZE, TWICE)
    screen.click("Write today's entry")
    faults: list[str] = []
    for words, name in steps:
        screen.see(words)
        faults += [*nameless(screen), *cut_off(screen), *axe(screen, *TREE_RULES)]
        role = "checkbox" if name.startswith("Red spots") else "button"
        screen.click(name, role)
    screen.see("Saved 20:04 · received by the clinic")
    heading = screen.page.get_by_role("heading", level=2).all_inner_texts()
    hear(screen, "How bad was your worst itch")  # 4.1.3: what appears is said.
    hear(screen, "Noted")
    screen.page.evaluate(SIZE, USUAL)

    assert faults == []
    assert screen.errors == []
    newest = rows(stage.desk)[-1]
    assert (newest.itch_nrs, newest.regions) == (6, {"forearm_left_front": "half"})
    assert (newest.handprints, newest.imatinib_mg_taken) == (1, 400)
    assert "Noted" in heading


def press_until(screen: FletPage, name: str, key: str = "Tab") -> None:
    """Move the focus until it is on the control of this name."""
    for _ in range(60):
        screen.page.keyboard.press(key)
        screen.page.wait_for_timeout(30)
        if focused(screen) == name:
            return
    raise AssertionError(f"The focus never comes to {name!r}; it is on {focused(screen)!r}.")


def focused(screen: FletPage) -> str:
    return " ".join(str(screen.page.evaluate(FOCUSED)).split())


def test_an_entry_by_keyboard_alone_from_the_first_tab(stage: Stage, browser: Browser) -> None:
    # 2.1.1, 2.1.2, 2.4.3, 2.4.7: all by keyboard, no trap, in order, and seen.
    save(stage.desk.diary())
    context = browser.new_context(**DESKTOP)
    context.add_cookies([{"name": "diary", "value": "ana", "url": stage.address}])
    screen = FletPage(context.new_page())
    page = screen.page
    page.goto(stage.address)
    page.wait_for_selector("#loading", state="detached", timeout=60_000)
    page.wait_for_selector("flt-semantics-placeholder", state="attached")
    before = page.locator("flt-semantics").count()
    page.keyboard.press("Tab")
    page.wait_for_selector("flt-semantics", state="attached")

    press_until(screen, "Help")
    press_until(screen, "Write another entry")  # round the whole screen: no trap
    page.wait_for_timeout(300)
    there = page.screenshot()
    press_until(screen, "See this entry")
    page.wait_for_timeout(300)
    assert page.screenshot() != there
    press_until(screen, "Write another entry", "Shift+Tab")
    page.keyboard.press("Enter")
    screen.see("What is your temperature?")
    press_until(screen, "Temperature (°C)")
    page.keyboard.type("36.7")
    press_until(screen, "Next")
    page.keyboard.press("Enter")
    for words, name, key in (
        ("Where did you measure?", "In the ear", "Space"),
        ("Did you take medicine", "No", "Space"),
        ("How bad was your worst itch", "Worst itch 0 No itch", "Enter"),
        ("Do you have a rash today?", "No", "Space"),
        ("Do you have any of these today?", "None of these", "Enter"),
        ("Imatinib today", "Taken as planned: 400 mg", "Space"),
        ("Please check", "Save", "Enter"),
    ):
        screen.see(words)
        press_until(screen, name)
        page.keyboard.press(key)
    screen.see("Saved 20:04 · received by the clinic")
    context.close()

    assert before == 0
    assert screen.errors == []
    newest = rows(stage.desk)[-1]
    assert (newest.temperature_value, newest.temperature_site) == (36.7, "tympanic")
    assert (newest.itch_nrs, newest.rash_present) == (0, False)


def test_the_switch_in_the_help_is_remembered_by_the_browser(
    stage: Stage, browser: Browser
) -> None:
    # After the page has loaded again, the tree is there without a key or a screen reader.
    name = "Screen reader and keyboard mode"
    screen = stage.open(browser, routes.HELP)
    page = screen.page
    with page.expect_navigation():
        screen.click(name, "switch")
    page.wait_for_selector("flt-semantics", state="attached", timeout=60_000)
    page.get_by_role("switch", name=name, checked=True).wait_for(state="attached")
    page.context.close()
