"""Who came and went: patients offered to us and by us, and those no longer followed."""

from collections.abc import Awaitable, Callable

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_confirm import confirm_dialog
from diary_app.components.care_follow_up import REASONS
from diary_app.components.care_parts import button, fine, part, text
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.care_words import day_and_clock, word
from diary_app.ground.boundary import screen_component
from diary_app.routes import PATIENTS, patient
from diary_app.services.heads import PatientHead
from diary_app.services.moves import Left, Moves, Offer
from diary_app.text import _

Again = Callable[[], Awaitable[None]]


@screen_component
def MovesScreen() -> ft.View:
    """Show what waits for an answer first."""
    care = use_care()
    moves = care.desk.moves
    reading = use_reading(lambda _again: moves.page(), care.desk.roster.topic, [care.desk])
    page = reading.value
    heading = _("Moved or ended")
    if page is None:
        return shell(
            care, heading, reading_body(reading.problem), place=PATIENTS, watch=None, deep=True
        )
    zone, body = page.time_zone, []
    if page.to_us:
        rows = [_ToUs(each, moves, zone, reading.again, key=f"to-{each.id}") for each in page.to_us]
        body.append(part(_("Offered to you"), rows))
    if page.by_us:
        rows = [_ByUs(each, moves, zone, reading.again, key=f"by-{each.id}") for each in page.by_us]
        body.append(part(_("Offered by you, not answered yet"), rows))
    left = [
        _LeftRow(each, moves, zone, reading.again, key=f"left-{each.patient.id}")
        for each in page.left
    ]
    nobody = [fine(_("Nobody has left the list."))]
    body.append(part(_("No longer followed"), left or nobody))
    return shell(care, heading, body, place=PATIENTS, watch=page.watch, deep=True)


@keyed
def _ToUs(offer: Offer, moves: Moves, zone: str, again: Again) -> ft.Control:
    """Ask for a code of this clinic, and take the patient over."""
    code, set_code = ft.use_state(offer.patient.code)
    asking, ask = ft.use_state(False)
    go = ft.context.page

    async def accept() -> None:
        ask(False)
        new_id = await attempt(moves.accept, offer.id, code)
        if new_id is not None:
            tell(go, _("The patient is yours now. Make an invitation: the old access has ended."))
            go.navigate(patient(new_id))

    async def decline() -> None:
        await attempt(moves.decline, offer.id)
        await again()

    ft.use_dialog(
        confirm_dialog(
            _("Take over {name}?").format(name=offer.patient.name),
            [
                _("You get a copy of the whole diary, and your team gets the alerts from now on."),
                _("The follow-up by {clinic} ends at the same moment.").format(clinic=offer.clinic),
                _("The patient needs a new invitation from you; phone them."),
            ],
            _("Take over"),
            accept,
            lambda: ask(False),
        )
        if asking
        else None
    )
    told = _("By {clinic}, {name}, {time}").format(
        clinic=offer.clinic, name=offer.by, time=day_and_clock(offer.at, zone)
    )
    return _row(
        offer.patient,
        [fine(told)],
        [
            ft.TextField(
                key="new-code",
                label=_("Code in your clinic"),
                value=code,
                width=200,
                on_change=lambda event: set_code(event.control.value),
            ),
            button(_("Take over"), lambda: ask(True), key="accept", main=True),
            button(_("Decline"), decline, key="decline"),
        ],
    )


@keyed
def _ByUs(offer: Offer, moves: Moves, zone: str, again: Again) -> ft.Control:
    """Say who was asked; the offer can be taken back."""
    go = ft.context.page

    async def withdraw() -> None:
        await attempt(moves.withdraw, offer.id)
        await again()

    told = _("To {clinic}, by {name}, {time}").format(
        clinic=offer.clinic, name=offer.by, time=day_and_clock(offer.at, zone)
    )
    path = patient(offer.patient.id)
    return _row(
        offer.patient,
        [fine(told)],
        [
            button(_("Open"), lambda: go.navigate(path), key=f"open-{offer.patient.code}"),
            button(_("Take the offer back"), withdraw, key="withdraw"),
        ],
    )


@keyed
def _LeftRow(left: Left, moves: Moves, zone: str, again: Again) -> ft.Control:
    """Say why a patient is no longer followed; follow-up can go on where it is safe."""
    asking, ask = ft.use_state(False)
    go = ft.context.page

    async def resume() -> None:
        ask(False)
        await attempt(moves.resume, left.patient.id)
        await again()

    ft.use_dialog(
        confirm_dialog(
            _("Follow {name} again?").format(name=left.patient.name),
            [
                _("Reminders and alerts begin again today; days without follow-up are no silence."),
                _("A device that was signed in opens the diary again."),
            ],
            _("Follow again"),
            resume,
            lambda: ask(False),
        )
        if asking
        else None
    )
    path = patient(left.patient.id)
    acts = [button(_("Open"), lambda: go.navigate(path), key=f"open-{left.patient.code}")]
    if left.can_resume:
        acts.append(button(_("Follow again"), lambda: ask(True), key=f"resume-{left.patient.code}"))
    return _row(left.patient, [text(_why(left), size=15), *_when(left, zone)], acts)


def _why(left: Left) -> str:
    if left.kind == "moved_out":
        return _("Taken over by {clinic}").format(clinic=left.clinic)
    return word(REASONS, left.reason) if left.reason else _("It was not written down why")


def _when(left: Left, zone: str) -> list[ft.Control]:
    if left.at is None:
        return []
    told = _("{name}, {time}").format(name=left.by, time=day_and_clock(left.at, zone))
    return [fine(told)]


def _row(who: PatientHead, lines: list[ft.Control], acts: list[ft.Control]) -> ft.Control:
    born = _("{code}, born {day}").format(code=who.code, day=who.born_on)
    return ft.Container(
        padding=ft.Padding.symmetric(vertical=10),
        border=ft.Border(top=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        content=ft.ResponsiveRow(
            [
                ft.Column(
                    [text(who.name, strong=True), fine(born), *lines],
                    spacing=2,
                    col={"xs": 12, "lg": 6},
                ),
                ft.Row(
                    acts,
                    wrap=True,
                    spacing=8,
                    run_spacing=8,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                    col={"xs": 12, "lg": 6},
                ),
            ],
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
            run_spacing=8,
        ),
    )
