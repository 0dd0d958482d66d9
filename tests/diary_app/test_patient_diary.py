"""The patient's diary kept in a real database: drafts, entries, advice and access."""

import threading
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select

from db.errors import AccessDeniedError
from db.models import Alert, Draft, Entry, PlanStep
from db.stores import diary as entries
from diary_app.state.faults import (
    AlreadySentError,
    AnswerRefusedError,
    ChangedElsewhereError,
    NotInDiaryError,
)
from tests.diary_app.patient_house import QUIET, Desk, desk_for, save, save_only
from tests.people import NOW, House


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    built = desk_for(house, tmp_path)
    built.beat()
    return built


def rows(desk: Desk) -> list[Entry]:
    with desk.house.database.reading() as session:
        return entries.entries(session, desk.house.ana, desk.house.ana.actor_id)


def test_a_quiet_day_is_kept_as_it_was_said(desk: Desk) -> None:
    sent = save(desk.diary())

    (row,) = rows(desk)
    assert row.id == sent.entry_id == row.first_id
    assert (row.itch_nrs, row.rash_present, row.red_flags) == (0, False, [])
    assert row.temperature_value is row.bsa_percent is row.adl is row.wants_contact is None
    assert (row.imatinib_mg_taken, row.imatinib_mg_prescribed) == (400, 400)
    # 19:04 UTC on 2 March is 20:04 in Berlin.
    assert (row.diary_on.isoformat(), row.local_time) == ("2026-03-02", "20:04")


def test_never_says_that_all_is_well(desk: Desk) -> None:
    advice = save(desk.diary()).advice

    assert advice.kind == "noted"
    words = " ".join((advice.title, *advice.sentences)).lower()
    assert "your care team can see this entry" in words
    assert not any(word in words for word in ("fine", "no problem", "all good", "normal"))


def test_a_quiet_day_says_when_to_call_at_once(desk: Desk) -> None:
    sent = save(desk.diary(), temperature_value=36.8, temperature_unit="C")
    call_if = desk.diary().call_if(sent.entry_id)

    assert call_if.startswith("Call at once if ")
    assert "your temperature reaches 38.0 °C" in call_if


def test_an_entry_that_cannot_be_explained_is_shown_without(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("the itch of Ana Quiet")

    monkeypatch.setattr("diary_app.services.explaining.explain", broken)

    sent = save(desk.diary(), itch_nrs=7)

    assert sent.advice.kind == "prompt"
    assert desk.diary().call_if(sent.entry_id) == ""
    assert "not explained: RuntimeError" in caplog.text
    assert "Ana" not in caplog.text


def test_fever_tells_the_patient_to_call_at_once_and_raises_an_alert(desk: Desk) -> None:
    sent = save(
        desk.diary(),
        temperature_text="38,5",
        temperature_value=38.5,
        temperature_unit="C",
        temperature_site="oral",
    )

    assert sent.advice.kind == "urgent"
    assert sent.advice.calls[0].url == "tel:+49305550100"
    assert sent.advice.why
    with desk.house.database.reading() as session:
        (alert,) = session.exec(select(Alert)).all()
    assert (alert.level, alert.entry_id) == ("urgent", sent.entry_id)


@pytest.mark.parametrize(
    "sign",
    ["breathing_difficulty", "lip_tongue_swelling", "chest_pain", "confusion", "fainting"],
)
def test_an_emergency_sign_puts_the_emergency_number_first(desk: Desk, sign: str) -> None:
    advice = save(desk.diary(), red_flags=[sign]).advice

    assert advice.kind == "emergency"
    assert advice.calls[0].is_emergency
    assert advice.calls[0].url == "tel:112"


def test_a_number_that_may_be_a_fever_in_the_other_unit_is_kept_and_urgent(desk: Desk) -> None:
    sent = save(desk.diary(), temperature_text="101", temperature_unit="C")

    (row,) = rows(desk)
    assert (row.temperature_text, row.temperature_value) == ("101", 101)
    assert sent.advice.kind == "urgent"


def test_the_advice_stays_on_the_first_screen_until_the_alert_is_closed(desk: Desk) -> None:
    diary = desk.diary()
    save(diary, red_flags=["bleeding"])
    desk.clock.pass_(hours=26)
    before = diary.today().advice
    with desk.house.database.writing() as session:
        (alert,) = session.exec(select(Alert)).all()
        alert.state, alert.closed_at = "closed", desk.clock.now
        session.add(alert)

    after = diary.today().advice

    assert before is not None
    assert before.kind == "urgent"
    assert after is None


def test_an_entry_that_cannot_be_graded_is_safe_and_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("alerts.intake._assess", broken)

    unchecked = save(desk.diary())
    flagged = save(desk.diary(), red_flags=["breathing_difficulty"])

    assert len(rows(desk)) == 2
    assert unchecked.advice.kind == "unchecked"
    assert flagged.advice.kind == "emergency"


def test_rash_extent_is_the_higher_of_map_and_hands_when_they_disagree(desk: Desk) -> None:
    save(
        desk.diary(),
        rash_present=True,
        regions={"trunk_front": "half"},
        map_percent=99.0,
        handprints=30.0,
        adl="none",
    )

    (row,) = rows(desk)
    # The map is added up again: a client's own total is not believed.
    assert (row.map_percent, row.handprints, row.bsa_percent) == (6.5, 30, 30)


def test_answers_that_do_not_apply_are_unknown_in_the_entry(desk: Desk) -> None:
    save(desk.diary(), rash_present=False, morphology=["blisters"], handprints=40.0)

    (row,) = rows(desk)
    assert row.morphology is row.handprints is row.bsa_percent is None


def test_two_windows_do_not_overwrite_each_other(desk: Desk) -> None:
    diary = desk.diary()
    draft = diary.begin("full")
    diary.save_answers(draft.id, draft.revision, {**draft.content, "itch_nrs": 3})

    with pytest.raises(ChangedElsewhereError, match="changed in another window"):
        diary.save_answers(draft.id, draft.revision, {**draft.content, "itch_nrs": 7})

    newest = diary.open_draft()
    assert newest is not None
    assert newest.content["itch_nrs"] == 3


def test_saving_twice_makes_one_entry_and_tells_when_it_was_saved(desk: Desk) -> None:
    diary = desk.diary()
    draft_id, revision = save_only(diary, **QUIET)
    diary.send(draft_id, revision)
    desk.clock.pass_(minutes=5)

    with pytest.raises(AlreadySentError, match="already saved at 20:04"):
        diary.send(draft_id, revision)
    with pytest.raises(AlreadySentError, match="20:04"):
        diary.save_answers(draft_id, revision, {"itch_nrs": 1})

    assert len(rows(desk)) == 1


def test_of_many_windows_saving_at_the_same_moment_one_wins(desk: Desk) -> None:
    diary = desk.diary()
    draft_id, revision = save_only(diary, **QUIET)
    outcomes: list[str] = []

    def press() -> None:
        try:
            diary.send(draft_id, revision)
        except (AlreadySentError, ChangedElsewhereError) as error:
            outcomes.append(type(error).__name__)
        else:
            outcomes.append("saved")

    threads = [threading.Thread(target=press) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count("saved") == 1
    assert len(rows(desk)) == 1


def test_a_refused_answer_changes_nothing(desk: Desk) -> None:
    diary = desk.diary()
    draft = diary.begin("full")

    with pytest.raises(AnswerRefusedError):
        diary.save_answers(draft.id, draft.revision, {**draft.content, "itch_nrs": 99})

    same = diary.open_draft()
    assert same is not None
    assert (same.revision, same.content) == (draft.revision, draft.content)


def test_no_window_moves_an_entry_to_another_day(desk: Desk) -> None:
    diary = desk.diary()

    save(diary, day="2020-01-01", kind="reading")

    (row,) = rows(desk)
    assert (row.diary_on.isoformat(), row.kind) == ("2026-03-02", "full")


def test_an_entry_finished_after_midnight_belongs_to_the_day_it_was_begun(desk: Desk) -> None:
    diary = desk.diary()
    desk.clock.now = NOW.replace(hour=22, minute=50)
    draft_id, revision = save_only(diary, **QUIET)
    desk.clock.pass_(minutes=30)

    diary.send(draft_id, revision)

    (row,) = rows(desk)
    # Last answered at 23:50 in Berlin, saved at 00:20.
    assert (row.diary_on.isoformat(), row.local_time) == ("2026-03-02", "23:50")


def test_an_entry_left_lying_is_told_apart_from_todays(desk: Desk) -> None:
    diary = desk.diary()
    save_only(diary, itch_nrs=4)
    desk.clock.pass_(days=1)

    lying = diary.today().draft
    fresh = diary.begin("full")

    assert lying is not None
    assert not lying.is_of_today
    assert lying.on.isoformat() == "2026-03-02"
    assert "itch_nrs" not in fresh.content
    assert fresh.content["day"] == "2026-03-03"


def test_a_correction_is_a_new_version_and_the_old_one_stays(desk: Desk) -> None:
    diary = desk.diary()
    first = save(diary, itch_nrs=2, adl="none")
    desk.clock.pass_(hours=1)
    draft = diary.correct(first.entry_id)

    second = save(diary, draft, itch_nrs=5, adl="none")

    view = diary.entry_view(second.entry_id)
    assert view.version == 2
    assert [each.answers["itch_nrs"] for each in view.earlier] == [2]
    # It is still about the evening it was first written.
    assert (view.on.isoformat(), view.clock) == ("2026-03-02", "20:04")
    assert [each.id for each in diary.history()] == [second.entry_id]
    assert not diary.entry_view(first.entry_id).can_correct


def test_correcting_an_old_version_starts_from_the_newest(desk: Desk) -> None:
    diary = desk.diary()
    first = save(diary, itch_nrs=2, adl="none")
    second = save(diary, diary.correct(first.entry_id), itch_nrs=5, adl="none")

    again = diary.correct(first.entry_id)

    assert again.corrects == second.entry_id
    assert again.content["itch_nrs"] == 5


def test_a_temperature_alone_never_sets_a_full_entry_aside(desk: Desk) -> None:
    diary = desk.diary()
    save_only(diary, itch_nrs=4)

    reading = diary.begin("reading")

    assert reading.content["kind"] == "full"
    assert reading.content["itch_nrs"] == 4


def test_a_second_reading_is_asked_for_until_it_is_written(desk: Desk) -> None:
    diary = desk.diary()
    # 37.6 alone: R4.6, a recheck after 4 hours.
    warm = {"temperature_text": "37.6", "temperature_value": 37.6, "temperature_site": "oral"}
    save(diary, **warm)
    asked = diary.today().recheck
    desk.clock.pass_(hours=4)
    due = diary.today().recheck
    draft = diary.begin("reading")
    kept = diary.save_answers(
        draft.id,
        draft.revision,
        {**draft.content, "temperature_text": "36.9", "temperature_value": 36.9},
    )
    diary.send(draft.id, kept.revision)

    assert asked is not None
    assert (asked.clock, asked.is_due) == ("00:04", False)
    assert due is not None
    assert due.is_due
    assert diary.today().recheck is None


def test_the_unit_used_last_is_offered_next(desk: Desk) -> None:
    diary = desk.diary()
    assert diary.begin("full").content["temperature_unit"] == "C"
    save(diary, temperature_text="98.6", temperature_value=98.6, temperature_unit="F")

    assert diary.begin("full").content["temperature_unit"] == "F"


def test_says_when_the_clinics_alerting_has_stopped(desk: Desk) -> None:
    diary = desk.diary()
    desk.clock.pass_(seconds=119)
    running = diary.today().alerting_stopped
    desk.clock.pass_(seconds=2)

    assert not running
    assert diary.today().alerting_stopped
    assert diary.today().stopped_since == "20:04"
    desk.clock.pass_(hours=-3)  # the server's clock was set back: the last run lies ahead
    assert diary.today().alerting_stopped
    desk.clock.pass_(hours=3)
    desk.clock.pass_(hours=24)
    assert diary.today().stopped_since == "Monday, March 2, 20:04"


def test_an_off_day_is_planned_as_no_dose(desk: Desk) -> None:
    with desk.house.database.writing() as session:
        session.add(
            PlanStep(
                clinic_id=desk.house.clinic_id,
                patient_id=desk.house.ana.actor_id,
                starts_on=NOW.date() - timedelta(days=1),
                imatinib_mg=100,
                every_n_days=2,
                author_id=desk.house.dora.actor_id,
                approved_at=NOW,
            )
        )

    planned = desk.diary().today().planned

    assert (planned.imatinib_mg, planned.off_day) == (0, True)


def test_the_patient_learns_who_has_seen_the_entry(desk: Desk) -> None:
    diary = desk.diary()
    sent = save(diary)
    with desk.house.database.writing() as session:
        row = entries.entry(session, desk.house.ben, sent.entry_id)
        entries.mark_seen(session, desk.house.ben, [row], desk.clock.now + timedelta(minutes=6))

    seen = diary.sent(sent.entry_id).seen

    assert sent.seen is None
    assert seen is not None
    assert (seen.name, seen.clock) == ("Ben", "20:10")


def test_bells_ring_after_the_save_and_carry_ids_alone(desk: Desk) -> None:
    diary = desk.diary()

    save(diary, words="It burns")

    assert desk.rung == [
        "worker",
        f"clinic:{desk.house.clinic_id}",
        f"patient:{desk.house.ana.actor_id}",
    ]
    assert diary.topic in desk.rung


def test_another_patients_entry_and_draft_are_out_of_reach(desk: Desk) -> None:
    mine, others = desk.diary(), desk.diary(desk.house.otto)
    sent = save(mine)
    draft = mine.begin("full")

    for act in (
        lambda: others.sent(sent.entry_id),
        lambda: others.entry_view(sent.entry_id),
        lambda: others.correct(sent.entry_id),
        lambda: others.save_answers(draft.id, draft.revision, {"itch_nrs": 1}),
        lambda: others.send(draft.id, draft.revision),
        lambda: others.make_ticket(draft.id),
        lambda: others.sent(uuid4()),
    ):
        with pytest.raises(NotInDiaryError, match="not in your diary"):
            act()
    assert others.history() == ()


def test_staff_have_no_diary(desk: Desk) -> None:
    with pytest.raises(AccessDeniedError):
        desk.diary(desk.house.ben)


def test_a_photo_ticket_leads_to_the_upload_and_is_kept_only_as_a_hash(desk: Desk) -> None:
    diary = desk.diary()
    draft = diary.begin("full")

    path = diary.make_ticket(draft.id)

    ticket = path.removeprefix("/api/photos/")
    assert path == f"/api/photos/{ticket}"
    file = Path(str(desk.house.database.engine.url.database))
    kept = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    assert ticket.encode() not in kept


def test_a_sent_draft_is_never_changed_again(desk: Desk) -> None:
    diary = desk.diary()
    sent = save(diary)

    with desk.house.database.reading() as session:
        row = session.get(Draft, sent.entry_id)

    assert row is not None
    assert row.sent_at == NOW
    assert diary.open_draft() is None


def test_fever_is_the_first_thing_a_quiet_patient_is_told_to_call_for(desk: Desk) -> None:
    sent = save(desk.diary(), also=[])

    call_if = desk.diary().call_if(sent.entry_id)
    assert call_if.startswith("Call at once if your temperature reaches 38.0 °C, ")
