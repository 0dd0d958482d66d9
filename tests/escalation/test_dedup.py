from datetime import timedelta

import pytest

from alerts.escalation.dedup import Absorb, OpenAlert, OpenNew, RaiseOpen, absorbs, place
from tests.escalation.facts import RAISED_AT, hour

FEVER, MOUTH, ITCH = "R4_TEMP_GE_38_3", "R2_MUCOSA", "R3_ITCH_SEVERE"


def alert(level="prompt", state="open", codes=(ITCH,), since=RAISED_AT):
    return OpenAlert(level=level, state=state, reason_codes=codes, level_since=since)


@pytest.mark.parametrize(
    ("held", "state", "new_level", "codes", "hours", "placement"),
    [
        # nobody has taken it
        ("prompt", "open", "prompt", [ITCH], 1, Absorb()),
        ("prompt", "open", "prompt", [ITCH], 12, Absorb()),
        ("prompt", "open", "prompt", [ITCH], 12.01, OpenNew()),
        ("prompt", "open", "prompt", [ITCH, MOUTH], 1, Absorb((MOUTH,))),
        ("prompt", "open", "prompt", [MOUTH], 13, OpenNew()),
        ("prompt", "open", "urgent", [ITCH], 1, RaiseOpen("urgent")),
        ("prompt", "open", "urgent", [FEVER, ITCH], 20, RaiseOpen("urgent", (FEVER,))),
        ("urgent", "open", "urgent", [ITCH], 1, Absorb()),
        ("urgent", "open", "urgent", [FEVER], 1, Absorb((FEVER,))),
        ("urgent", "open", "urgent", [ITCH], 13, OpenNew()),
        ("urgent", "open", "prompt", [ITCH], 1, Absorb()),
        ("urgent", "open", "prompt", [MOUTH], 13, Absorb((MOUTH,))),
        # a person has taken it
        ("prompt", "acknowledged", "prompt", [ITCH], 1, Absorb()),
        ("prompt", "acknowledged", "prompt", [ITCH], 13, OpenNew()),
        ("prompt", "acknowledged", "prompt", [ITCH, MOUTH], 1, OpenNew()),
        ("prompt", "acknowledged", "urgent", [ITCH], 1, OpenNew()),
        ("urgent", "acknowledged", "urgent", [ITCH], 1, Absorb()),
        ("urgent", "acknowledged", "urgent", [FEVER], 1, OpenNew()),
        ("urgent", "acknowledged", "urgent", [ITCH], 13, OpenNew()),
        ("urgent", "acknowledged", "prompt", [ITCH], 1, Absorb()),
        ("urgent", "acknowledged", "prompt", [MOUTH], 1, OpenNew()),
        # it is closed
        ("prompt", "closed", "prompt", [ITCH], 1, OpenNew()),
        ("urgent", "closed", "prompt", [ITCH], 1, OpenNew()),
        # words nobody knows are taken for the loudest
        ("prompt", "open", "louder", [ITCH], 1, RaiseOpen("urgent")),
    ],
)
def test_places_an_entry(held, state, new_level, codes, hours, placement):
    assert absorbs(alert(held, state), new_level, codes, hour(hours)) == placement


@pytest.mark.parametrize("state", ["open", "acknowledged", "closed"])
@pytest.mark.parametrize("level", ["none", "digest"])
@pytest.mark.parametrize("hours", [1, 1000])
def test_an_entry_below_the_line_changes_nothing(state, level, hours):
    assert absorbs(alert("urgent", state), level, [MOUTH], hour(hours)) == Absorb()


def test_counts_the_12_hours_from_the_present_level():
    raised_later = alert("urgent", since=hour(11))

    assert absorbs(raised_later, "urgent", [ITCH], hour(13)) == Absorb()


def test_counts_a_clock_gone_back_as_within_12_hours():
    assert absorbs(alert(), "prompt", [ITCH], RAISED_AT - timedelta(days=3)) == Absorb()


def test_adds_each_new_code_once_and_in_order():
    placement = absorbs(alert(), "prompt", [MOUTH, ITCH, FEVER, MOUTH], hour(1))

    assert placement == Absorb((MOUTH, FEVER))


@pytest.mark.parametrize(
    ("alerts", "level", "codes", "answer"),
    [
        ([], "urgent", [FEVER], (None, OpenNew())),
        ([], "digest", [ITCH], (None, Absorb())),
        ([alert()], "digest", [ITCH], (None, Absorb())),
        ([alert(state="acknowledged")], "urgent", [FEVER], (None, OpenNew())),
        ([alert(state="acknowledged"), alert()], "prompt", [ITCH], (1, Absorb())),
        ([alert(), alert("urgent")], "urgent", [FEVER], (1, Absorb((FEVER,)))),
        (
            [alert(state="acknowledged"), alert()],
            "urgent",
            [FEVER],
            (1, RaiseOpen("urgent", (FEVER,))),
        ),
    ],
)
def test_chooses_the_alert_that_takes_an_entry(alerts, level, codes, answer):
    assert place(alerts, level, codes, hour(1)) == answer
