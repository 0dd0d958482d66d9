"""The thresholds on the desk: read, proposed, tried, and decided by a second person."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import flet as ft
from sqlmodel import select

from alerts.background import rules_in_force
from alerts.grading.terms import Level
from alerts.intake import Recorded, record_entry
from db.access import Viewer
from db.models import AuditEvent, LabResult
from db.stores import treatment
from diary_app.ground import live
from diary_app.routes import rule_set
from diary_app.screens.care_team.app import CareTeamApp
from diary_app.services.desk import Desk, desk_for
from diary_app.services.rule_sets import RuleSets
from tests.diary_app.care_house import BEN_SIGNED_IN, kit_for
from tests.ground.screen import Screen
from tests.people import NOW, House

LATER = NOW + timedelta(hours=13)


def on_screen(
    desk: Desk, route: str, story: Callable[[Screen], Awaitable[None]], width: float = 1280.0
) -> None:
    async def tell() -> None:
        screen = Screen(
            CareTeamApp, desk, signed_in=BEN_SIGNED_IN, route=route, views=True, width=width
        )
        try:
            await screen.until(lambda: not screen.shows("Reading..."))
            await screen.settle()
            await story(screen)
            assert screen.apologies() == []
        finally:
            await screen.close()

    asyncio.run(tell())


def desk(house: House, folder: Path, viewer: Viewer) -> Desk:
    return desk_for(kit_for(house, folder, publish=live.publish), viewer)


def warm(house: House, at=NOW) -> Recorded:
    """38.1 beside safe neutrophils: a same-day matter by the reviewed rules (R4)."""
    entry = house.entry(
        at=at,
        temperature_value=38.1,
        temperature_unit="C",
        temperature_site="oral",
        antipyretic_within_6h=False,
        itch_nrs=0,
        bsa_percent=0,
        morphology=[],
        red_flags=[],
        chills="none",
    )
    with house.database.writing() as session:
        return record_entry(session, house.ana, entry, at)


def safe_neutrophils(house: House) -> None:
    lab = LabResult(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        taken_on=NOW.date() - timedelta(days=1),
        name="anc",
        value=2.5,
        unit="10^9/L",
        entered_by=house.ben.actor_id,
        entered_at=NOW,
    )
    with house.database.writing() as session:
        treatment.add_lab(session, house.ben, lab, NOW)


def proposal(house: House, folder: Path, celsius: float = 38.0) -> UUID:
    office = RuleSets(kit_for(house, folder), house.admin)
    numbers = {"high_fever_celsius": celsius}
    return office.propose("Earlier calls", "north-1", numbers, "Two late calls.")


async def run_what_if(screen: Screen) -> None:
    await screen.click("run-trial")
    await screen.until(lambda: screen.shows("red-flag courses"), seconds=20)


def test_two_people_change_a_threshold(house: House, tmp_path: Path) -> None:
    safe_neutrophils(house)
    before = warm(house)
    made: list[str] = []

    async def ada_proposes(screen: Screen) -> None:
        await screen.enter("rule-name", "Earlier calls")
        await screen.enter("rule-high_fever_celsius", "38,5")
        await screen.click("check-rules")
        await screen.until(lambda: screen.shows("Looser than safety allows: at most 38.3."))
        assert screen.shows("Give the reason, up to 500 characters.")
        await screen.enter("rule-high_fever_celsius", "38,0")
        await screen.enter("rule-reason", "Two late calls.")
        await screen.click("check-rules")
        await screen.until(
            lambda: screen.shows("one reading is enough: 38.3 becomes 38 °C, stricter")
        )
        await screen.click("keep-rules")
        await screen.until(lambda: "push_route" in str(screen.connection.calls))
        made.append(str(screen.connection.calls))

    async def dora_looks_and_approves(screen: Screen) -> None:
        assert screen.shows("It can be approved after the what-if above was run.")
        assert "approve" not in screen.keys()  # noqa: SIM118
        await run_what_if(screen)
        for words in (
            "All 44 red-flag courses",
            "0 would appear, 0 would vanish, 1 would change their level. Patients concerned: 1.",
            "Ana Quiet\nP-001, born 1955-06-01",
            "Temperature 38.1",
            "A week to come: about 0.2 alerts (0 to 1) instead of 0.2",
        ):
            assert screen.shows(words), words
        await screen.click("approve")
        assert screen.shows("From this moment every new entry is graded by:")
        await screen.click("really-decide")
        await screen.until(lambda: screen.shows("Give the reason, up to 500 characters."))
        await screen.enter("decision-reason", "The calls were late.")
        await screen.click("really-decide")
        await screen.until(lambda: screen.shows("Reason of the decision: The calls were late."))
        assert "approve" not in screen.keys()  # noqa: SIM118

    async def ada_reads(screen: Screen) -> None:
        for words in ("Earlier calls, version 2026-03-02.1", "Dora", "The calls were late."):
            assert screen.shows(words), words

    ada, dora = (desk(house, tmp_path, viewer) for viewer in (house.admin, house.dora))
    on_screen(ada, "/thresholds/new", ada_proposes)
    (row,) = ada.rule_sets.page().proposals
    assert str(row.id) in made[0]
    on_screen(dora, rule_set(row.id), dora_looks_and_approves)
    on_screen(ada, "/thresholds", ada_reads)

    after = warm(house, at=LATER)
    assert (before.level, after.level) == (Level.PROMPT, Level.URGENT)
    with house.database.reading() as session:
        acts = session.exec(select(AuditEvent).where(AuditEvent.subject_id == row.id)).all()
    assert [(act.verb, act.actor_id) for act in acts] == [
        ("rules.propose", house.admin.actor_id),
        ("rules.what_if", house.dora.actor_id),
        ("patient.read", house.dora.actor_id),
        ("rules.approve", house.dora.actor_id),
    ]


def test_the_list_tells_value_default_and_hard_limit_in_plain_words(
    house: House, tmp_path: Path
) -> None:
    async def story(screen: Screen) -> None:
        texts = screen.texts()
        at = texts.index("High fever, one reading is enough")
        assert texts[at + 1 : at + 4] == ["38.3 °C", "38.3", "at most 38.3"]
        at = texts.index("After a start or restart of imatinib")
        assert texts[at + 1 : at + 4] == ["56 days", "56", "at least 28"]
        assert not [text for text in texts if "_" in text and "celsius" in text]

    on_screen(desk(house, tmp_path, house.dora), "/thresholds", story, width=412.0)


def test_an_administrator_tries_but_sees_no_patient_and_cannot_decide(
    house: House, tmp_path: Path
) -> None:
    safe_neutrophils(house)
    warm(house)

    async def story(screen: Screen) -> None:
        await run_what_if(screen)
        await screen.until(lambda: screen.shows("Clinicians see whom the changes concern"))
        assert not screen.shows("Ana")
        assert screen.shows("You proposed this.")
        keys = screen.keys()
        assert "approve" not in keys
        assert "turn-down" not in keys
        await screen.click("withdraw")
        await screen.click("really-decide")
        await screen.until(lambda: screen.shows("Taken back"))

    made = proposal(house, tmp_path)
    on_screen(desk(house, tmp_path, house.admin), rule_set(made), story)


def test_a_proposal_is_turned_down_and_says_why(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.click("turn-down")
        await screen.enter("decision-reason", "One call is no pattern.")
        await screen.click("really-decide")
        await screen.until(lambda: screen.shows("Turned down"))
        assert screen.shows("Reason of the decision: One call is no pattern.")

    made = proposal(house, tmp_path)
    on_screen(desk(house, tmp_path, house.dora), rule_set(made), story)


def test_a_what_if_shows_how_far_it_is_and_can_be_stopped(house: House, tmp_path: Path) -> None:
    made = proposal(house, tmp_path)
    place = desk(house, tmp_path, house.dora)

    async def story(screen: Screen) -> None:
        # Somebody else writes just then, so the try waits before it keeps what it found.
        with house.database.writing():
            await screen.click("run-trial")
            await screen.until(lambda: screen.shows("1 of 1 patients"))
            (bar,) = screen.find(ft.ProgressBar)
            assert bar.value == 1.0
            assert "run-trial" not in screen.keys()  # noqa: SIM118
            await screen.click("stop-trial")
        await screen.until(lambda: screen.shows("Stopped. Nothing of this try was kept."))
        assert place.rule_sets.page().proposals[0].what_if is None
        await run_what_if(screen)

    on_screen(place, rule_set(made), story)


def test_a_period_that_cannot_be_used_gets_one_sentence(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        for day, sentence in (
            ("1 March", "Type the day as YYYY-MM-DD."),
            ("2026-02-20", "Choose at least four weeks."),
        ):
            await screen.enter("trial-from", day)
            await screen.click("run-trial")
            await screen.until(lambda sentence=sentence: screen.shows(sentence))
        assert not screen.find(ft.ProgressBar)

    made = proposal(house, tmp_path)
    on_screen(desk(house, tmp_path, house.dora), rule_set(made), story)


def test_a_nurse_and_a_made_up_rule_set_get_a_sentence(house: House, tmp_path: Path) -> None:
    made = proposal(house, tmp_path)

    async def denied(screen: Screen) -> None:
        assert screen.shows("This account may not do that (rules.read).")
        assert not screen.shows("Earlier calls")

    async def unknown(screen: Screen) -> None:
        assert screen.shows("This rule set is not in your clinic's list.")

    on_screen(desk(house, tmp_path, house.ben), rule_set(made), denied)
    for path in ("/thresholds/7", f"/thresholds/{house.ana.actor_id}"):
        on_screen(desk(house, tmp_path, house.dora), path, unknown)
    with house.database.reading() as session:
        assert rules_in_force(session, house.worker, LATER).name == "Reviewed rules"
