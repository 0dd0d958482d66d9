import stat
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from alerts.delivery.message import alert_message
from alerts.delivery.outbox import FileTransport
from alerts.errors import DeliveryError

NOW = datetime(2026, 5, 3, 19, 4, tzinfo=UTC)


def alert(message_id="<1@diary>", to="ben.nurse@clinic.example", round=1):
    return alert_message(
        to=to,
        message_id=message_id,
        level="urgent",
        code="K7Q-4T",
        raised_at="21:04 on 3 May",
        link="https://diary.clinic.example/a/x",
        step=0,
        round=round,
        now=NOW,
    )


def test_writes_a_letter_that_mail_programs_read(tmp_path):
    folder = tmp_path / "new" / "outbox"

    receipt = FileTransport(folder, "diary@clinic.example").send(alert())

    letter = message_from_bytes((folder / receipt).read_bytes(), policy=default)
    assert letter["Message-ID"] == "<1@diary>"
    assert letter["From"] == "diary@clinic.example"
    assert letter["X-Diary-Alert"] == "K7Q-4T"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == NOW
    assert "https://diary.clinic.example/a/x" in letter.get_body(("plain",)).get_content()
    assert "https://diary.clinic.example/a/x" in letter.get_body(("html",)).get_content()


def test_names_no_file_after_anybody_and_leaves_nothing_unfinished(tmp_path):
    receipt = FileTransport(tmp_path).send(alert())

    assert [path.name for path in tmp_path.iterdir()] == [receipt]
    assert "ben" not in receipt
    assert receipt.endswith(".eml")


def test_keeps_one_file_of_a_message_that_is_sent_twice(tmp_path):
    transport = FileTransport(tmp_path)

    receipts = {transport.send(alert()), transport.send(alert(round=2))}

    assert [path.name for path in tmp_path.iterdir()] == list(receipts)


def test_keeps_messages_apart(tmp_path):
    transport = FileTransport(tmp_path)

    receipts = {transport.send(alert("<1@diary>")), transport.send(alert("<2@diary>"))}

    assert {path.name for path in tmp_path.iterdir()} == receipts
    assert len(receipts) == 2


def test_says_when_the_folder_cannot_be_written(tmp_path):
    occupied = tmp_path / "outbox"
    occupied.write_text("a file where the folder belongs")

    with pytest.raises(DeliveryError, match="The outbox folder cannot be written") as caught:
        FileTransport(occupied).send(alert())

    assert not caught.value.permanent
    assert stat.S_ISREG(occupied.stat().st_mode)


def test_leaves_nothing_unfinished_when_the_file_cannot_take_its_place(tmp_path):
    name = FileTransport(tmp_path / "trial").send(alert())
    folder = tmp_path / "outbox"
    (folder / name / "in the way").mkdir(parents=True)

    with pytest.raises(DeliveryError):
        FileTransport(folder).send(alert())

    assert [path.name for path in folder.iterdir()] == [name]


def test_refuses_a_bad_address_for_good(tmp_path):
    with pytest.raises(DeliveryError) as caught:
        FileTransport(tmp_path).send(alert(to="nobody"))

    assert caught.value.permanent
    assert list(tmp_path.iterdir()) == []
