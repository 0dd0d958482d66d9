"""The clinic's people on the screen: the form that invites, one row a person, a link shown once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import band, button, choices, fine, text
from diary_app.components.care_proof import proved
from diary_app.components.care_shell import use_care
from diary_app.components.care_words import ROLES, day_words, when, word
from diary_app.services.care_errors import REFUSALS
from diary_app.services.people import InvitationLink
from diary_app.services.staff import STAFF_ROLES, PersonLine, Staff, Ties
from diary_app.text import _, _n

Shown = Callable[[InvitationLink, str, str], Awaitable[None]]
Told = Callable[[str], Awaitable[None]]


def role_choice(role: str, pick: Callable[[str], None], *, key: str) -> ft.Control:
    """Return the roles as buttons of which one is chosen."""
    return ft.Row(
        [choices([(each, word(ROLES, each)) for each in STAFF_ROLES], role, pick, key=key)],
        wrap=True,
    )


@keyed
def InviteForm(staff: Staff, made: Shown, cancel: Callable[[], None]) -> ft.Control:
    """Ask for name, address and role of somebody new.

    Args:
        staff: Keeps the person and makes the link; may refuse.
        made: Called with the link, the address and the name.
        cancel: Called when nobody is to be invited.
    """
    name, set_name = ft.use_state("")
    email, set_email = ft.use_state("")
    role, set_role = ft.use_state("nurse")
    problem, set_problem = ft.use_state("")
    care, page = use_care(), ft.context.page

    async def save() -> None:
        try:
            link = await proved(page, care.desk.proof, staff.invite, email, name, role)
        except REFUSALS as error:
            set_problem(str(error))
        else:
            await made(link, email.strip().lower(), name.strip())

    return ft.Column(
        [
            *([band("prompt", problem, key="problem")] if problem else []),
            ft.ResponsiveRow(
                [
                    ft.Container(
                        ft.TextField(
                            key="person-name",
                            label=_("Full name"),
                            value=name,
                            on_change=lambda event: set_name(event.control.value or ""),
                        ),
                        col={"xs": 12, "md": 6},
                    ),
                    ft.Container(
                        ft.TextField(
                            key="person-email",
                            label=_("E-mail"),
                            helper=_("To sign in, and for alerts."),
                            value=email,
                            keyboard_type=ft.KeyboardType.EMAIL,
                            on_change=lambda event: set_email(event.control.value or ""),
                            on_submit=save,
                        ),
                        col={"xs": 12, "md": 6},
                    ),
                ],
                spacing=14,
                run_spacing=12,
            ),
            role_choice(role, set_role, key="person-role"),
            ft.Row(
                [
                    button(_("Invite"), save, key="person-invite", main=True),
                    button(_("Cancel"), cancel, key="person-cancel"),
                ],
                wrap=True,
                spacing=10,
            ),
        ],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@keyed
def ShownLink(
    link: InvitationLink,
    name: str,
    zone: str,
    mail: Callable[[], Awaitable[None]],
    gone: Callable[[], None],
) -> ft.Control:
    """Show a link this once.

    Args:
        link: Kept nowhere.
        name: Of the person.
        zone: The clinic's time zone.
        mail: Sends another link to their own address.
        gone: Called when it is to be shown no longer.
    """
    clipboard = ft.use_memo(ft.Clipboard, [])
    until = day_words(link.expires_at.astimezone(ZoneInfo(zone)).date())

    async def copy() -> None:
        await clipboard.set(link.url)

    return ft.Column(
        [
            band(
                "digest",
                _("{name} opens this link once, until {day}.").format(name=name, day=until),
                key="link-once",
            ),
            ft.ResponsiveRow(
                [
                    ft.Container(
                        ft.Image(
                            src=link.qr_png,
                            width=200,
                            height=200,
                            semantics_label=_("QR code of the invitation link"),
                        ),
                        col={"xs": 12, "md": 4, "xl": 2},
                    ),
                    ft.Column(
                        [
                            ft.TextField(
                                key="person-url",
                                label=_("Invitation link"),
                                value=link.url,
                                read_only=True,
                                multiline=True,
                            ),
                            fine(
                                _("It asks for a new password and sets up the authenticator app.")
                            ),
                            ft.Row(
                                [
                                    button(
                                        _("Copy"), copy, key="link-copy", icon=ft.Icons.CONTENT_COPY
                                    ),
                                    button(
                                        _("Send it by e-mail"),
                                        mail,
                                        key="link-mail",
                                        icon=ft.Icons.MAIL_OUTLINE,
                                    ),
                                    button(_("Done"), gone, key="link-gone"),
                                ],
                                wrap=True,
                                spacing=8,
                                run_spacing=8,
                            ),
                        ],
                        col={"xs": 12, "md": 8, "xl": 10},
                        spacing=10,
                        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    ),
                ],
                run_spacing=10,
            ),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@keyed
def PersonRow(
    staff: Staff, line: PersonLine, now: datetime, zone: str, shown: Shown, told: Told
) -> ft.Control:
    """Show one person with what can be done; what shuts somebody out asks once more.

    Args:
        staff: Carries it out; may refuse.
        line: The person.
        now: Of the reading.
        zone: The clinic's time zone.
        shown: Called with a new link, the person's address and name.
        told: Called with a sentence once something was done.
    """
    doing, begin = ft.use_state("")
    role, set_role = ft.use_state(line.role)
    problem, set_problem = ft.use_state("")
    care, page = use_care(), ft.context.page
    no_ties: Ties | None = None
    ties, set_ties = ft.use_state(no_ties)

    async def act(call: Callable[[], int], words: Callable[[int], str]) -> None:
        try:
            back = await proved(page, care.desk.proof, call)
        except REFUSALS as error:
            set_problem(str(error))
        else:
            begin("")
            await told(words(back))

    async def link(call: Callable[[], InvitationLink]) -> None:
        try:
            made = await proved(page, care.desk.proof, call)
        except REFUSALS as error:
            set_problem(str(error))
        else:
            begin("")
            await shown(made, line.email, line.name)

    def open_(what: str) -> Callable[[], Awaitable[None]]:
        async def opened() -> None:
            found = await asyncio.to_thread(staff.ties, line.id) if what else None
            set_ties(lambda _before: found)
            set_problem("")
            begin(what)

        return opened

    async def keep_role() -> None:
        name, new = line.name, word(ROLES, role)
        await act(
            lambda: staff.change_role(line.id, role),
            lambda back: (
                _("{name} is {role} now and signs in again.").format(name=name, role=new)
                + _back_words(back)
            ),
        )

    async def end() -> None:
        await act(
            lambda: staff.end(line.id),
            lambda back: _("{name} is shut out.").format(name=line.name) + _back_words(back),
        )

    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=14, vertical=12),
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=10,
        bgcolor=ft.Colors.SURFACE,
        content=ft.Column(
            [
                _head(line),
                fine(f"{line.email} · {_seen(line, now, zone)}"),
                *([band("prompt", problem, key=f"problem-{line.email}")] if problem else []),
                *(
                    _buttons(
                        line,
                        role=open_("role"),
                        link=partial(link, lambda: staff.link(line.id)),
                        end=open_("end"),
                        back=open_("back"),
                    )
                    if not doing
                    else []
                ),
                *(
                    _asking(
                        _("The new role holds at once: open screens of this person close."),
                        [
                            *_alone(ties),
                            role_choice(role, set_role, key=f"role-{line.email}"),
                        ],
                        button(
                            _("Give the role"), keep_role, key=f"keep-role-{line.email}", main=True
                        ),
                        open_(""),
                    )
                    if doing == "role"
                    else []
                ),
                *(
                    _asking(
                        _(
                            "{name} is signed out everywhere at once and cannot come back. Alerts "
                            "that {name} holds go back to the team. What {name} did stays in the "
                            "audit."
                        ).format(name=line.name),
                        [*_alone(ties), *map(text, _ties_words(ties))],
                        button(_("End access"), end, key=f"sure-end-{line.email}", main=True),
                        open_(""),
                    )
                    if doing == "end"
                    else []
                ),
                *(
                    _asking(
                        _("The old password does not work any more; a new link sets one."),
                        [role_choice(role, set_role, key=f"role-{line.email}")],
                        button(
                            _("Let back in"),
                            partial(link, lambda: staff.let_back(line.id, role)),
                            key=f"sure-back-{line.email}",
                            main=True,
                        ),
                        open_(""),
                    )
                    if doing == "back"
                    else []
                ),
            ],
            spacing=8,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def _head(line: PersonLine) -> ft.Control:
    name = _("{name} (you)").format(name=line.name) if line.is_me else line.name
    shown = {
        "active": word(ROLES, line.role),
        "invited": _("{role}, invited").format(role=word(ROLES, line.role)),
        "ended": _("No access"),
    }
    return ft.Row(
        [
            ft.Container(text(name, strong=True), expand=True),
            ft.Container(
                fine(shown[line.state], color=ft.Colors.ON_SURFACE),
                padding=ft.Padding.symmetric(horizontal=10, vertical=3),
                border=ft.Border.all(1, ft.Colors.OUTLINE),
                border_radius=8,
            ),
        ],
        spacing=12,
    )


def _buttons(
    line: PersonLine,
    *,
    role: Callable[..., object],
    link: Callable[..., object],
    end: Callable[..., object],
    back: Callable[..., object],
) -> list[ft.Control]:
    if line.state == "ended":
        return [ft.Row([button(_("Let back in"), back, key=f"back-{line.email}")])]
    shown = [button(_("New link"), link, key=f"link-{line.email}")]
    if line.is_last:
        return [
            fine(_("The last administrator who can sign in: role and access stay as they are.")),
            ft.Row(shown, wrap=True, spacing=8, run_spacing=8),
        ]
    shown.insert(0, button(_("Change role"), role, key=f"change-{line.email}"))
    shown.append(button(_("End access"), end, key=f"end-{line.email}"))
    return [ft.Row(shown, wrap=True, spacing=8, run_spacing=8)]


def _asking(
    sentence: str, more: list[ft.Control], main: ft.Control, cancel: Callable[..., object]
) -> list[ft.Control]:
    return [
        text(sentence),
        *more,
        ft.Row(
            [main, button(_("Cancel"), cancel, key="person-back")],
            wrap=True,
            spacing=8,
            run_spacing=8,
        ),
    ]


def _seen(line: PersonLine, now: datetime, zone: str) -> str:
    if line.last_seen_at is None:
        return _("never signed in")
    return _("last seen {time}").format(time=when(line.last_seen_at, zone, now))


def _back_words(back: int) -> str:
    if not back:
        return ""
    return " " + _n(
        "{count} alert went back to the team.", "{count} alerts went back to the team.", back
    ).format(count=back)


def _alone(ties: Ties | None) -> list[ft.Control]:
    if ties is None or not ties.last_to_take:
        return []
    words = _("Nobody else who can sign in takes alerts. Invite another nurse or clinician first.")
    return [band("urgent", words, key="alone")]


def _ties_words(ties: Ties | None) -> list[str]:
    if ties is None:
        return []
    said = []
    if ties.shifts:
        said.append(
            _n(
                "{count} weekly shift has nobody then: see On call.",
                "{count} weekly shifts have nobody then: see On call.",
                ties.shifts,
            ).format(count=ties.shifts)
        )
    if ties.teams:
        said.append(_("Leaves these teams short: {names}.").format(names=", ".join(ties.teams)))
    if ties.tokens:
        said.append(
            _n(
                "{count} token that this person made goes on working: see Programs.",
                "{count} tokens that this person made go on working: see Programs.",
                ties.tokens,
            ).format(count=ties.tokens)
        )
    return said
