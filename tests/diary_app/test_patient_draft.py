"""Which questions are asked, in which order, and what happens to answers that no longer apply."""

from dataclasses import replace

import pytest

from alerts.grading.limits import CHOICES
from diary_app.state import wording
from diary_app.state.also import ticked_again
from diary_app.state.answers import check
from diary_app.state.entry_draft import (
    EntryDraft,
    answered,
    backward,
    first_open,
    onward,
    opened,
    passed,
    place,
    progress,
)
from diary_app.state.faults import AnswerRefusedError
from diary_app.state.questions import REVIEW, PlannedDay, applicable, danger_signs
from diary_app.state.summary import told_lines

PLAN = PlannedDay(400.0)


def test_a_quiet_day_asks_five_questions() -> None:
    draft = passed(EntryDraft(), PLAN, "temperature", "not_measured")
    draft = answered(draft, PLAN, itch_nrs=0, rash_present=False, red_flags=[], chills="none")

    asked = applicable("full", draft.answers, PLAN)

    assert asked == ("temperature", "itch", "rash", "danger", "imatinib")


def test_details_of_itch_are_asked_from_four_on() -> None:
    assert "sleep" not in applicable("full", {"itch_nrs": 3}, PLAN)
    assert {"itch_extent", "itch_pattern", "sleep"} <= set(
        applicable("full", {"itch_nrs": 4}, PLAN)
    )


def test_prednisolone_is_asked_only_when_planned() -> None:
    assert "prednisolone" not in applicable("full", {}, PlannedDay(400.0, 0.0))
    assert "prednisolone" in applicable("full", {}, PlannedDay(400.0, 5.0))


def test_a_question_skipped_stays_unknown_and_never_becomes_none() -> None:
    draft = passed(EntryDraft(), PLAN, "temperature", "not_measured")

    assert "temperature_value" not in draft.answers
    assert "adl" not in draft.answers
    assert draft.is_answered("temperature")


def test_taking_the_rash_back_drops_everything_said_about_it() -> None:
    draft = answered(
        EntryDraft(),
        PLAN,
        itch_nrs=2,
        rash_present=True,
        regions={"head_front": "all"},
        map_percent=3.5,
        handprints=4.0,
        morphology=["hives"],
        adl="instrumental",
        adl_due_to=["itch", "skin"],
    )

    quiet = answered(draft, PLAN, rash_present=False)

    assert quiet.answers == {
        "itch_nrs": 2,
        "rash_present": False,
        "adl": "instrumental",
        "adl_due_to": ["itch"],
    }


def test_what_limits_the_day_is_known_without_asking_when_there_is_only_one_cause() -> None:
    itching = answered(EntryDraft(), PLAN, itch_nrs=5, rash_present=False, adl="self_care")
    rash = answered(EntryDraft(), PLAN, itch_nrs=0, rash_present=True, adl="self_care")

    assert itching.answers["adl_due_to"] == ["itch"]
    assert rash.answers["adl_due_to"] == ["skin"]


def test_going_on_and_back_passes_the_same_questions() -> None:
    draft = answered(EntryDraft(at="rash"), PLAN, itch_nrs=0, rash_present=False)

    ahead = onward(draft, PLAN)
    behind = backward(ahead, PLAN)

    assert ahead.at == "danger"
    assert behind is not None
    assert behind.at == "rash"
    assert backward(EntryDraft(at="temperature"), PLAN) is None


def test_a_line_opened_in_the_review_leads_back_there_through_new_questions_only() -> None:
    draft = passed(EntryDraft(at=REVIEW), PLAN, "temperature", "not_measured")
    draft = answered(
        draft,
        PLAN,
        itch_nrs=0,
        rash_present=False,
        red_flags=[],
        chills="none",
        imatinib_mg_taken=400.0,
    )

    changed = onward(answered(opened(draft, "itch"), PLAN, itch_nrs=2), PLAN)
    done = onward(answered(changed, PLAN, adl="none"), PLAN)
    last = onward(answered(done, PLAN, wants_contact=False), PLAN)

    assert changed.at == "adl"
    assert done.at == "contact"
    assert last.at == REVIEW


def test_a_draft_is_resumed_at_the_same_question() -> None:
    draft = replace(answered(EntryDraft(), PLAN, itch_nrs=6), at="itch_pattern")

    resumed = EntryDraft.from_content(draft.content())

    assert place(resumed, PLAN) == "itch_pattern"
    assert resumed == draft
    assert progress(resumed, PLAN) == (4, 10)


def test_a_place_that_no_longer_applies_gives_way_to_the_first_open_question() -> None:
    draft = EntryDraft(at="sleep", answers={"itch_nrs": 0})

    assert place(draft, PLAN) == first_open(draft, PLAN) == "temperature"


def test_signs_of_the_rash_are_asked_with_a_rash_only_and_not_twice() -> None:
    without = danger_signs({"rash_present": False})
    unsure = danger_signs({"rash_present": True})
    looked = danger_signs({"rash_present": True, "morphology": ["hives"]})

    assert "blisters" not in without
    assert {"blisters", "skin_peeling_raw", "purple_skin"} <= set(unsure)
    assert not {"blisters", "skin_peeling_raw", "purple_skin"} & set(looked)
    assert "breathing_difficulty" == without[0] == looked[0]


@pytest.mark.parametrize(
    "content",
    [
        {"itch_nrs": 11},
        {"itch_nrs": -1},
        {"itch_nrs": "3"},
        {"itch_nrs": 2.5},
        {"rash_present": "yes"},
        {"red_flags": ["boredom"]},
        {"red_flags": [["blisters"]]},
        {"morphology": "hives"},
        {"regions": {"tail_left": "all"}},
        {"regions": {"head_front": "a lot"}},
        {"imatinib_mg_taken": -100},
        {"imatinib_mg_taken": True},
        {"handprints": 101},
        {"temperature_unit": "K"},
        {"also": ["boredom"]},
        {"also": "nausea"},
        {"also": [["nausea"]]},
        {"mouth": "awful"},
        {"mouth_intake_affected": "yes"},
        {"stools_over_baseline": 51},
        {"stools_over_baseline": 2.5},
        {"stools_over_baseline": True},
        {"weight_gain_3d_kg": 51},
        {"weight_gain_3d_kg": -1},
        {"words": "x" * 2001},
        {"patient_id": "somebody else"},
        {"imatinib_mg_prescribed": 800},
        {"diary_on": "2020-01-01"},
    ],
)
def test_refuses_what_cannot_be_an_answer(content: dict[str, object]) -> None:
    with pytest.raises(AnswerRefusedError) as refusal:
        check(content)

    assert all(str(value) not in str(refusal.value) for value in content.values())


def test_accepts_every_kind_of_answer() -> None:
    check(
        {
            "kind": "full",
            "day": "2026-03-02",
            "at": "review",
            "settled": {},
            "from_review": False,
            "temperature_text": "38,5",
            "temperature_value": 38.5,
            "temperature_unit": "C",
            "temperature_site": "oral",
            "antipyretic_within_6h": False,
            "chills": "mild",
            "itch_nrs": 0,
            "rash_present": True,
            "generalized": None,
            "regions": {"head_front": "few_spots"},
            "map_percent": 0.18,
            "handprints": 0.5,
            "morphology": ["hives"],
            "red_flags": [],
            "adl": "none",
            "imatinib_mg_taken": 0,
            "wants_contact": False,
            "words": "Grüße",
        }
    )


def test_none_of_these_says_that_nothing_in_the_list_is_there_except_the_weight() -> None:
    draft = answered(EntryDraft(), PLAN, red_flags=[], chills="none", also=[])

    said = {name: draft.answers[name] for name in ("periorbital", "mouth", "nausea", "fatigue")}
    assert set(said.values()) == {"none"}
    assert (draft.answers["limb_swelling"], draft.answers["stools_over_baseline"]) == ("none", 0)
    assert "weight_gain_3d_kg" not in draft.answers
    assert "mouth_intake_affected" not in draft.answers


def test_what_was_never_listed_stays_unknown() -> None:
    draft = answered(EntryDraft(), PLAN, red_flags=["bleeding"], chills="none")

    assert not {"periorbital", "mouth", "nausea", "stools_over_baseline"} & set(draft.answers)


@pytest.mark.parametrize(
    ("tick", "question", "column"),
    [
        ("eyelids", "eyelids", "periorbital"),
        ("stools", "stools", "stools_over_baseline"),
        ("nausea", "nausea", "nausea"),
        ("fatigue", "fatigue", "fatigue"),
        ("limbs", "limbs", "limb_swelling"),
        ("weight", "weight", "weight_gain_3d_kg"),
    ],
)
def test_a_tick_opens_its_question_and_stays_unknown_until_answered(
    tick: str, question: str, column: str
) -> None:
    draft = answered(EntryDraft(), PLAN, red_flags=[], chills="none", also=[tick])

    asked = applicable("full", draft.answers, PLAN)

    assert asked[asked.index("danger") + 1] == question
    assert column not in draft.answers
    assert "contact" in asked


def test_sores_in_the_mouth_are_asked_about_and_forgotten_when_unticked() -> None:
    draft = answered(EntryDraft(), PLAN, red_flags=["mouth_sores"], chills="none", also=[])
    assert {"mouth", "eating"} <= set(applicable("full", draft.answers, PLAN))
    assert "mouth" not in draft.answers

    sore = answered(draft, PLAN, mouth="severe", mouth_intake_affected=True)
    healed = answered(sore, PLAN, red_flags=[])

    assert healed.answers["mouth"] == "none"
    assert "mouth_intake_affected" not in healed.answers


def test_taking_the_whole_list_back_makes_everything_in_it_unknown_again() -> None:
    draft = answered(EntryDraft(), PLAN, red_flags=[], chills="none", also=["nausea"])

    back = answered(draft, PLAN, red_flags=None, chills=None, also=None)

    assert back.answers == {}


def test_a_saved_entry_tells_its_ticks_again_and_an_open_one_is_still_a_tick() -> None:
    listed = {
        "periorbital": "soft",
        "stools_over_baseline": 0,
        "nausea": None,
        "fatigue": "none",
        "limb_swelling": "none",
        "weight_gain_3d_kg": None,
    }

    assert ticked_again(listed) == ["eyelids", "nausea"]
    assert ticked_again(dict.fromkeys(listed)) is None


def test_an_entry_that_tells_all_of_it_reads_so_in_the_review() -> None:
    told = {
        "red_flags": ["mouth_sores"],
        "chills": "none",
        "also": ["stools", "weight"],
        "mouth": "moderate",
        "mouth_intake_affected": False,
        "stools_over_baseline": 5,
        "weight_gain_3d_kg": 2.0,
    }

    lines = {line.question: line.words for line in told_lines(told, PLAN, "full")}

    assert lines["danger"] == (
        "Sores in the mouth or on the lips, Loose stools, or more often than usual, "
        "My weight went up in the last 3 days"
    )
    assert (lines["mouth"], lines["eating"]) == ("Clearly sore", "No")
    assert (lines["stools"], lines["weight"]) == ("5 a day", "2 kg")
    assert "nausea" not in lines


def test_offers_the_words_that_the_rules_know() -> None:
    offered = {
        "periorbital": wording.eyelids(),
        "mouth": wording.mouth_sores(),
        "nausea": wording.nausea(),
        "fatigue": wording.tiredness(),
        "limb_swelling": wording.limb_swellings(),
    }

    for column, words in offered.items():
        assert {*words, "none"} == set(CHOICES[column]), column
