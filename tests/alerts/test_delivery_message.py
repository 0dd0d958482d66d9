import inspect
from datetime import UTC, datetime

import pytest

from alerts.delivery.message import DigestCounts, alert_message, clinic_time, digest_message

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


def digest(**changed):
    given = {
        "to": "ben@clinic.example",
        "message_id": "<2@diary>",
        "clinic_name": "Klinik Köln",
        "counts": DigestCounts(),
        "worker_last_ran_at": "06:59 on 4 May",
        "link": LINK,
        "now": NOW,
    }
    return digest_message(**(given | changed))


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


def test_html_says_the_same_and_cannot_be_broken_by_a_name():
    message = digest(clinic_name='<script>alert("1")</script>')

    assert message.html is not None
    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html
    assert '<a href="https://diary.clinic.example/a/x?y=1&amp;z=2">' in message.html


def test_a_digest_tells_counts():
    counts = DigestCounts(
        new_alerts=11,
        open_alerts=12,
        overdue_alerts=13,
        taken_alerts=14,
        silent_patients=15,
        entries=16,
        ungraded_entries=17,
    )

    message = digest(counts=counts)

    assert message.subject == "Symptom diary, daily summary: Klinik Köln"
    assert message.text.splitlines() == [
        "Daily summary of the symptom diary, Klinik Köln.",
        "New alerts: 11",
        "Open alerts, taken by nobody: 12",
        "Of these overdue: 13",
        "Taken, not closed: 14",
        "Silent patients: 15",
        "Entries received: 16",
        "Entries that could not be graded: 17",
        "Alerts last checked 06:59 on 4 May (clinic time).",
        "",
        f"Open: {LINK}",
        "",
        "Sign in to see whose they are.",
    ]


def test_an_empty_digest_says_that_nothing_happened():
    assert "Nothing happened: no entries, no alerts, no silent patients." in digest().text


def test_a_single_silent_patient_is_not_nothing():
    message = digest(counts=DigestCounts(silent_patients=1))

    assert "Nothing happened" not in message.text
    assert "Silent patients: 1" in message.text


def test_a_digest_says_when_nobody_knows_whether_alerts_were_checked():
    assert "It is not known when alerts were last checked." in digest(worker_last_ran_at=None).text
