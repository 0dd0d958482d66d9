"""The link in an alert message."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from alerts.acknowledge import close_alert
from db.keys import MasterKey
from db.models import Alert, Notification, User
from diary_app.services.acknowledge_links import link_token, link_url, read_token

KEY = MasterKey(bytes(range(32)))


@given(st.uuids())
def test_a_token_tells_its_notification_and_survives_in_any_mail_program(notification_id):
    token = link_token(KEY, notification_id)

    assert read_token(KEY, token) == notification_id
    assert all(c.isascii() and (c.isalnum() or c in "-_") for c in token)
    assert token[-1].isalnum()


@given(st.uuids(), st.integers(0, 44), st.sampled_from("AQgw-_é0"))
def test_a_changed_token_tells_nothing(notification_id, place, other):
    token = link_token(KEY, notification_id)
    changed = token[:place] + other + token[place + 1 :]

    assert read_token(KEY, changed) == (notification_id if changed == token else None)


@pytest.mark.parametrize("token", ["", "-", "x", "A" * 45, "A" * 22 + "-" + "A" * 22, "é" * 45])
def test_anything_else_tells_nothing(token):
    assert read_token(KEY, token) is None


def test_another_key_tells_nothing():
    token = link_token(KEY, UUID(int=5))

    assert read_token(MasterKey(bytes(32)), token) is None


def path(doors, notification_id):
    url = link_url(doors.kit.key, doors.kit.origin, notification_id)
    return url.removeprefix(doors.kit.origin)


def test_shows_the_alert_without_a_word_about_the_patient_and_changes_nothing(doors):
    link = path(doors, doors.alert_for(doors.house.ben))
    before = doors.content()

    page = doors.browser().get(link)

    assert page.status_code == 200
    # Raised at 19:01 UTC; the clinic is in Berlin, one hour ahead in March.
    for words in ("K7Q-4T", "Urgent: call now", "Raised at 20:01", "Nobody has taken it yet."):
        assert words in page.text
    [alert] = doors.rows(Alert)
    assert f"/sign-in?next=/alerts/{alert.id}" in page.text
    for secret in ("Ana", "Quiet", "P-001", str(doors.house.ana.actor_id)):
        assert secret not in page.text
    assert doors.content() == before


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Purpose": "prefetch"}),
        ("GET", {"Sec-Purpose": "prefetch;prerender", "Origin": "http://diary.test"}),
        ("HEAD", {}),
        ("OPTIONS", {}),
        ("POST", {}),
        ("POST", {"Origin": "null"}),
        ("POST", {"Origin": "https://scanner.example"}),
        ("PUT", {"Origin": "http://diary.test"}),
    ],
)
def test_whatever_opens_links_before_a_person_takes_no_alert(doors, method, headers):
    link = path(doors, doors.alert_for(doors.house.ben))
    before = doors.content()

    answer = doors.browser().ask(method, link, headers=headers)

    assert answer.status_code in {200, 403, 405}
    assert doors.content() == before
    assert doors.rows(Alert)[0].state == "open"


def test_takes_the_alert_as_the_recipient(doors):
    link = path(doors, doors.alert_for(doors.house.ben))

    page = doors.browser().post(link)

    assert "You took alert K7Q-4T at 20:04." in page.text
    [alert] = doors.rows(Alert)
    assert (alert.state, alert.acknowledged_by) == ("acknowledged", doors.house.ben.actor_id)
    assert [event.actor_id for event in doors.audit("alert.acknowledge")] == [alert.acknowledged_by]
    assert doors.rows(Notification)[0].state == "superseded"
    assert {"worker", f"clinic:{doors.house.clinic_id}"} <= set(doors.published)


def test_says_who_was_first(doors):
    bens = path(doors, doors.alert_for(doors.house.ben))
    with doors.kit.database.writing() as session:
        [first] = doors.rows(Notification)
        doras = Notification(
            **first.model_dump(exclude={"id", "user_id", "message_id"}),
            user_id=doors.house.dora.actor_id,
            message_id="<other@diary>",
        )
        session.add(doras)
    doors.browser().post(bens)
    doors.clock.pass_(minutes=5)

    late = doors.browser().post(path(doors, doras.id))
    shown = doors.browser().get(path(doors, doras.id))
    repeated = doors.browser().post(bens)

    assert "Ben took this alert at 20:04." in late.text
    assert "Ben took this alert at 20:04." in shown.text
    assert "I take it" not in shown.text
    assert "You took alert K7Q-4T at 20:04." in repeated.text
    assert len(doors.audit("alert.acknowledge")) == 1


def test_a_closed_alert_is_told_as_closed(doors):
    link = path(doors, doors.alert_for(doors.house.ben))
    with doors.kit.database.writing() as session:
        alert_id = doors.rows(Alert)[0].id
        close_alert(session, doors.house.ben, alert_id, "advice", "", doors.clock())

    for page in (doors.browser().get(link), doors.browser().post(link)):
        assert "This alert is closed." in page.text
        assert "I take it" not in page.text


def test_refuses_recipients_who_left(doors):
    link = path(doors, doors.alert_for(doors.house.ben))
    with doors.kit.database.writing() as session:
        session.get(User, doors.house.ben.actor_id).active = False

    for page in (doors.browser().get(link), doors.browser().post(link)):
        assert page.status_code == 403
        assert "Your account is no longer active." in page.text
        assert "K7Q-4T" not in page.text
    assert doors.rows(Alert)[0].state == "open"


def test_an_administrator_is_told_to_phone(doors):
    link = path(doors, doors.alert_for(doors.house.admin))

    page = doors.browser().get(link)
    refused = doors.browser().post(link)

    assert "Please phone a nurse or clinician" in page.text
    assert "I take it" not in page.text
    assert refused.status_code == 403
    assert doors.rows(Alert)[0].state == "open"


def test_a_recipient_of_another_clinic_gets_nothing(doors):
    link = path(doors, doors.alert_for(doors.house.cleo))

    for page in (doors.browser().get(link), doors.browser().post(link)):
        assert page.status_code == 404
        assert "K7Q-4T" not in page.text
    assert doors.rows(Alert, col(Alert.state) == "open")


@pytest.mark.parametrize("token", ["x", "A" * 22 + "-" + "A" * 22, "%00", "a" * 3000])
def test_unknown_links_get_a_sentence(doors, token):
    for method in ("get", "post"):
        page = getattr(doors.browser(), method)(f"/a/{token}")
        assert page.status_code == 404
        assert "This link belongs to no alert." in page.text


def test_a_digests_notification_is_no_alert_link(doors):
    doors.alert_for(doors.house.ben)
    with doors.kit.database.writing() as session:
        [row] = doors.rows(Notification)
        session.get(Notification, row.id).alert_id = None

    assert doors.browser().get(path(doors, row.id)).status_code == 404
