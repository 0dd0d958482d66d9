"""Connections to the mail server that are kept between letters."""

import time

import pytest

from alerts.delivery.email import SmtpTransport
from alerts.delivery.transport import Message
from alerts.errors import DeliveryError
from tests.alerts.mail_server import Mailbox, mail_server
from tests.people import NOW


def transport(port: int, keep: int = 2) -> SmtpTransport:
    return SmtpTransport(
        host="127.0.0.1",
        port=port,
        security="none",
        user=None,
        password=None,
        sender="diary@north.example",
        timeout_seconds=2,
        keep=keep,
    )


def letter(number: int) -> Message:
    return Message(
        to="ben@north.example",
        subject="x",
        text="x\n",
        message_id=f"<{number}@diary>",
        written_at=NOW,
    )


def ids(mailbox: Mailbox) -> list[str]:
    return [mail["Message-ID"] for mail in mailbox.received]


def test_many_letters_go_over_one_connection():
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        way = transport(port)
        for number in range(3):
            way.send(letter(number))
        way.let_go(0)

    assert ids(mailbox) == ["<0@diary>", "<1@diary>", "<2@diary>"]
    assert len(mailbox.greetings) == 1


def test_a_connection_that_the_server_dropped_meanwhile_is_opened_anew():
    mailbox = Mailbox(hangs_up_after_a_letter=True)
    with mail_server(mailbox) as port:
        way = transport(port)
        way.send(letter(1))
        time.sleep(0.1)
        way.send(letter(2))
        way.let_go(0)

    assert ids(mailbox) == ["<1@diary>", "<2@diary>"]
    assert len(mailbox.greetings) == 2


@pytest.mark.parametrize("says", ["421 4.7.0 too many messages", "452 4.5.3 too many messages"])
def test_a_server_that_wants_no_more_letters_on_a_connection_gets_a_new_one(says: str):
    mailbox = Mailbox(to_mail=["250 Ok", says, "250 Ok"])
    with mail_server(mailbox) as port:
        way = transport(port)
        way.send(letter(1))
        way.send(letter(2))
        way.let_go(0)

    assert ids(mailbox) == ["<1@diary>", "<2@diary>"]
    assert len(mailbox.greetings) == 2


def test_a_server_that_turns_new_connections_away_too_has_failed_for_now():
    mailbox = Mailbox(to_mail=["250 Ok", "451 4.3.0 try later"])
    with mail_server(mailbox) as port:
        way = transport(port)
        way.send(letter(1))
        with pytest.raises(DeliveryError, match="refused the sender") as caught:
            way.send(letter(2))
        way.let_go(0)

    assert not caught.value.permanent
    assert ids(mailbox) == ["<1@diary>"]


def test_a_refused_letter_leaves_no_trace_in_the_next_one():
    mailbox = Mailbox(to_rcpt=["250 Ok", "550 5.1.1 no such user", "250 Ok"])
    with mail_server(mailbox) as port:
        way = transport(port)
        way.send(letter(1))
        with pytest.raises(DeliveryError):
            way.send(letter(2))
        way.send(letter(3))
        way.let_go(0)

    assert ids(mailbox) == ["<1@diary>", "<3@diary>"]
