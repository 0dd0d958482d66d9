"""Everything one member of staff works with, made once when they sign in."""

from dataclasses import dataclass

from db.access import Viewer
from diary_app.services.alarm_system import AlarmSystem
from diary_app.services.appointments import Appointments
from diary_app.services.audit_book import AuditBook
from diary_app.services.clinic_settings import ClinicSettings
from diary_app.services.consents import ConsentDesk
from diary_app.services.data_requests import DataRequests
from diary_app.services.facts import Facts
from diary_app.services.inbox import Inbox
from diary_app.services.inviting import Inviting
from diary_app.services.kit import Kit
from diary_app.services.labs import Labs
from diary_app.services.languages import OwnLanguage
from diary_app.services.moves import Moves
from diary_app.services.office import Office
from diary_app.services.on_call import OnCall
from diary_app.services.patient_list import PatientLists
from diary_app.services.policy import Policies
from diary_app.services.programs import Programs
from diary_app.services.roster import Roster
from diary_app.services.rule_sets import RuleSets
from diary_app.services.rule_trial import Trials
from diary_app.services.staff import Staff
from diary_app.services.step_up import Proof
from diary_app.services.summary import Summary
from diary_app.services.visit import Visits
from diary_app.services.visit_questions import TeamQuestions
from diary_app.services.ways import Ways
from diary_app.services.weeks import Weeks


@dataclass(frozen=True)
class Member:
    """Who sits in front of the screen; the verbs decide what is offered, never what is allowed."""

    name: str
    role: str
    verbs: frozenset[str]

    def may(self, verb: str) -> bool:
        """Return whether this member holds a verb."""
        return verb in self.verbs


@dataclass(frozen=True)
class Desk:
    """The services of one member of staff."""

    inbox: Inbox
    roster: Roster
    facts: Facts
    visits: Visits
    appointments: Appointments
    questions: TeamQuestions
    office: Office
    staff: Staff
    clinic: ClinicSettings
    alarm: AlarmSystem
    labs: Labs
    rule_sets: RuleSets
    trials: Trials
    ways: Ways
    programs: Programs
    policies: Policies
    on_call: OnCall
    summary: Summary
    audit: AuditBook
    data_requests: DataRequests
    weeks: Weeks
    speech: OwnLanguage
    inviting: Inviting
    lists: PatientLists
    moves: Moves
    consents: ConsentDesk
    proof: Proof
    me: Member


def desk_for(kit: Kit, viewer: Viewer) -> Desk:
    """Return the desk of a signed-in member of staff."""
    rule_sets = RuleSets(kit, viewer)
    return Desk(
        inbox=Inbox(kit, viewer),
        roster=Roster(kit, viewer),
        facts=Facts(kit, viewer),
        visits=Visits(kit, viewer),
        appointments=Appointments(kit, viewer),
        questions=TeamQuestions(kit, viewer),
        office=Office(kit, viewer),
        staff=Staff(kit, viewer),
        clinic=ClinicSettings(kit, viewer),
        alarm=AlarmSystem(kit, viewer),
        labs=Labs(kit, viewer),
        rule_sets=rule_sets,
        trials=Trials(kit, viewer, rule_sets),
        ways=Ways(kit, viewer),
        programs=Programs(kit, viewer),
        policies=Policies(kit, viewer),
        on_call=OnCall(kit, viewer),
        summary=Summary(kit, viewer),
        audit=AuditBook(kit, viewer),
        data_requests=DataRequests(kit, viewer),
        weeks=Weeks(kit, viewer),
        speech=OwnLanguage(kit, viewer),
        inviting=Inviting(kit, viewer),
        lists=PatientLists(kit, viewer),
        moves=Moves(kit, viewer),
        consents=ConsentDesk(kit, viewer),
        proof=Proof(kit, viewer),
        me=Member(viewer.name, viewer.role, viewer.verbs),
    )
