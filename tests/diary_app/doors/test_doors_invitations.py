"""Invitations that leave the screen: by mail over a real mail server, and on paper."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.delivery.email import SmtpTransport
from db.errors import AccessDeniedError, NotFoundError
from db.stores import audit, people
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.enrolling import NewPatient
from diary_app.services.invitations import check_link
from diary_app.services.inviting import Inviting
from diary_app.services.refusals import LinkError, RefusedError
from diary_app.services.roster import Roster
from tests.alerts.mail_server import Mailbox, mail_server
from tests.diary_app.doors.house import Doors


def posting(doors: Doors, port: int) -> Inviting:
    """Ben's invitations, with mail through a server on this machine."""
    post = SmtpTransport("127.0.0.1", port, "none", None, None, "diary@diary.test").send
    return Inviting(replace(doors.kit, post=post), doors.house.ben)


def token_in(text: str) -> str:
    found = re.search(r"/join/([0-9a-f]{64})", text)
    assert found is not None
    return found.group(1)


def test_the_mail_carries_a_link_that_works_and_nothing_of_the_patient(doors: Doors) -> None:
    house = doors.house
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        posting(doors, port).mail(house.ana.actor_id, " somebody@home.example ")

    (mail,) = mailbox.received
    text = mail.get_body(("plain",)).get_content()
    assert mailbox.recipients == ["somebody@home.example"]
    for told in ("Ana", "Quiet", "P-001", "North", "imatinib", "symptom"):
        assert told.casefold() not in (mail.as_string() + text).casefold()
    check_link(doors.kit, token_in(text), "patient", doors.clock.now)
    with house.database.reading() as session:
        act = audit.events(session, house.admin)[0]
    assert (act.verb, act.patient_id) == ("invitation.make", house.ana.actor_id)
    assert act.detail == {"by": "mail"}


def test_a_mail_that_does_not_leave_ends_no_older_link(doors: Doors) -> None:
    older = Inviting(doors.kit, doors.house.ben).link(doors.house.ana.actor_id)
    with (
        mail_server(Mailbox(to_rcpt=["550 5.1.1 No such user"])) as port,
        pytest.raises(RefusedError, match="did not leave"),
    ):
        posting(doors, port).mail(doors.house.ana.actor_id, "nobody@home.example")

    check_link(doors.kit, token_in(older.url), "patient", doors.clock.now)


def test_without_a_mail_server_it_says_so_and_a_wrong_address_is_named(doors: Doors) -> None:
    service = Inviting(doors.kit, doors.house.ben)
    with pytest.raises(RefusedError, match="did not leave"):
        service.mail(doors.house.ana.actor_id, "ana@home.example")
    for typed in ("", "ana", "ana@home, ben@home"):
        with pytest.raises(UnusableAnswerError, match="not an e-mail address"):
            service.mail(doors.house.ana.actor_id, typed)


def test_sheets_print_one_code_for_each_patient_in_their_language(doors: Doors) -> None:
    house = doors.house
    new = NewPatient("Eva Nova", "P-002", "1960-02-29", language="es")
    eva = Roster(doors.kit, house.ben).enroll(new)
    ticket = Inviting(doors.kit, house.ben).sheets([house.ana.actor_id, eva])

    answer = doors.signed_in(house.ben).get(f"/invitation-sheets/{ticket}")

    assert answer.status_code == 200
    tokens = re.findall(r"/join/([0-9a-f]{64})", answer.text)
    assert len(tokens) == len(set(tokens)) == 2
    assert answer.text.count("data:image/png;base64,") == 2
    assert ('lang="en"' in answer.text, '<section class="invitation" lang="es"' in answer.text) == (
        True,
        True,
    )
    assert "Ana Quiet, P-001" in answer.text
    assert "1955" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    for token in tokens:
        check_link(doors.kit, token, "patient", doors.clock.now)


def test_sheets_are_shown_to_their_maker_alone_and_for_half_an_hour(doors: Doors) -> None:
    house = doors.house
    ticket = Inviting(doors.kit, house.ben).sheets([house.ana.actor_id])
    path = f"/invitation-sheets/{ticket}"

    assert doors.signed_in(house.dora).get(path).status_code == 404
    assert doors.signed_in(house.ben).get(path[:-4] + "AAAA").status_code == 404
    assert doors.browser().get(path).status_code == 303
    late = replace(doors.kit, clock=lambda: doors.clock.now + timedelta(minutes=31))
    with pytest.raises(RefusedError, match="no longer shown"):
        Inviting(late, house.ben).opened(ticket)


def test_new_sheets_end_older_links_and_strangers_make_none(doors: Doors) -> None:
    house = doors.house
    older = Inviting(doors.kit, house.ben).link(house.ana.actor_id)
    Inviting(doors.kit, house.ben).sheets([house.ana.actor_id])
    with pytest.raises(LinkError):
        check_link(doors.kit, token_in(older.url), "patient", doors.clock.now)
    with pytest.raises(NotFoundError):
        Inviting(doors.kit, house.cleo).sheets([house.ana.actor_id])
    with pytest.raises(AccessDeniedError):
        Inviting(doors.kit, house.ana).sheets([house.ana.actor_id])
    with pytest.raises(RefusedError):
        Inviting(doors.kit, house.ben).sheets([])
    with house.database.reading() as session:
        assert people.patient(session, house.ben, house.ana.actor_id).active
