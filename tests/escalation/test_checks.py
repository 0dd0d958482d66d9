"""What a policy would do, and what is missing in it, with people of a small clinic."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from alerts.escalation.checks import findings
from alerts.escalation.on_call import Absence, Override, Shift
from alerts.escalation.policy import DEFAULT_POLICY, Ladder, Policy, QuietHours, Step
from alerts.escalation.rehearsal import first_told, rehearse
from alerts.escalation.staffing import Person, Staffing, Team, WeeklyRota

BEN, DORA, ADA, GONE, WARD, NIGHTS = (UUID(int=number) for number in range(1, 7))
BERLIN = ZoneInfo("Europe/Berlin")
# Saturday 9 May 2026, 21:04 in Berlin.
SATURDAY = datetime(2026, 5, 9, 19, 4, tzinfo=UTC)
STAFF = Staffing(
    {
        BEN: Person("Ben", "nurse"),
        DORA: Person("Dora", "clinician"),
        ADA: Person("Ada", "administrator"),
    },
    BERLIN,
)
EVERY_NIGHT = tuple(Shift(day, time(20), time(8), BEN) for day in range(7))
ALWAYS = tuple(Shift(day, time(0), time(0), BEN) for day in range(7))


def policy(*urgent: Step, prompt: tuple[Step, ...] = DEFAULT_POLICY.prompt.steps, **more) -> Policy:
    return Policy(Ladder(urgent, 900), Ladder(prompt, 12 * 3600), **more)


def warnings(policy: Policy, staff: Staffing, now: datetime) -> tuple[str, ...]:
    return findings(policy, staff, now).warnings


def times(policy: Policy, staff: Staffing, now: datetime) -> tuple[str, ...]:
    return findings(policy, staff, now).times


def told(lines) -> list[tuple[str, str]]:
    names = {user: person.name for user, person in STAFF.people.items()}
    return [
        (
            f"{line.at.astimezone(BERLIN):%H:%M}",
            "urgent" if line.became_urgent else " ".join(names[user] for user in line.people),
        )
        for line in lines
    ]


def with_rota(*shifts: Shift, **more) -> Staffing:
    return replace(STAFF, rotas={NIGHTS: WeeklyRota("Nights", shifts)}, **more)


def test_rehearses_the_standard_policy_from_a_saturday_evening():
    assert told(rehearse(DEFAULT_POLICY, "urgent", SATURDAY, STAFF, most=5)) == [
        ("21:04", "Ben"),
        ("21:19", "Ben"),
        ("21:34", "Ben Dora"),
        ("21:49", "Ben Dora Ada"),
        ("22:04", "Ben Dora Ada"),
    ]


def test_rehearses_a_same_day_alert_over_the_night_until_it_is_urgent():
    quiet = replace(DEFAULT_POLICY, quiet=QuietHours(time(22), time(7)))
    late = datetime(2026, 5, 9, 21, 0, tzinfo=UTC)  # 23:00 in Berlin

    lines = rehearse(quiet, "prompt", late, STAFF, most=5)

    assert told(lines) == [
        ("07:00", "Ben"),
        ("07:00", "Ben"),
        ("11:00", "Ben Dora"),
        ("23:00", "urgent"),
        ("23:00", "Ben"),
    ]
    assert lines[0].due_at == late


def test_a_step_that_nobody_stands_behind_is_passed_at_once():
    night = policy(Step(0, (f"rota:{NIGHTS}",)), Step(900, ("role:clinician",)))
    noon = datetime(2026, 5, 9, 10, 0, tzinfo=UTC)
    staff = with_rota(*EVERY_NIGHT)

    assert told(rehearse(night, "urgent", SATURDAY, staff, most=1)) == [("21:04", "Ben")]
    assert told(rehearse(night, "urgent", noon, staff, most=1)) == [("12:00", "Dora")]


def test_a_hole_in_every_step_leads_to_everybody():
    night = policy(Step(0, (f"rota:{NIGHTS}",)))
    noon = datetime(2026, 5, 9, 10, 0, tzinfo=UTC)

    (line,) = rehearse(night, "urgent", noon, with_rota(*EVERY_NIGHT), most=1)

    assert told([line]) == [("12:00", "Ben Dora Ada")]
    assert line.resort


def test_a_last_step_that_is_empty_repeats_with_the_people_of_the_others():
    two = policy(Step(0, (f"user:{BEN}",)), Step(900, (f"rota:{NIGHTS}",)))

    lines = rehearse(two, "urgent", SATURDAY, with_rota(), most=4)

    assert told(lines) == [("21:04", "Ben"), ("21:19", "Ben"), ("21:34", "Ben"), ("21:49", "Ben")]
    assert [line.resort for line in lines] == [False, True, True, True]


def test_nobody_is_told_where_nobody_works():
    empty = replace(STAFF, people={})

    assert first_told(DEFAULT_POLICY, "urgent", SATURDAY, empty) is None
    assert times(DEFAULT_POLICY, empty, SATURDAY) == ()
    assert "Urgent: nobody would be told, because nobody works here." in warnings(
        DEFAULT_POLICY, empty, SATURDAY
    )


def test_the_standard_policy_leaves_nobody_untold():
    assert warnings(DEFAULT_POLICY, STAFF, SATURDAY) == ()
    assert times(DEFAULT_POLICY, STAFF, SATURDAY) == (
        "Urgent: somebody is told at once, at any hour of the coming week.",
        "Same day: somebody is told at once, at any hour of the coming week.",
    )


def test_says_how_long_quiet_hours_can_hold_the_first_message():
    quiet = replace(DEFAULT_POLICY, quiet=QuietHours(time(22), time(7)))

    assert times(quiet, STAFF, SATURDAY)[1] == "Same day: somebody is told after 9 h at the latest."
    assert times(quiet, STAFF, SATURDAY)[0].startswith("Urgent: somebody is told at once")


def test_says_when_everybody_would_have_to_be_told():
    night = policy(Step(0, (f"rota:{NIGHTS}",)))

    found = warnings(night, with_rota(*EVERY_NIGHT), SATURDAY)

    assert (
        "Urgent: at some hours of the coming week no step has anybody to tell. Then everybody who "
        "works here is told instead." in found
    )


@pytest.mark.parametrize(
    ("word", "staff", "sentence"),
    [
        (
            f"team:{WARD}",
            replace(STAFF, teams={WARD: Team("Ward 3", ())}),
            "Urgent, step 2: the team Ward 3 is empty.",
        ),
        (
            f"team:{WARD}",
            replace(STAFF, teams={WARD: Team("Ward 3", (GONE,))}),
            "Urgent, step 2: the team Ward 3 is empty.",
        ),
        (f"team:{WARD}", STAFF, "Urgent, step 2: this team exists no longer."),
        (f"rota:{NIGHTS}", STAFF, "Urgent, step 2: this rota exists no longer."),
        (f"user:{GONE}", STAFF, "Urgent, step 2: this person works here no longer."),
        (
            "role:nurse",
            replace(STAFF, people={DORA: STAFF.people[DORA], ADA: STAFF.people[ADA]}),
            "Urgent, step 2: the clinic has no nurse.",
        ),
        (
            f"rota:{NIGHTS}",
            with_rota(*ALWAYS[:6]),
            "Urgent, step 2: On the rota Nights nobody is on call Sun 00:00 to Mon 00:00. "
            "The step is skipped then.",
        ),
        (
            f"rota:{NIGHTS}",
            with_rota(),
            "Urgent, step 2: The rota Nights has no shift: nobody is ever on call. "
            "The step is skipped then.",
        ),
        (
            f"rota:{NIGHTS}",
            with_rota(*EVERY_NIGHT),
            "Urgent, step 2: On the rota Nights nobody is on call Mon 08:00 to Mon 20:00, "
            "Tue 08:00 to Tue 20:00, Wed 08:00 to Wed 20:00 and 4 more times. "
            "The step is skipped then.",
        ),
    ],
)
def test_warns_of_a_step_that_may_tell_nobody(word, staff, sentence):
    doubtful = policy(Step(0, ("role:clinician",)), Step(900, (word,)))

    assert sentence in warnings(doubtful, staff, SATURDAY)


def test_warns_of_the_one_person_on_whom_everything_hangs():
    assert (
        "Urgent: Ben is the only person who is ever told. Who answers if Ben cannot?"
        in warnings(policy(Step(0, (f"user:{BEN}",))), STAFF, SATURDAY)
    )


def test_warns_when_only_people_are_told_who_cannot_take_an_alert():
    assert "Urgent: only administrators are told, and they cannot take an alert." in warnings(
        policy(Step(0, ("role:administrator",))), STAFF, SATURDAY
    )


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        (Person("Ben", "nurse", ways=0), "Ben has no way out: no message can reach them."),
        (
            Person("Ben", "nurse", joined=False),
            "Ben has not used the invitation yet: messages arrive, but they cannot take an alert.",
        ),
    ],
)
def test_warns_of_people_who_cannot_be_reached_or_cannot_answer(person, sentence):
    staff = replace(STAFF, people=STAFF.people | {BEN: person})

    assert warnings(DEFAULT_POLICY, staff, SATURDAY) == (sentence,)


def test_the_cover_of_a_person_or_a_team_is_told_besides():
    away = Absence(BEN, date(2026, 5, 9), date(2026, 5, 9), DORA)
    staff = replace(STAFF, teams={WARD: Team("Ward 3", (BEN,))}, absences=(away,))

    for word in (f"user:{BEN}", f"team:{WARD}"):
        assert staff.behind([word], SATURDAY) == (BEN, DORA)
    assert staff.behind(["role:nurse"], SATURDAY) == (BEN,)


def test_a_rota_tells_the_override_and_the_cover_and_nobody_who_left():
    swap = Override(SATURDAY, SATURDAY + timedelta(hours=1), GONE)
    rota = WeeklyRota("Nights", ALWAYS, (swap,))
    away = Absence(BEN, date(2026, 5, 10), date(2026, 5, 10), ADA)
    staff = replace(STAFF, rotas={NIGHTS: rota}, absences=(away,))

    assert staff.behind([f"rota:{NIGHTS}"], SATURDAY) == ()
    assert staff.behind([f"rota:{NIGHTS}"], SATURDAY + timedelta(hours=1)) == (BEN,)
    assert staff.behind([f"rota:{NIGHTS}"], SATURDAY + timedelta(hours=6)) == (ADA,)
