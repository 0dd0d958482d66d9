"""The words of the summary mail: text and HTML say the same, and nothing of any patient."""

import re
from datetime import UTC, datetime

from alerts.delivery.digest_message import digest_message

NOW = datetime(2026, 5, 4, 5, 0, tzinfo=UTC)
LINK = "https://diary.clinic.example/?x=1&z=2"
COUNTS = {
    "new_alerts": 11,
    "open_alerts": 12,
    "overdue_alerts": 13,
    "taken_alerts": 14,
    "silent_patients": 15,
    "review_patients": 16,
    "entries": 17,
    "ungraded_entries": 18,
    "lost_messages": 19,
    "open_tasks": 20,
}
LINES = [
    {
        "codes": ["K7Q-4T", "M3N-5P", "A1A-1A"],
        "level": "urgent",
        "new": True,
        "taken": False,
        "overdue": True,
        "minutes": 65,
    },
    {
        "codes": ["Z9Z-9Z"],
        "level": "prompt",
        "new": False,
        "taken": True,
        "overdue": False,
        "minutes": 3000,
    },
]
LOAD = [
    {"level": "urgent", "alerts": 2, "rate": 0.111, "budget": 0.05, "over": True},
    {"level": "prompt", "alerts": 3, "rate": None, "budget": 0.3, "over": False},
]


def digest(content=None, **changed):
    given = {
        "to": "ben@clinic.example",
        "message_id": "<2@diary>",
        "clinic_name": "Klinik Köln",
        "content": content or {},
        "as_of": "07:00 on 4 May",
        "worker_last_ran_at": "06:59 on 4 May",
        "link": LINK,
        "now": NOW,
    }
    return digest_message(**(given | changed))


def test_the_text_lines_up():
    message = digest(COUNTS | {"lines": LINES, "load": LOAD})

    assert message.subject == "Symptom diary, daily summary: Klinik Köln"
    assert message.text.splitlines() == [
        "Daily summary of the symptom diary, Klinik Köln.",
        "As of 07:00 on 4 May (clinic time).",
        "",
        "Count                                 Number",
        "------------------------------------  ------",
        "New alerts in 24 hours                    11",
        "Open alerts, taken by nobody              12",
        "Of these overdue                          13",
        "Taken, not closed                         14",
        "Silent patients                           15",
        "Patients on the weekly list               16",
        "Entries received in 24 hours              17",
        "Entries that could not be graded          18",
        "Messages that could not be delivered      19",
        "Open tasks                                20",
        "",
        "Patients with an alert that is not closed, one line each:",
        "",
        "Alert              Level     New  Taken  Overdue      Waits",
        "-----------------  --------  ---  -----  -------  ---------",
        "K7Q-4T, M3N-5P +1  Urgent    new  no     OVERDUE  1 h 5 min",
        "Z9Z-9Z             Same day       yes               2 d 2 h",
        "",
        "Alerts of the last 7 days against the alert budget:",
        "",
        "Level     Load              Alerts  A patient-week  Budget",
        "--------  ----------------  ------  --------------  ------",
        "Urgent    above the budget       2            0.11    0.05",
        "Same day  -                      3               -    0.30",
        "",
        "Alerts last checked 06:59 on 4 May (clinic time).",
        "",
        f"Open: {LINK}",
        "",
        "Sign in to see whose they are; Summary shows everybody's week by name.",
    ]


def test_the_html_says_every_word_of_the_text():
    message = digest(COUNTS | {"lines": LINES, "load": LOAD, "missed": ["2026-05-03"]})

    assert message.html is not None
    seen = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", message.html)).replace("&amp;", "&")
    seen = seen.replace("&#x27;", "'")
    for line in message.text.splitlines():
        for cell in re.split(r"\s{2,}", line):
            assert set(cell) <= {"-", " "} or cell.strip() in seen, cell


def test_names_of_clinics_and_links_cannot_break_the_html():
    message = digest(clinic_name='<script>alert("1")</script>')

    assert message.html is not None
    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html
    assert '<a href="https://diary.clinic.example/?x=1&amp;z=2">' in message.html


def test_an_empty_digest_says_that_nothing_happened():
    assert "Nothing happened: no entries, no alerts, no silent patients." in digest().text


def test_a_single_silent_patient_is_not_nothing():
    message = digest({"silent_patients": 1})

    assert "Nothing happened" not in message.text
    assert re.search(r"^Silent patients +1$", message.text, re.MULTILINE)


def test_an_empty_digest_still_says_that_an_earlier_one_is_missing():
    text = digest({"missed": ["2026-05-01", "2026-05-03"]}).text

    assert "There was no summary from 1 May 2026 to 3 May 2026." in text


def test_a_digest_says_when_nobody_knows_whether_alerts_were_checked():
    assert "It is not known when alerts were last checked." in digest(worker_last_ran_at=None).text


def test_a_very_long_list_ends_with_how_many_more_there_are():
    text = digest({"open_alerts": 62, "lines": LINES[1:] * 62}).text

    assert text.count("Z9Z-9Z") == 60
    assert "And 2 more in the inbox." in text
