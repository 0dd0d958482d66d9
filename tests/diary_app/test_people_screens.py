"""An administrator runs the clinic's people: invites, changes roles, ends access at once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select

from alerts import asking
from db.errors import AccessDeniedError, ConflictError
from db.models import AuditEvent, Invitation, Notification, Passkey, SignIn, User
from db.stores import alerting, factors, tasks
from diary_app.services.doors import open_sign_in
from diary_app.services.inbox import Inbox
from diary_app.services.invitations import check_link
from diary_app.services.kit import signed_out_topic
from diary_app.services.refusals import LinkError, StepUpError
from diary_app.services.staff import Staff
from tests.alerts.test_worker import rows
from tests.diary_app.care_house import beat, hot_evening, kit_for
from tests.diary_app.test_care_screens import on_screen
from tests.ground.screen import Screen
from tests.people import NOW, House


@pytest.fixture
def joined(house: House) -> House:
    """Everybody of the house chose a password."""
    with house.database.writing() as session:
        for user in session.exec(select(User)):
            user.password_hash = "hash"
            session.add(user)
    return house


def user(house: House, user_id: UUID) -> User:
    return next(row for row in rows(house, User) if row.id == user_id)


def add_administrator(house: House, *, has_joined: bool) -> UUID:
    with house.database.writing() as session:
        second = User(
            clinic_id=house.clinic_id,
            email="eve@north.example",
            name="Eve",
            role="administrator",
            password_hash="hash" if has_joined else None,
            created_at=NOW,
        )
        session.add(second)
        session.flush()
        return second.id


@pytest.mark.parametrize("second", ["nobody", "invited only"])
def test_the_last_administrator_who_can_sign_in_stays(
    joined: House, tmp_path: Path, second: str
) -> None:
    if second == "invited only":
        add_administrator(joined, has_joined=False)
    staff = Staff(kit_for(joined, tmp_path), joined.admin)

    (ada,) = [line for line in staff.page().lines if line.is_last]
    assert ada.name == "Ada"
    for act in (
        lambda: staff.end(joined.admin.actor_id),
        lambda: staff.change_role(joined.admin.actor_id, "nurse"),
    ):
        with pytest.raises(ConflictError, match="last administrator"):
            act()
    assert user(joined, joined.admin.actor_id).active


def test_with_a_second_one_an_administrator_may_go_and_then_the_other_may_not(
    joined: House, tmp_path: Path
) -> None:
    eve = add_administrator(joined, has_joined=True)
    staff = Staff(kit_for(joined, tmp_path), joined.admin)

    staff.change_role(joined.admin.actor_id, "clinician")

    with pytest.raises(ConflictError, match="last administrator"):
        staff.end(eve)


def test_ended_access_ends_sign_ins_links_and_hands_alerts_back(
    joined: House, tmp_path: Path
) -> None:
    published: list[str] = []
    kit = kit_for(joined, tmp_path, publish=published.append)
    staff, ben = Staff(kit, joined.admin), joined.ben.actor_id
    alert_id = hot_evening(joined)
    Inbox(kit, joined.ben).take(alert_id)
    token = staff.link(ben).url.rpartition("/")[2]
    with joined.database.writing() as session:
        opened = open_sign_in(session, joined.ben, "Chrome", NOW)
        key = Passkey(
            clinic_id=joined.clinic_id, user_id=ben, credential_id="k", public_key=b"k",
            name="Laptop", created_at=NOW,
        )  # fmt: skip
        factors.add_passkey(session, joined.ben, key, NOW)

    assert staff.end(ben) == 1

    with joined.database.reading() as session:
        alert = alerting.alert(session, joined.dora, alert_id)
        assert (alert.state, alert.acknowledged_by, alert.next_look_at) == ("open", None, NOW)
        last = alerting.events(session, joined.dora, alert_id)[-1]
    assert (last.kind, last.detail["because"]) == ("returned", "left")
    assert [row.ended_at for row in rows(joined, SignIn)] == [NOW]
    assert signed_out_topic(opened.sign_in_id) in published
    assert rows(joined, Passkey) == []
    assert (user(joined, ben).password_hash, user(joined, ben).active) == (None, False)
    with pytest.raises(LinkError):
        check_link(kit, token, "staff", NOW)
    with joined.database.reading() as session:
        verbs = session.exec(select(AuditEvent.verb).order_by(col(AuditEvent.number).desc())).all()
    assert verbs[0] == "staff.end"


def test_tasks_of_whoever_leaves_are_somebody_elses_and_their_summary_is_not_missed(
    joined: House, tmp_path: Path
) -> None:
    dora, admin = joined.dora.actor_id, joined.admin.actor_id
    with joined.database.writing() as session:
        tasks.add_task(session, joined.worker, "stuck", dora, "See why messages wait.", NOW)
        for kind in ("digest", "alert"):
            asking.tell(session, joined.worker, [dora], kind, {}, NOW)

    Staff(kit_for(joined, tmp_path), joined.admin).end(dora)

    with joined.database.reading() as session:
        assert [row.user_id for row in tasks.open_tasks(session, joined.worker)] == [admin]
    states = {(row.user_id, row.kind): row.state for row in rows(joined, Notification)}
    # The alert's message fails for good when it is tried, and that becomes a task.
    assert states == {
        (dora, "digest"): "superseded",
        (dora, "alert"): "pending",
        (admin, "task"): "pending",
    }


def test_another_role_holds_at_once_and_an_administrator_holds_no_alert(
    joined: House, tmp_path: Path
) -> None:
    kit = kit_for(joined, tmp_path)
    staff, ben = Staff(kit, joined.admin), joined.ben.actor_id
    alert_id = hot_evening(joined)
    Inbox(kit, joined.ben).take(alert_id)
    with joined.database.writing() as session:
        open_sign_in(session, joined.ben, "Chrome", NOW)

    assert staff.change_role(ben, "clinician") == 0
    assert [row.ended_at for row in rows(joined, SignIn)] == [NOW]
    assert staff.change_role(ben, "administrator") == 1
    assert user(joined, ben).role == "administrator"


def test_whoever_has_an_account_is_told_of_a_new_link(joined: House, tmp_path: Path) -> None:
    staff = Staff(kit_for(joined, tmp_path), joined.admin)
    staff.link(joined.ben.actor_id)
    staff.link(joined.admin.actor_id)
    (mail,) = rows(joined, Notification)
    assert mail.user_id == joined.ben.actor_id
    assert "another password for your account" in mail.content["sentence"]


def test_an_unlocked_desk_lets_nobody_in_but_shuts_out(joined: House, tmp_path: Path) -> None:
    with joined.database.writing() as session:
        opened = open_sign_in(session, joined.admin, "Chrome", NOW)
    at_desk = replace(joined.admin, sign_in_id=opened.sign_in_id)
    kit = kit_for(joined, tmp_path, now=NOW + timedelta(minutes=6))
    staff, ben = Staff(kit, at_desk), joined.ben.actor_id
    for act in (
        lambda: staff.invite("eve@north.example", "Eve", "administrator"),
        lambda: staff.link(ben),
        lambda: staff.change_role(ben, "administrator"),
    ):
        with pytest.raises(StepUpError):
            act()
    assert staff.end(ben) == 0
    with pytest.raises(StepUpError):
        staff.let_back(ben, "nurse")


def test_somebody_let_back_in_needs_a_new_password(joined: House, tmp_path: Path) -> None:
    kit = kit_for(joined, tmp_path)
    staff, ben = Staff(kit, joined.admin), joined.ben.actor_id
    staff.end(ben)
    with pytest.raises(ConflictError, match="ended before"):
        staff.end(ben)

    link = staff.let_back(ben, "clinician")

    check_link(kit, link.url.rpartition("/")[2], "staff", NOW)
    back = user(joined, ben)
    assert (back.active, back.role, back.password_hash) == (True, "clinician", None)


def test_before_the_last_one_who_takes_alerts_goes_it_is_said(
    joined: House, tmp_path: Path
) -> None:
    staff = Staff(kit_for(joined, tmp_path), joined.admin)
    assert not staff.ties(joined.ben.actor_id).last_to_take
    staff.end(joined.dora.actor_id)
    assert staff.ties(joined.ben.actor_id).last_to_take


@pytest.mark.parametrize("who", ["ana", "ben", "dora", "cleo"])
def test_nobody_but_the_clinics_administrator_touches_its_people(
    joined: House, tmp_path: Path, who: str
) -> None:
    theirs = Staff(kit_for(joined, tmp_path), getattr(joined, who))
    ben = joined.ben.actor_id
    for act in (
        theirs.page,
        lambda: theirs.end(ben),
        lambda: theirs.change_role(ben, "administrator"),
        lambda: theirs.link(ben),
        lambda: theirs.invite("eve@north.example", "Eve", "administrator"),
    ):
        with pytest.raises(AccessDeniedError):
            act()
    assert rows(joined, Invitation) == []


def test_on_the_screen_somebody_is_invited_promoted_and_shut_out(
    joined: House, tmp_path: Path
) -> None:
    beat(joined)

    async def story(screen: Screen) -> None:
        assert screen.shows("The last administrator who can sign in")
        await screen.click("add-person")
        await screen.click("person-invite")
        await screen.until(lambda: screen.shows("This is not an e-mail address"))
        await screen.enter("person-name", "Eve")
        await screen.enter("person-email", "Eve@North.example")
        await screen.click("person-invite")
        await screen.until(lambda: screen.shows("Eve opens this link once, until"))
        await screen.click("link-gone")
        await screen.until(lambda: screen.shows("Nurse, invited"))
        await screen.click("end-ben@north.example")
        await screen.until(lambda: screen.shows("is signed out everywhere at once"))
        await screen.click("sure-end-ben@north.example")
        await screen.until(lambda: screen.shows("No access"))

    on_screen(joined, tmp_path, joined.admin, "/admin/people", story)
    assert {row.name: (row.role, row.active) for row in rows(joined, User)} | {} == {
        "Ada": ("administrator", True),
        "Ben": ("nurse", False),
        "Cleo": ("nurse", True),
        "Dora": ("clinician", True),
        "Eve": ("nurse", True),
    }
