"""Apprise URLs to a real web server on loopback."""

import json
import threading

import pytest

from alerts.delivery import message as words
from alerts.delivery.apprise_url import AppriseTransport, can_be_used
from alerts.delivery.transport import Message
from alerts.errors import DeliveryError
from tests.alerts.web_peer import WebPeer, web_peer
from tests.people import NOW


def message(to: str) -> Message:
    return words.test_message(
        to=to, message_id="<0192@diary>", link="https://diary.example/", now=NOW
    )


def test_brings_title_and_words_to_the_service():
    peer = WebPeer()
    with web_peer(peer) as host:
        receipt = AppriseTransport().send(message(f"json://{host}/t0ken"))

    said = json.loads(peer.received[0][2])
    assert receipt == "taken by the service"
    assert said["title"] == "Symptom diary: test message"
    assert "Open: https://diary.example/" in said["message"]


def test_a_no_of_the_service_is_for_now_and_tells_no_address(caplog):
    with web_peer(WebPeer([(500, {})])) as host, pytest.raises(DeliveryError) as caught:
        AppriseTransport().send(message(f"json://{host}/t0ken"))

    assert not caught.value.permanent
    assert "t0ken" not in str(caught.value) + caplog.text
    assert "127.0.0.1" not in str(caught.value) + caplog.text


def test_a_gateway_that_hangs_is_left_behind_and_not_asked_again_while_it_hangs():
    peer = WebPeer(hold=threading.Event())
    transport = AppriseTransport(timeout_seconds=0.3)
    with web_peer(peer) as host:
        for _ in range(2):
            with pytest.raises(DeliveryError, match="did not answer in time") as caught:
                transport.send(message(f"json://{host}/"))
            assert not caught.value.permanent
    for thread in threading.enumerate():
        if thread.name == "diary-apprise":
            thread.join(10)

    assert len(peer.received) == 1


@pytest.mark.parametrize(
    "url", ["mobile", "nonsense://x", "", "json://a b", "syslog://", "dbus://"]
)
def test_an_address_that_cannot_be_used_is_refused_for_good(url: str):
    assert not can_be_used(url)
    with pytest.raises(DeliveryError) as caught:
        AppriseTransport().send(message(url))
    assert caught.value.permanent


@pytest.mark.parametrize("url", ["ntfy://topic-of-ben", "pover://user@token", "json://h.example/x"])
def test_knows_the_usual_services(url: str):
    assert can_be_used(url)
