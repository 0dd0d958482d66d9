"""The summary on paper."""

from tests.diary_app.care_house import hot_evening


def test_the_care_team_prints_the_summary_and_that_is_written_down(doors):
    hot_evening(doors.house)

    answer = doors.signed_in(doors.house.ben).get("/summary-print")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    for words in (
        "Ana Quiet",
        "P-001",
        "Temperature 38.5 C",
        "K7Q-4T: waits 12 min, taken by nobody",
        "Open, taken by nobody (1)",
        "Urgent: 1 alert, 1.00 per patient-week",
        "No summary was mailed in the last 8 days.",
    ):
        assert words in answer.text, words
    [event] = doors.audit("patient.read")
    assert (event.actor_id, event.patient_id) == (
        doors.house.ben.actor_id,
        doors.house.ana.actor_id,
    )


def test_an_administrator_gets_a_sentence_instead_of_patients(doors):
    hot_evening(doors.house)

    answer = doors.signed_in(doors.house.admin).get("/summary-print")

    assert answer.status_code == 403
    assert "Ana" not in answer.text
    assert doors.audit("patient.read") == []
