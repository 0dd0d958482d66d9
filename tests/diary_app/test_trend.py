"""The trend of rash and itch; the expected words come from the rule in the module's first lines."""

from datetime import date, timedelta

import pytest

from diary_app.services.trend import ToldDay, trend_of

TODAY = date(2026, 3, 2)


def day(ago: int, rash: int | None, itch: int | None) -> ToldDay:
    return ToldDay(TODAY - timedelta(days=ago), rash, itch)


@pytest.mark.parametrize(
    ("days", "direction"),
    [
        ([day(8, 0, 1), day(1, 1, 1)], "worse"),
        ([day(8, 1, 1), day(1, 1, 3)], "worse"),
        ([day(8, 1, 1), day(1, 1, 2)], "same"),
        ([day(8, 2, 3), day(1, 1, 3)], "better"),
        ([day(8, 1, 7), day(1, 1, 4)], "same"),
        ([day(8, 1, 7), day(1, 1, 3)], "better"),
        ([day(8, 2, 2), day(1, 1, 4)], "worse"),
        ([day(1, 1, 4)], "unknown"),
        ([day(8, 1, 4)], "unknown"),
        ([], "unknown"),
        ([day(8, 2, 4), day(1, None, 0)], "unknown"),
        ([day(8, 2, 4), day(3, 1, 2), day(1, None, 2)], "unknown"),
        ([day(8, 1, 2), day(1, None, 6)], "worse"),
        ([day(14, 4, 10), day(13, 0, 0), day(7, 0, 0), day(6, 0, 0)], "same"),
    ],
    ids=[
        "a new rash",
        "two points of itch more",
        "one point is nothing",
        "a grade less",
        "three points less are not enough",
        "four points less",
        "one better, one worse",
        "no week before",
        "no entry this week",
        "nothing",
        "rash not told this week",
        "one entry of the week not graded",
        "worse is said although one is not known",
        "the first days lie outside",
    ],
)
def test_trend(days: list[ToldDay], direction: str) -> None:
    assert trend_of(days, TODAY).direction == direction


def test_says_from_what_to_what() -> None:
    found = trend_of([day(9, 0, 2), day(8, 1, 1), day(2, 2, 5), day(1, 1, 6)], TODAY)
    assert (found.rash, found.itch) == ((1, 2), (2, 6))
