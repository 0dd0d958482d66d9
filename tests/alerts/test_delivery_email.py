import socket
import threading
import traceback
from datetime import UTC, datetime

import pytest

from alerts.delivery.email import SmtpTransport
from alerts.delivery.transport import Message
from alerts.errors import DeliveryError
from tests.alerts.mail_server import Mailbox, mail_server, self_signed

BEN = "ben.nurse@clinic.example"
MESSAGE_ID = "<0190b6a2-7f3e-7c11-8a55-0d6f0a4c2b11@diary>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("certificate"))


def message(**changed):
    given = {
        "to": BEN,
        "subject": "Urgent symptom alert K7Q-4T",
        "text": "Urgent symptom alert K7Q-4T.\n",
        "html": "<p>Urgent symptom alert K7Q-4T.</p>",
        "message_id": MESSAGE_ID,
        "written_at": datetime(2026, 5, 3, 19, 4, tzinfo=UTC),
        "code": "K7Q-4T",
        "urgent": True,
    }
    return Message(**(given | changed))


def transport(port, **changed):
    given = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "user": None,
        "password": None,
        "sender": "Symptom diary <diary@clinic.example>",
        "timeout_seconds": 5,
    }
    return SmtpTransport(**(given | changed))


def failure(sender, sent=None):
    with pytest.raises(DeliveryError) as caught:
        sender.send(sent or message())
    return caught.value


def test_hands_over_the_letter_with_every_header_and_returns_the_receipt():
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        receipt = transport(port).send(message())

    (letter,) = mailbox.received
    assert receipt == "250 2.0.0 Ok: queued as 4F2A"
    assert mailbox.recipients == [BEN]
    assert mailbox.greetings == ["clinic.example"]
    headers = dict(letter.items())
    assert headers.pop("Content-Type").startswith("multipart/alternative")
    assert headers == {
        "From": "Symptom diary <diary@clinic.example>",
        "To": BEN,
        "Subject": "Urgent symptom alert K7Q-4T",
        "Date": "Sun, 03 May 2026 19:04:00 +0000",
        "Message-ID": MESSAGE_ID,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Diary-Alert": "K7Q-4T",
        "Importance": "high",
        "MIME-Version": "1.0",
    }


def test_carries_letters_of_any_alphabet_in_seven_bits():
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        transport(port).send(message(subject="Übersicht: Klinik Köln", text="Grüße — 日本\n"))

    (letter,) = mailbox.received
    assert letter["Subject"] == "Übersicht: Klinik Köln"
    assert letter.get_body(("plain",)).get_content().splitlines() == ["Grüße — 日本"]
    assert mailbox.raw[0].isascii()


def test_refuses_for_good_an_address_whose_letters_the_server_cannot_take():
    mailbox = Mailbox()
    with mail_server(mailbox, any_alphabet=False) as port:
        error = failure(transport(port), message(to="jörg@clinic.example"))

    assert error.permanent
    assert "jörg" not in str(error)
    assert mailbox.received == []


def test_brings_mail_to_an_address_with_letters_beyond_ascii():
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        transport(port).send(message(to="jörg@clinic.example"))

    assert mailbox.recipients == ["jörg@clinic.example"]
    assert mailbox.received[0]["Message-ID"] == MESSAGE_ID


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_sends_over_an_encrypted_connection_after_signing_in(certificate, security):
    mailbox = Mailbox()
    with mail_server(mailbox, password=b"right", **{security: certificate.context}) as port:
        transport(
            port, security=security, user="diary", password="right", ca_file=certificate.file
        ).send(message())

    assert (mailbox.encrypted, mailbox.signed_in) == ([True], [True])


def test_says_that_the_password_is_wrong_and_may_be_put_right(certificate):
    mailbox = Mailbox()
    with mail_server(mailbox, password=b"right", starttls=certificate.context) as port:
        error = failure(
            transport(
                port,
                security="starttls",
                user="diary",
                password="wrong",
                ca_file=certificate.file,
            )
        )

    assert not error.permanent
    assert str(error) == (
        "The mail server did not accept the user name or password; check the mail settings (535)."
    )
    assert mailbox.received == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_sends_nothing_over_a_connection_whose_certificate_is_not_trusted(certificate, security):
    mailbox = Mailbox()
    with mail_server(mailbox, **{security: certificate.context}) as port:
        error = failure(transport(port, security=security))

    assert not error.permanent
    assert "certificate" in str(error)
    assert mailbox.received == []


def test_sends_nothing_in_the_clear_when_starttls_is_set_and_not_offered():
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        error = failure(transport(port, security="starttls"))

    assert not error.permanent
    assert str(error) == "The mail server does not offer the security or sign-in that is set."
    assert mailbox.received == []


def test_says_when_the_server_offers_no_sign_in():
    with mail_server(Mailbox()) as port:
        error = failure(transport(port, user="diary", password="right"))

    assert not error.permanent
    assert str(error) == "The mail server does not offer the security or sign-in that is set."


def test_says_when_a_password_has_letters_that_mail_cannot_carry(certificate):
    with mail_server(Mailbox(), password=b"right", starttls=certificate.context) as port:
        error = failure(
            transport(
                port, security="starttls", user="diary", password="ß", ca_file=certificate.file
            )
        )

    assert not error.permanent
    assert "letters that mail cannot carry" in str(error)


@pytest.mark.parametrize(
    ("command", "answer", "permanent", "sentence"),
    [
        ("to_rcpt", f"550 5.1.1 <{BEN}> unknown", True, "refused the recipient (550 5.1.1)."),
        ("to_rcpt", f"553 {BEN} is no mailbox", True, "refused the recipient (553)."),
        ("to_rcpt", "451 4.7.1 Greylisted", False, "refused the recipient (451 4.7.1)."),
        ("to_rcpt", "421 Too busy", False, "refused the recipient (421)."),
        ("to_mail", "550 5.7.1 Who are you?", False, "refused the sender (550 5.7.1)."),
        ("to_mail", "452 4.3.1 Disk full", False, "refused the sender (452 4.3.1)."),
        ("to_data", f"554 5.6.0 Not for {BEN}", True, "refused the message (554 5.6.0)."),
        ("to_data", "452 4.3.1 Disk full", False, "refused the message (452 4.3.1)."),
    ],
)
def test_tells_a_refusal_for_good_from_one_for_now(command, answer, permanent, sentence):
    mailbox = Mailbox(**{command: [answer]})
    with mail_server(mailbox) as port:
        error = failure(transport(port))

    assert error.permanent is permanent
    assert str(error) == f"The mail server {sentence}"
    assert mailbox.received == []


def test_shows_no_address_in_the_trace_of_a_failure(certificate):
    mailbox = Mailbox(to_rcpt=[f"550 5.1.1 <{BEN}> unknown"])
    with mail_server(mailbox) as port:
        refused = failure(transport(port))
        malformed = failure(transport(port), message(to=f"{BEN}\nBcc: cleo@other.example"))

    for error in (refused, malformed):
        assert "ben.nurse" not in "".join(traceback.format_exception(error))


def test_goes_through_with_the_same_message_id_after_greylisting():
    mailbox = Mailbox(to_rcpt=["451 4.7.1 Greylisted", "250 2.1.5 Ok"])
    with mail_server(mailbox) as port:
        failure(transport(port))
        transport(port).send(message())

    assert [letter["Message-ID"] for letter in mailbox.received] == [MESSAGE_ID]


def test_counts_as_sent_when_only_the_good_bye_fails():
    mailbox = Mailbox(to_quit="421 4.3.2 Shutting down")
    with mail_server(mailbox) as port:
        receipt = transport(port).send(message())

    assert receipt.startswith("250")


def test_keeps_addresses_out_of_the_receipt():
    mailbox = Mailbox(to_data=[f"250 2.0.0 <{BEN}> queued as 4F2A"])
    with mail_server(mailbox) as port:
        receipt = transport(port).send(message())

    assert receipt == "250 2.0.0 queued as 4F2A"


def test_gives_up_for_now_when_the_server_never_greets():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = failure(transport(silent.getsockname()[1], timeout_seconds=0.5))

    assert not error.permanent
    assert str(error) == "The mail server did not answer in time."


def test_gives_up_for_now_when_the_server_hangs_over_the_letter():
    with mail_server(Mailbox(data_takes_seconds=60)) as port:
        error = failure(transport(port, timeout_seconds=0.5))

    assert not error.permanent
    assert str(error) == "The mail server did not answer in time."


def test_gives_up_for_now_when_the_server_is_down():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    error = failure(transport(port))

    assert not error.permanent
    assert str(error) == "The mail server cannot be reached."


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        (b"421 4.3.2 Too busy\r\n", "The mail server answered 421."),
        (b"", "The mail server closed the connection."),
    ],
)
def test_gives_up_for_now_when_the_server_turns_callers_away(says, sentence):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def turn_away():
            caller, _ = server.accept()
            with caller:
                caller.sendall(says)

        porter = threading.Thread(target=turn_away)
        porter.start()
        error = failure(transport(server.getsockname()[1]))
        porter.join()

    assert not error.permanent
    assert str(error) == sentence


def test_gives_up_for_now_when_the_name_of_the_server_is_not_known(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    error = failure(transport(25, host="mail.example"))

    assert not error.permanent
    assert str(error) == "The name of the mail server was not found."


@pytest.mark.parametrize("host", ["mail..example", "x" * 70 + ".example"])
def test_gives_up_for_now_when_the_name_of_the_server_cannot_be(host):
    error = failure(transport(25, host=host))

    assert not error.permanent


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ben",
        "ben@",
        "@clinic.example",
        f"{BEN}, cleo@other.example",
        f"{BEN}\r\nBcc: cleo@x.example",
        f"{BEN}\n",
    ],
)
def test_refuses_for_good_what_is_not_one_address(address):
    error = failure(transport(1), message(to=address))

    assert error.permanent


def test_refuses_for_good_a_subject_of_two_lines():
    error = failure(transport(1), message(subject="Urgent\nBcc: cleo@other.example"))

    assert error.permanent


def test_shows_no_password_when_printed():
    assert "secret" not in repr(transport(25, user="diary", password="secret"))
