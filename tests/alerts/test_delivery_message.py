import inspect
from datetime import UTC, datetime

import pytest

from alerts.delivery.message import alert_message, clinic_time

NOW = datetime(2026, 5, 3, 19, 4, tzinfo=UTC)
LINK = "https://diary.clinic.example/a/x?y=1&z=2"


def alert(**changed):
    given = {
        "to": "ben@clinic.example",
        "message_id": "<1@diary>",
        "level": "urgent",
        "code": "K7Q-4T",
        "raised_at": "21:04 on 3 May",
        "link": LINK,
        "step": 0,
        "round": 1,
        "now": NOW,
    }
    return alert_message(**(given | changed))


@pytest.mark.parametrize(
    ("at", "zone", "text"),
    [
        (datetime(2026, 5, 3, 19, 4, tzinfo=UTC), "Europe/Berlin", "21:04 on 3 May"),
        (datetime(2026, 5, 3, 23, 30, tzinfo=UTC), "Europe/Berlin", "01:30 on 4 May"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin", "02:30 on 25 October"),
        (datetime(2028, 3, 1, 2, 5, tzinfo=UTC), "America/New_York", "21:05 on 29 February"),
        (datetime(2026, 12, 31, 18, 30, tzinfo=UTC), "Asia/Kolkata", "00:00 on 1 January"),
    ],
)
def test_tells_the_time_of_the_clinic(at, zone, text):
    assert clinic_time(at, zone) == text


def test_an_alert_says_level_code_time_link_and_how_to_take_it():
    message = alert()

    assert message.subject == "Urgent symptom alert K7Q-4T"
    assert message.text.splitlines() == [
        "Urgent symptom alert K7Q-4T.",
        "Raised 21:04 on 3 May (clinic time).",
        "",
        f"Open: {LINK}",
        "",
        "You can take it from the link without signing in; sign in to see whose it is.",
    ]
    assert (message.code, message.link, message.written_at) == ("K7Q-4T", LINK, NOW)
    assert message.urgent


@pytest.mark.parametrize(
    ("level", "title", "urgent"),
    [
        ("urgent", "Urgent symptom alert K7Q-4T", True),
        ("prompt", "Symptom alert for today K7Q-4T", False),
        ("louder", "Urgent symptom alert K7Q-4T", True),
    ],
)
def test_each_level_has_its_words(level, title, urgent):
    message = alert(level=level)

    assert (message.subject, message.urgent) == (title, urgent)


def test_a_later_round_says_which_it_is():
    message = alert(step=3, round=7)

    assert message.subject == "Urgent symptom alert K7Q-4T, message 7"
    assert "It is still open. This is message 7 about it, step 4." in message.text


def test_an_alert_has_no_place_for_what_is_known_of_the_patient():
    assert set(inspect.signature(alert_message).parameters) == {
        "to",
        "to_holder",
        "message_id",
        "level",
        "code",
        "raised_at",
        "link",
        "step",
        "round",
        "now",
    }
