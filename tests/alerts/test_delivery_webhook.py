"""Webhooks to a real web server on loopback."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts.delivery.message import alert_message
from alerts.delivery.transport import Message
from alerts.delivery.webhook import WebhookTransport, can_be_used
from alerts.errors import DeliveryError
from tests.alerts.web_peer import WebPeer, web_peer
from tests.people import NOW

SECRET = "k3y-of-the-ward-board"


def message(to: str, *, tried_at: datetime = NOW) -> Message:

    made = alert_message(
        to=to,
        message_id="<0192@diary>",
        level="urgent",
        code="K7Q-4T",
        raised_at="20:04 on 2 March",
        link="https://diary.example/",
        step=0,
        round=1,
        now=NOW,
    )
    return replace(made, secret=SECRET, tried_at=tried_at)


def refused(peer: WebPeer) -> DeliveryError:
    with web_peer(peer) as host, pytest.raises(DeliveryError) as caught:
        WebhookTransport(2).send(message(f"http://{host}/hook?token=s3cret"))
    assert "s3cret" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)
    return caught.value


def test_the_receiver_can_check_who_sent_it_and_when():
    peer = WebPeer([(202, {})])
    retried = NOW + timedelta(hours=3)
    with web_peer(peer) as host:
        receipt = WebhookTransport().send(message(f"http://{host}/hook", tried_at=retried))

    path, headers, body = peer.received[0]
    assert receipt == "202 Accepted"
    assert path == "/hook"
    assert headers["Diary-Message-Id"] == "<0192@diary>"
    # 2 March 2026, 22:04 UTC, as `date -d` has it.
    assert headers["Diary-Timestamp"] == "1772489040"
    signed = b"1772489040." + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["Diary-Signature"] == f"v1={expected}"
    assert json.loads(body) == {
        "kind": "alert",
        "id": "<0192@diary>",
        "code": "K7Q-4T",
        "level": "urgent",
        "title": "Urgent symptom alert K7Q-4T",
        "link": "https://diary.example/",
        "written_at": "2026-03-02T19:04:00+00:00",
    }


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 301, 307])
def test_tries_again_what_may_pass(status: int):
    elsewhere = {"Location": "http://127.0.0.1:9/elsewhere"} if status < 400 else {}
    peer = WebPeer([(status, elsewhere)])

    assert not refused(peer).permanent
    assert len(peer.received) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
def test_does_not_try_again_what_was_refused(status: int):
    assert refused(WebPeer([(status, {})])).permanent


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Mon, 02 Mar 2026 19:09:00 GMT", timedelta(minutes=5)),
        ("Mon, 02 Mar 2026 19:00:00 GMT", timedelta(0)),
        ("soon", None),
    ],
)
def test_heeds_how_long_the_other_side_wants_to_be_left_alone(header: str, wait: timedelta | None):
    assert refused(WebPeer([(429, {"Retry-After": header})])).retry_after == wait


def test_gives_up_for_now_when_nobody_listens():
    with web_peer(WebPeer()) as host:
        pass

    with pytest.raises(DeliveryError, match="cannot be reached") as caught:
        WebhookTransport(2).send(message(f"http://{host}/hook"))
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("https://board.clinic.example/hook", True),
        ("http://127.0.0.1:8080/hook", True),
        ("http://localhost/hook", True),
        ("http://board.clinic.example/hook", False),
        ("https://user:word@board.clinic.example/hook", False),
        ("ftp://board.clinic.example/hook", False),
        ("https:///hook", False),
        ("https://board.clinic.example:port/", False),
        ("board.clinic.example", False),
        ("https://a.example/ b", False),
        ("", False),
    ],
)
def test_leads_to_https_or_to_this_machine_alone(url: str, usable: bool):
    assert can_be_used(url) is usable
