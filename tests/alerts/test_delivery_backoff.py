from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.delivery.backoff import give_up_after, next_attempt

NOW = datetime(2026, 5, 3, 19, 4, tzinfo=UTC)
LEVELS = st.sampled_from(["urgent", "prompt", None])


@pytest.mark.parametrize(
    ("attempts", "level", "seconds"),
    [
        (1, "urgent", 5),
        (2, "urgent", 10),
        (3, "urgent", 20),
        (4, "urgent", 40),
        (6, "urgent", 160),
        (7, "urgent", 300),
        (100_000, "urgent", 300),
        (1, "prompt", 30),
        (2, "prompt", 60),
        (6, "prompt", 960),
        (7, "prompt", 1800),
        (1, None, 30),
        (100_000, None, 1800),
        (0, "urgent", 5),
    ],
)
def test_waits_twice_as_long_each_time_up_to_a_limit(attempts, level, seconds):
    assert next_attempt(attempts, NOW, level) == NOW + timedelta(seconds=seconds)


@given(st.integers(-1, 10**9), LEVELS)
def test_tries_again_for_ever_and_never_in_the_past(attempts, level):
    at = next_attempt(attempts, NOW, level)

    assert timedelta(0) < at - NOW <= timedelta(minutes=30)
    assert at <= next_attempt(attempts + 1, NOW, level)


def test_gives_a_reminder_up_the_same_evening_and_anything_else_after_days():
    assert give_up_after("reminder") == timedelta(hours=3)
    assert give_up_after("alert") == give_up_after("digest") == timedelta(days=5)
