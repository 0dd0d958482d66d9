"""Teams, rotas and the policy: who may change them, what is refused, what the audit keeps."""

from datetime import timedelta

import pytest

from db.errors import AccessDeniedError, ConflictError, NotFoundError
from db.models import Absence, RotaOverride, RotaShift
from db.stores import audit, policies, rotas, teams
from tests.people import NOW, House


def test_every_change_is_in_the_audit_with_what_it_was(house: House):
    ben = house.ben.actor_id
    with house.database.writing() as session:
        rota_id = rotas.add_rota(session, house.admin, "Nights", NOW)
        week = RotaShift(
            clinic_id=house.clinic_id,
            rota_id=rota_id,
            weekday=5,
            starts="20:00",
            ends="08:00",
            user_id=ben,
        )
        rotas.set_shifts(session, house.admin, rota_id, [week], NOW)
        swap = RotaOverride(
            clinic_id=house.clinic_id,
            rota_id=rota_id,
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=8),
            user_id=house.dora.actor_id,
        )
        rotas.add_override(session, house.admin, swap, NOW)
        rotas.remove_override(session, house.admin, swap.id, NOW)
        rotas.end_rota(session, house.admin, rota_id, NOW)

    with house.database.reading() as session:
        acts = audit.events(session, house.admin)
        assert rotas.rotas(session, house.ben) == []
        assert rotas.overrides(session, house.ben, NOW) == []
    assert [act.verb for act in reversed(acts)] == [
        "rota.add",
        "rota.week",
        "rota.override",
        "rota.override_removed",
        "rota.end",
    ]
    assert acts[3].detail == {"shifts": [[5, "20:00", "08:00", str(ben)]]}
    assert acts[1].detail["user_id"] == str(house.dora.actor_id)


def test_nobody_of_another_clinic_gets_into_a_team_a_rota_or_a_cover(house: House):
    cleo = house.cleo.actor_id
    with house.database.writing() as session:
        team_id = teams.add_team(session, house.dora, "Ward 3", NOW)
        rota_id = rotas.add_rota(session, house.dora, "Nights", NOW)
        strange = RotaShift(
            clinic_id=house.clinic_id,
            rota_id=rota_id,
            weekday=0,
            starts="08:00",
            ends="20:00",
            user_id=cleo,
        )
        away = Absence(
            clinic_id=house.clinic_id,
            user_id=house.ben.actor_id,
            first_on=NOW.date(),
            last_on=NOW.date(),
            cover_id=cleo,
        )
        with pytest.raises(NotFoundError):
            teams.set_members(session, house.dora, team_id, [cleo], NOW)
        with pytest.raises(NotFoundError):
            rotas.set_shifts(session, house.dora, rota_id, [strange], NOW)
        with pytest.raises(NotFoundError):
            rotas.add_absence(session, house.dora, away, NOW)


def test_a_nurse_reads_and_changes_nothing(house: House):
    with house.database.writing() as session:
        assert policies.policy(session, house.ben)["urgent"]
        with pytest.raises(AccessDeniedError):
            teams.add_team(session, house.ben, "Ward 3", NOW)
        with pytest.raises(AccessDeniedError):
            policies.keep_policy(session, house.ben, {}, {}, NOW)


def test_two_names_alike_are_refused(house: House):
    with house.database.writing() as session:
        teams.add_team(session, house.dora, "Ward 3", NOW)
        rotas.add_rota(session, house.dora, "Nights", NOW)
        with pytest.raises(ConflictError, match="There is a team ward 3 already"):
            teams.add_team(session, house.dora, "ward 3", NOW)
        with pytest.raises(ConflictError, match="There is a rota NIGHTS already"):
            rotas.add_rota(session, house.dora, "NIGHTS", NOW)


def test_what_the_policy_tells_cannot_be_given_up(house: House):
    with house.database.writing() as session:
        team_id = teams.add_team(session, house.dora, "Ward 3", NOW)
        rota_id = rotas.add_rota(session, house.dora, "Nights", NOW)
        known = policies.policy(session, house.dora)
        step = {"wait_seconds": 0, "notify": [f"team:{team_id}", f"rota:{rota_id}"]}
        content = known | {"urgent": known["urgent"] | {"steps": [step]}}
        policies.keep_policy(session, house.dora, content, known, NOW)

        with pytest.raises(
            ConflictError, match="The policy, or an alert that is open, tells the team Ward 3"
        ):
            teams.end_team(session, house.dora, team_id, NOW)
        with pytest.raises(
            ConflictError, match="The policy, or an alert that is open, tells the rota Nights"
        ):
            rotas.end_rota(session, house.dora, rota_id, NOW)


def test_the_second_of_two_editors_is_told_and_the_audit_keeps_every_policy(house: House):
    with house.database.writing() as session:
        known = policies.policy(session, house.dora)
        hours = {"starts": "22:00", "ends": "07:00", "days": [0]}
        policies.keep_policy(session, house.dora, known | {"quiet_hours": hours}, known, NOW)
        with pytest.raises(ConflictError, match="A colleague changed the policy meanwhile"):
            policies.keep_policy(session, house.admin, known, known, NOW)

        (act,) = audit.events(session, house.admin)
    assert (act.verb, act.actor_id) == ("policy.change", house.dora.actor_id)
    assert act.detail["policy"]["quiet_hours"] == hours
