"""One patient at the visit: the course on one axis, the plan, and what to take along."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from diary_app.components import care_patient
from diary_app.components.care_course_form import CourseForm
from diary_app.components.care_export import ExportPanel
from diary_app.components.care_facts import FactsPanel
from diary_app.components.care_follow_up import FollowUpPanel
from diary_app.components.care_invite import InvitePanel
from diary_app.components.care_lab_form import LabValuesForm
from diary_app.components.care_labs import LabsTable, WithdrawDialog
from diary_app.components.care_medicines import MedicinesPanel
from diary_app.components.care_parts import band, button, choices, part, text
from diary_app.components.care_photo import picture_dialog
from diary_app.components.care_plan_form import PlanForm
from diary_app.components.care_questions import QuestionsPanel
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_shell import Care, reading_body, shell, use_care
from diary_app.components.care_timeline import Timeline
from diary_app.components.care_visits import VisitsPanel
from diary_app.components.care_weekly import weekly_part
from diary_app.exports.bundle import LabLine
from diary_app.exports.dose_measures import dose_measure_words
from diary_app.ground.boundary import screen_component
from diary_app.routes import MOVES, PATIENTS
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.lab_form import LabForm
from diary_app.services.labs import LabsKept
from diary_app.services.roster import PatientPage
from diary_app.text import _

PERIODS: dict[str, int | None] = {"14": 14, "90": 90, "all": None}


@screen_component
def PatientScreen() -> ft.View:
    """Show one patient; whoever may not read diaries can invite them."""
    care = use_care()
    named = ft.use_route_params().get("patient_id", "")
    period, set_period = ft.use_state("90")
    planning, plan_now = ft.use_state("")
    no_form: LabForm | None = None
    adding, add_labs = ft.use_state(no_form)
    no_lab: LabLine | None = None
    wrong, set_wrong = ft.use_state(no_lab)
    large, enlarge = ft.use_state("")
    roster, clinical = care.desk.roster, care.desk.me.may("patient.read")

    def read(again: bool) -> PatientPage | None:
        if not clinical:
            return None
        return roster.page(_id(named), days=PERIODS[period], again=again)

    reading = use_reading(read, roster.topic, [care.desk, named, period])
    ft.use_dialog(picture_dialog(large, lambda: enlarge("")))
    page = reading.value
    if not clinical:
        return shell(
            care,
            _("Patient"),
            [part(_("Invitation"), [InvitePanel(_id(named), care.desk.inviting)])],
            place=PATIENTS,
            watch=None,
            deep=True,
        )
    if page is None:
        return shell(
            care, _("Patient"), reading_body(reading.problem), place=PATIENTS, watch=None, deep=True
        )

    async def planned(changed: bool) -> None:
        plan_now("")
        if changed:
            tell(ft.context.page, _("The plan is changed."))
            await reading.again()

    async def begin_labs() -> None:
        blank = await attempt(care.desk.labs.begin, page.patient.id)
        add_labs(lambda _before: blank)

    async def labs_done(kept: LabsKept | None) -> None:
        add_labs(lambda _before: None)
        if kept is not None:
            tell(ft.context.page, _kept_words(kept))
            await reading.again()

    async def withdraw(reason: str) -> None:
        lab = wrong
        set_wrong(lambda _before: None)
        if isinstance(lab, LabLine) and lab.id is not None:
            await attempt(care.desk.labs.withdraw, lab.id, reason)
            await reading.again()

    lab_form = (
        LabValuesForm(
            care.desk.labs,
            page.patient.id,
            page.patient.name,
            adding,
            page.patient.today,
            labs_done,
            key=f"labs-{page.patient.id}",
        )
        if isinstance(adding, LabForm)
        else None
    )
    may_lab = care.desk.me.may("lab.write")
    laboratory = part(
        _("Laboratory"),
        [
            *([lab_form] if lab_form is not None else []),
            LabsTable(
                page.bundle.labs,
                page.patient.time_zone,
                (lambda lab: set_wrong(lambda _before: lab)) if may_lab else None,
                wide=care.wide,
                key="labs-table",
            ),
            *(
                [
                    WithdrawDialog(
                        wrong, withdraw, lambda: set_wrong(lambda _before: None), key="withdraw"
                    )
                ]
                if isinstance(wrong, LabLine)
                else []
            ),
        ],
        actions=[button(_("Add laboratory values"), begin_labs, key="add-labs")]
        if may_lab and lab_form is None
        else [],
    )
    form = (
        (CourseForm if planning == "course" else PlanForm)(
            roster,
            page.patient.id,
            page.patient.name,
            page.patient.today,
            planned,
            key=f"{planning}-{page.patient.id}",
        )
        if planning
        else None
    )
    return shell(
        care,
        _("{name}, {code}").format(name=page.patient.name, code=page.patient.code),
        [
            *([] if page.followed else [_ended()]),
            part(_("Patient"), [care_patient.head(page)]),
            part(
                _("Course"),
                [
                    choices(
                        [
                            ("14", _("14 days")),
                            ("90", _("3 months")),
                            ("all", _("Since start")),
                        ],
                        period,
                        set_period,
                        key="period",
                    ),
                    Timeline(
                        page.bundle,
                        care.wide,
                        enlarge,
                        key=f"course-{page.bundle.first_on}-{page.bundle.last_on}",
                    ),
                    *(text(words) for words in dose_measure_words(page.bundle)),
                ],
            ),
            ft.ResponsiveRow(
                [
                    _column(_left(care, page, form, plan_now, laboratory), 7),
                    _column(_right(care, page, enlarge), 5),
                ],
                spacing=14,
                run_spacing=14,
            ),
        ],
        place=PATIENTS,
        watch=page.watch,
        deep=True,
    )


def _left(
    care: Care,
    page: PatientPage,
    form: ft.Control | None,
    begin: Callable[[str], None],
    laboratory: ft.Control,
) -> list[ft.Control]:
    zone = page.watch.time_zone
    may_plan = care.desk.me.may("plan.write") and form is None
    return [
        part(
            _("Plan"),
            care_patient.plan(page, form, wide=care.wide),
            actions=[
                button(_("Change the plan"), lambda: begin("step"), key="change-plan"),
                button(_("Plan several steps"), lambda: begin("course"), key="change-course"),
            ]
            if may_plan
            else [],
        ),
        part(_("Alerts"), [care_patient.alerts(page.bundle, zone, page.now, wide=care.wide)]),
        laboratory,
        *(
            [part(_("Weekly questions"), weekly_part(page.bundle.weeks))]
            if page.asks_weekly or page.bundle.weeks
            else []
        ),
        part(
            _("Entries"),
            [care_patient.Entries(page.bundle.entries, zone, page.now, key="entries")],
        ),
    ]


def _right(care: Care, page: PatientPage, enlarge: Callable[[str], None]) -> list[ft.Control]:
    who, may = page.patient, care.desk.me.may
    shown = [
        part(_("Photos"), care_patient.photos(page.bundle, enlarge)),
    ]
    if may("fact.read"):
        shown[:0] = _beside(care, page)
    if may("patient.export"):
        panel = ExportPanel(who.id, who.today, page.last_visit_on, key="export")
        shown.insert(0, part(_("Take along"), [panel]))
    if may("visit.read"):
        agreed = VisitsPanel(
            care.desk.appointments,
            who.id,
            who.time_zone,
            page.visits,
            may("visit.write"),
            key="visits",
        )
        shown.insert(0, part(_("Visits"), [agreed]))
    if may("question.read"):
        asked = QuestionsPanel(
            care.desk.questions,
            page.bundle.questions,
            who.time_zone,
            may("question.answer"),
            key="questions",
        )
        shown.insert(0, part(_("Questions for the visit"), [asked]))
    if may("patient.invite") and page.followed:
        shown.append(
            part(_("Invitation"), [InvitePanel(who.id, care.desk.inviting, key="invitation")])
        )
    if may("patient.end") and page.followed:
        go = ft.context.page

        async def left() -> None:
            go.navigate(MOVES)

        panel = FollowUpPanel(
            who.id,
            who.name,
            care.desk.moves,
            left,
            lambda sentence: tell(go, sentence),
            key=f"follow-{who.id}",
        )
        shown.append(part(_("Follow-up"), [panel]))
    return shown


def _beside(care: Care, page: PatientPage) -> list[ft.Control]:
    """Return what is known of the patient besides the diary, and what else they take."""
    who, may_write = page.patient, care.desk.me.may("fact.write")
    go = ft.context.page
    medicines = page.bundle.medicines
    return [
        part(
            _("Other medicines"),
            [
                MedicinesPanel(
                    care.desk.facts, who.id, medicines, who.today, may_write, key="medicines"
                )
            ],
        ),
        part(
            _("Known of this patient"),
            [
                FactsPanel(
                    care.desk.facts,
                    who.id,
                    page.facts,
                    page.watch,
                    may_write,
                    lambda sentence: tell(go, sentence),
                    key="facts",
                )
            ],
        ),
    ]


def _ended() -> ft.Control:
    go = ft.context.page
    return band(
        "digest",
        _("This patient is no longer followed: no reminders, no alerts about silence."),
        key="not-followed",
        act=button(_("Moved or ended"), lambda: go.navigate(MOVES), key="moves"),
    )


def _kept_words(kept: LabsKept) -> str:
    if kept.ungraded:
        return _("The values are kept but could not be graded. An alert says so.")
    if kept.alerted:
        return _("The values are kept. They raised an alert; see the inbox.")
    return _("The values are kept.")


def _id(named: str) -> UUID:
    try:
        return UUID(named)
    except ValueError:
        raise UnusableAnswerError(_("There is no such page."), "patient_id") from None


def _column(parts: list[ft.Control], share: int) -> ft.Control:
    return ft.Column(
        parts,
        col={"xs": 12, "lg": share},
        spacing=14,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
