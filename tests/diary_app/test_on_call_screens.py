"""The screens of the policy, of rotas and teams, and snoozing, drawn on a real database."""

from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import flet as ft
import pytest

from alerts.alarm import advance
from alerts.escalation.lengths import length_words, read_length
from alerts.escalation.policy import DEFAULT_POLICY, QuietHours, policy_from_json
from alerts.intake import record_entry
from db.models import Alert
from db.stores import alerting, policies, rotas, teams
from db.types import new_id
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.inbox import Inbox
from diary_app.services.on_call import OnCall
from diary_app.services.policy import Policies
from diary_app.services.policy_form import PolicyForm, StepForm, form_of, read_form
from diary_app.services.rota_form import read_absence, read_override
from tests.diary_app.care_house import hot_evening, kit_for
from tests.diary_app.test_care_screens import on_screen
from tests.ground.screen import Screen
from tests.people import NOW, ZONE, House

POLICY = "/on-call/policy"


def stored(house: House) -> dict:
    with house.database.reading() as session:
        return policies.policy(session, house.dora)


def nights(house: House, folder: Path, *, everyone: bool = False) -> None:
    """A rota on which Ben is on call from 20:00 to 08:00, on all days or on Mondays."""
    service = OnCall(kit_for(house, folder), house.dora)
    service.add_rota("Nights")
    days = tuple(range(7)) if everyone else (0,)
    rota_id = service.page().rotas[0].rota_id
    service.set_week(rota_id, service.shifts(days, "20:00", "08:00", house.ben.actor_id))


async def pick(screen: Screen, key: str, value: str) -> None:
    await screen.fire(screen.key(key), "change", value, value=value)


@pytest.mark.parametrize("width", [412.0, 1280.0], ids=["phone", "desk"])
def test_the_policy_is_shown_in_plain_words_with_what_it_means(
    house: House, tmp_path: Path, width: float
) -> None:
    async def story(screen: Screen) -> None:
        for words in (
            "Urgent alerts",
            "All nurses",
            "15 min",
            "Tell a holder again after",
            "Urgent: somebody is told at once, at any hour of the coming week.",
            "Ben has not used the invitation yet: messages arrive, but they cannot take an alert.",
            "A change of the policy never touches alerts that are open.",
            "Mon 2 Mar, 20:49",
            "Ben, Dora, Ada",
        ):
            assert screen.shows(words), words

    on_screen(house, tmp_path, house.dora, POLICY, story, width)


def test_a_clinician_changes_the_policy_after_a_look_and_a_question(
    house: House, tmp_path: Path
) -> None:
    nights(house, tmp_path)
    with house.database.reading() as session:
        rota = rotas.rotas(session, house.dora)[0].id

    async def story(screen: Screen) -> None:
        await pick(screen, "urgent-1-add-1", f"rota:{rota}")
        await screen.click("urgent-1-out-role:nurse")
        await screen.enter("urgent-2-wait", "soon")
        await screen.fire(screen.key("quiet"), "change", True, value=True)
        await screen.click("save-policy")
        await screen.until(lambda: screen.shows("Give 1 min to 1 h, such as 15 min"))
        await screen.enter("urgent-2-wait", "10")
        await screen.enter("example_on", "2026-03-07")
        await screen.enter("example_at", "23:10")
        await screen.click("save-policy")
        await screen.until(lambda: screen.shows("Keep this policy?"))
        assert screen.shows("Alerts that are open keep the policy they were raised with.")
        assert screen.shows("On the rota Nights nobody is on call Tue 08:00 to Mon 20:00.")
        assert screen.shows("Same day: somebody is told after 9 h at the latest.")
        assert screen.shows("(due Sat 7 Mar, 23:10, held by quiet hours)")
        assert stored(house).get("quiet_hours") is None
        await screen.click("confirm")
        await screen.until(lambda: screen.shows("The policy is kept."))

    on_screen(house, tmp_path, house.dora, POLICY, story)
    kept = policy_from_json(stored(house))
    assert kept.urgent.steps[0].notify == (f"rota:{rota}",)
    assert [step.wait_seconds for step in kept.urgent.steps] == [0, 600, 900, 900]
    assert kept.quiet is not None


def test_going_back_keeps_nothing_and_loses_nothing(house: House, tmp_path: Path) -> None:
    before = stored(house)

    async def story(screen: Screen) -> None:
        await screen.enter("prompt-repeat", "6 h")
        await screen.click("save-policy")
        await screen.until(lambda: screen.shows("Keep this policy?"))
        await screen.click("confirm-back")
        assert screen.key("prompt-repeat").value == "6 h"

    on_screen(house, tmp_path, house.admin, POLICY, story)
    assert stored(house) == before


def test_a_colleagues_change_is_said_and_overwrites_nothing(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.enter("prompt-repeat", "6 h")
        theirs = form_of(DEFAULT_POLICY)
        Policies(kit_for(house, tmp_path), house.admin).keep(
            PolicyForm(theirs.urgent, theirs.prompt, quiet=True), stored(house)
        )
        await screen.click("save-policy")
        await screen.until(lambda: screen.shows("Keep this policy?"))
        await screen.click("confirm")
        await screen.until(lambda: screen.shows("A colleague changed the policy meanwhile."))
        assert screen.key("prompt-repeat").value == "6 h"

    on_screen(house, tmp_path, house.dora, POLICY, story)
    assert policy_from_json(stored(house)).quiet == QuietHours(time(22), time(7))


def test_a_nurse_sees_what_the_policy_means_and_cannot_change_it(
    house: House, tmp_path: Path
) -> None:
    async def story(screen: Screen) -> None:
        assert screen.shows("If nobody answers:")
        assert not {"save-policy", "urgent-1-wait"} & set(screen.keys())

    on_screen(house, tmp_path, house.ben, POLICY, story)
    on_screen(house, tmp_path, house.ben, "/on-call", _offers_nothing)


async def _offers_nothing(screen: Screen) -> None:
    assert screen.shows("The clinic has no rota.")
    assert not {"rota-add", "team-add", "away-add"} & set(screen.keys())


def test_a_policy_that_cannot_be_read_is_said(house: House, tmp_path: Path) -> None:
    with house.database.writing() as session:
        policies.keep_policy(session, house.dora, {}, stored(house), NOW)

    async def story(screen: Screen) -> None:
        assert screen.shows("The kept policy cannot be read; the standard one below holds")

    on_screen(house, tmp_path, house.dora, POLICY, story)


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"steps": ()}, "urgent-1", "Give 1 to 20 steps."),
        ({"steps": (StepForm("0 min", ()),)}, "urgent-1", "Choose at least one to tell."),
        (
            {"steps": (StepForm("5 min", ("role:nurse",)),)},
            "urgent-1",
            "An urgent alert is told at once: the first step waits 0 min.",
        ),
        ({"repeat": "2 h"}, "urgent-repeat", "Give 1 min to 1 h, such as 15 min or 1 h 30 min."),
        ({"remind": "13 h"}, "urgent-remind", "Give 15 min to 12 h, such as 15 min or 1 h 30 min."),
    ],
)
def test_every_mistake_is_a_sentence_beside_its_field(change, field, sentence) -> None:
    form = form_of(DEFAULT_POLICY)
    ladder = type(form.urgent)(**vars(form.urgent) | change)

    policy, problems = read_form(form.with_ladder("urgent", ladder))

    assert policy is None
    assert problems == {field: sentence}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"starts": "ten"}, "Give both times as HH:MM, such as 22:00."),
        ({"days": ()}, "Choose at least one day on which quiet hours begin."),
        ({"ends": "12:00"}, "Quiet hours last 12 hours at most, and begin and end differ."),
        ({"ends": "22:00"}, "Quiet hours last 12 hours at most, and begin and end differ."),
    ],
)
def test_impossible_quiet_hours_are_told_in_a_sentence(more, sentence) -> None:
    form = form_of(DEFAULT_POLICY)

    assert read_form(PolicyForm(form.urgent, form.prompt, quiet=True, **more)) == (
        None,
        {"quiet": sentence},
    )


def test_the_standard_policy_comes_back_from_its_form() -> None:
    policy, problems = read_form(form_of(DEFAULT_POLICY))

    assert problems == {}
    assert policy is not None
    assert policy.urgent.steps == DEFAULT_POLICY.urgent.steps
    assert policy.prompt.steps == DEFAULT_POLICY.prompt.steps


def test_a_week_is_typed_confirmed_and_then_holds(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.enter("rota-name", "Nights")
        await screen.click("rota-add")
        await screen.until(lambda: screen.shows("Rota Nights"))
        assert screen.shows("The rota Nights has no shift: nobody is ever on call.")
        await screen.click("change-Nights")
        await screen.click("add-shifts")
        assert screen.shows("Choose a person.")
        await pick(screen, "shift-person", str(house.ben.actor_id))
        await screen.enter("shift-starts", "20:00")
        await screen.enter("shift-ends", "08:00")
        await screen.click("shift-days-5")
        await screen.click("shift-days-6")
        await screen.click("add-shifts")
        assert screen.shows("Sun 20:00 to Mon 08:00, Ben")
        await screen.click("save-week")
        assert screen.shows("Keep this week of the rota Nights?")
        await screen.click("confirm")
        await screen.until(lambda: screen.shows("On call now: Ben"))

    on_screen(house, tmp_path, house.admin, "/on-call", story)


def test_an_override_and_days_away_change_who_is_on_call(house: House, tmp_path: Path) -> None:
    nights(house, tmp_path)
    dora = str(house.dora.actor_id)

    async def story(screen: Screen) -> None:
        await screen.click("add-override-Nights")
        await pick(screen, "override-person", dora)
        await screen.enter("override-starts", "2026-03-02 20:00")
        await screen.enter("override-ends", "2026-03-02")
        await screen.click("keep-override")
        await screen.until(lambda: screen.shows("Give day and time as YYYY-MM-DD HH:MM."))
        await screen.enter("override-ends", "2026-03-03 08:00")
        await screen.click("keep-override")
        await screen.until(lambda: screen.shows("On call now: Dora"))
        assert screen.shows("Instead from Mon 2 Mar, 20:00 to Tue 3 Mar, 08:00: Dora")
        await pick(screen, "away-who", dora)
        await screen.enter("away-first", "2026-03-02")
        await screen.click("away-add")
        await screen.until(lambda: screen.shows("On call now: nobody"))
        assert screen.shows("Dora, 2 Mar 2026, no cover")

    async def inbox(screen: Screen) -> None:
        assert screen.shows("On call now. Nights: nobody")

    on_screen(house, tmp_path, house.dora, "/on-call", story)
    on_screen(house, tmp_path, house.ben, "/", inbox)


def test_a_team_gets_members_after_a_question(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.enter("team-name", "Ward 3")
        await screen.click("team-add")
        await screen.until(lambda: screen.shows("Team Ward 3"))
        await screen.click("change-Ward 3")
        await screen.fire(screen.key("member-Ben"), "change", True, value=True)
        await screen.click("save-team")
        assert screen.shows("Who is in the team Ward 3 from now on?")
        await screen.click("confirm")
        await screen.until(lambda: not screen.shows("Save the team"))

    on_screen(house, tmp_path, house.dora, "/on-call", story)
    with house.database.reading() as session:
        (team,) = teams.teams(session, house.dora)
        assert teams.members(session, house.dora) == {team.id: [house.ben.actor_id]}


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("tomorrow", "", "first_on"),
        ("2026-03-05", "2026-03-04", "last_on"),
        ("2026-02-01", "", "last_on"),
    ],
)
def test_impossible_days_away_are_refused(first, last, field) -> None:
    with pytest.raises(UnusableAnswerError) as caught:
        read_absence(first, last, new_id(), None, NOW.date())
    assert caught.value.field == field


def test_nobody_covers_for_themselves() -> None:
    ben = new_id()

    with pytest.raises(UnusableAnswerError, match="Nobody can cover for themselves"):
        read_absence("2026-03-05", "", ben, ben, NOW.date())


@pytest.mark.parametrize(
    ("starts", "ends", "sentence"),
    [
        ("2026-03-05", "2026-03-06 08:00", "Give day and time as YYYY-MM-DD HH:MM."),
        ("2026-03-05 20:00", "2026-03-05 20:00", "The end must lie after the begin."),
        ("2026-03-01 20:00", "2026-03-02 08:00", "This is over already."),
        ("2026-03-05 20:00", "2028-03-05 20:00", "An override lasts a year at most."),
    ],
)
def test_impossible_overrides_are_refused(starts, ends, sentence) -> None:
    with pytest.raises(UnusableAnswerError) as caught:
        read_override(starts, ends, new_id(), ZoneInfo(ZONE), NOW)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("15 min", 900),
        ("4h", 14_400),
        ("1 h 30 min", 5400),
        (" 20 ", 1200),
        ("0 min", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5 h", None),
    ],
)
def test_lengths_are_read_as_people_type_them(typed, seconds) -> None:
    assert read_length(typed) == seconds
    if seconds is not None:
        assert read_length(length_words(seconds)) == seconds


def test_the_holder_snoozes_and_the_cap_is_kept(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    Inbox(kit_for(house, tmp_path), house.ben).take(alert_id)

    async def story(screen: Screen) -> None:
        await screen.click("snooze")
        assert {"snooze-15", "snooze-30", "snooze-60"} <= set(screen.keys())
        assert not screen.find(ft.OutlinedButton, key="snooze-120")
        await screen.click("snooze-60")
        await screen.until(lambda: screen.shows("Snoozed until 21:04."))
        assert screen.shows("Until 21:04")

    on_screen(house, tmp_path, house.ben, f"/alerts/{alert_id}", story)
    later = kit_for(house, tmp_path, now=NOW + timedelta(minutes=61))
    assert Inbox(later, house.ben).open(alert_id, again=True).snoozes == ()
    assert Inbox(later, house.dora).open(alert_id, again=True).snoozes == ()
    (row,) = Inbox(later, house.ben).page().rows
    assert row.snoozed_until == NOW + timedelta(minutes=60)


def test_a_held_message_says_until_when_and_why(house: House, tmp_path: Path) -> None:
    form = form_of(DEFAULT_POLICY)
    quiet = PolicyForm(form.urgent, form.prompt, quiet=True, starts="20:00")
    Policies(kit_for(house, tmp_path), house.dora).keep(quiet, stored(house))
    with house.database.writing() as session:
        entry = house.entry(itch_nrs=8, sleep_loss="major")
        alert_id = record_entry(session, house.ana, entry, NOW).alert_id
        assert alert_id is not None
        advance(session, house.worker, alerting.alert(session, house.worker, alert_id), NOW)

    async def inbox(screen: Screen) -> None:
        assert screen.shows("message held until Tue 3 Mar, 07:00, quiet hours")

    async def page(screen: Screen) -> None:
        assert screen.shows("Held until Tue 3 Mar, 07:00, quiet hours")
        assert screen.shows("Messages are held until Tue 3 Mar, 07:00, quiet hours.")

    on_screen(house, tmp_path, house.ben, "/", inbox)
    on_screen(house, tmp_path, house.ben, f"/alerts/{alert_id}", page)
    with house.database.reading() as session:
        assert session.get_one(Alert, alert_id).state == "open"
