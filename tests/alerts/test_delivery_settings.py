import re
from pathlib import Path

import pytest

from alerts.delivery.email import SmtpTransport
from alerts.delivery.outbox import FileTransport
from alerts.delivery.register import transport_for
from alerts.errors import DeliveryError
from alerts.settings import DeliverySettings

SENDER = "Symptom diary <diary@clinic.example>"


def settings(**changed):
    given = {
        "way": "smtp",
        "sender": SENDER,
        "base_url": "https://diary.clinic.example",
        "smtp_host": "mail.clinic.example",
    }
    return DeliverySettings(**(given | changed))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"way": "pigeon"}, "The way out must be smtp or file."),
        ({"way": "file"}, "Messages go to files, but no outbox folder is set."),
        ({"smtp_host": None}, "Messages go by e-mail, but no mail server is set."),
        ({"smtp_host": ""}, "Messages go by e-mail, but no mail server is set."),
        (
            {"smtp_security": "some"},
            "The security of the mail server must be none, starttls or tls.",
        ),
        (
            {"smtp_user": "diary"},
            "Set both the user and the password of the mail server, or neither.",
        ),
        (
            {"smtp_password": "right"},
            "Set both the user and the password of the mail server, or neither.",
        ),
        ({"sender": "diary"}, "The sender must be an e-mail address."),
    ],
)
def test_refuses_settings_that_lack_something_in_one_sentence(changed, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        settings(**changed)


def test_shows_no_password_when_printed():
    assert "right-secret" not in repr(settings(smtp_user="diary", smtp_password="right-secret"))


def test_email_leaves_by_the_mail_server_of_the_settings():
    transport = transport_for(
        "email",
        settings(
            smtp_port=465,
            smtp_security="tls",
            smtp_user="diary",
            smtp_password="right",
            smtp_ca_file=Path("ca.pem"),
            smtp_timeout_seconds=7,
        ),
    )

    assert transport == SmtpTransport(
        host="mail.clinic.example",
        port=465,
        security="tls",
        user="diary",
        password="right",
        sender=SENDER,
        timeout_seconds=7,
        ca_file=Path("ca.pem"),
        keep=6,
    )


def test_email_goes_into_the_outbox_folder_when_the_settings_say_so(tmp_path):
    transport = transport_for("email", settings(way="file", outbox_directory=tmp_path))

    assert transport == FileTransport(tmp_path, SENDER)


def test_refuses_a_way_out_that_does_not_exist_for_good():
    with pytest.raises(DeliveryError) as caught:
        transport_for("pigeon", settings())

    assert caught.value.permanent
