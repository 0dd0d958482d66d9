"""When and how the diary reminds the patient."""

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft

from diary_app import routes
from diary_app.components.buttons import main_button, other_button
from diary_app.components.care_component import keyed
from diary_app.components.fields import edge
from diary_app.components.frame import framed
from diary_app.components.heading import body, heading, quiet
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import card, notice
from diary_app.ground.boundary import screen_component
from diary_app.screens.patient.around import use_around
from diary_app.screens.patient.calendar_card import CalendarCard
from diary_app.state.faults import DiaryError
from diary_app.state.reminders import STEP, Reminders, RemindersView, RuleView, moved
from diary_app.text import _
from diary_app.theme import LARGE, TARGET

Do = Callable[..., Any]


@screen_component
def RemindersScreen() -> ft.View:
    """Draw the reminders; every change is kept at once."""
    reminders = use_around().diary.reminders
    loaded = use_loaded(reminders.view)
    said, say = ft.use_state("")

    async def do(act: Callable[..., None], *values: object, done: str = "") -> bool:
        try:
            await asyncio.to_thread(act, *values)
        except DiaryError as error:
            say(str(error))
            return False
        say(done)
        loaded.again()
        return True

    if loaded.value is None:
        content = [waiting()] if loaded.error is None else [could_not_read(loaded.again)]
    else:
        content = _content(reminders, loaded.value, do, said, loaded.again)
    return framed(_("Reminders"), content, route=routes.REMINDERS)


def _content(
    reminders: Reminders, view: RemindersView, do: Do, said: str, again: Callable[[], None]
) -> list[ft.Control]:
    controls: list[ft.Control] = []
    if view.problem:
        controls.append(notice(view.problem, level="prompt"))
    if said:
        controls.append(notice(said, level="digest", live=True))
    return [
        *controls,
        _rule_card(_("Write today's entry"), "entry", view.entry, reminders, do),
        _rule_card(_("Take my medicine"), "dose", view.dose, reminders, do),
        _ways_card(reminders, view, do),
        CalendarCard(reminders, view.calendar_discreet, view.calendar_used, again, key="calendar"),
        ZoneCard(reminders, view.zone, do, key=f"zone-{view.zone}"),
    ]


def _rule_card(title: str, kind: str, rule: RuleView, reminders: Reminders, do: Do) -> ft.Control:
    async def switch(event: ft.Event[ft.Switch]) -> None:
        await do(reminders.set_rule, kind, rule.local_time, bool(event.control.value))

    def by(minutes: int) -> Callable[[], Any]:
        async def move() -> None:
            await do(reminders.set_rule, kind, moved(rule.local_time, minutes), rule.is_on)

        return move

    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(heading(title, 2), expand=True),
                ft.Container(
                    ft.Switch(
                        value=rule.is_on,
                        on_change=switch,
                        key=f"{kind}-on",
                        tooltip=_("Remind me"),
                    ),
                    height=TARGET,
                ),
            ],
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    ]
    if rule.is_on:
        lines.append(
            ft.Row(
                [
                    _step_button(ft.Icons.REMOVE, _("Earlier"), by(-STEP), f"{kind}-earlier"),
                    ft.Semantics(
                        live_region=True,
                        container=True,
                        content=ft.Text(
                            rule.local_time, size=LARGE + 8, weight=ft.FontWeight.W_600
                        ),
                    ),
                    _step_button(ft.Icons.ADD, _("Later"), by(STEP), f"{kind}-later"),
                ],
                alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
                wrap=True,
                run_spacing=8,
            )
        )
    if kind == "dose":
        lines.append(quiet(_("Only on days on which a dose is planned.")))
    return card(lines, key=f"rule-{kind}")


def _step_button(icon: ft.IconData, words: str, act: Callable[[], Any], key: str) -> ft.Control:
    return other_button(words, act, key=key, icon=icon)


def _ways_card(reminders: Reminders, view: RemindersView, do: Do) -> ft.Control:
    lines: list[ft.Control] = [
        heading(_("How to reach me"), 2),
        quiet(
            _(
                "A message only says that the diary waits for you. If no entry comes in three"
                " hours, the next one in this list is tried."
            )
        ),
    ]
    for way in view.ways:

        async def remove(way_id: object = way.id) -> None:
            await do(reminders.end_way, way_id)

        lines.append(
            ft.Row(
                [
                    ft.Container(
                        ft.Column([body(way.label, strong=True), body(way.address)], spacing=0),
                        expand=True,
                    ),
                    other_button(_("Remove"), remove, key=f"remove-{way.id}"),
                ],
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            )
        )
    lines.append(
        AddWay(_("E-mail address"), _("Add this address"), reminders.add_email, do, key="add-email")
    )
    if view.ways:

        async def test() -> None:
            await do(reminders.test, done=_("A test is on its way. It should arrive in a minute."))

        lines.append(main_button(_("Send me a test now"), test, key="test", icon=ft.Icons.SEND))
        if view.last:
            lines.append(quiet(view.last))
    lines.append(OtherWay(reminders, do, key="other-way"))
    return card(lines, key="ways")


@keyed
def AddWay(label: str, words: str, add: Callable[[str], None], do: Do) -> ft.Control:
    """Type an address and add it."""
    typed, set_typed = ft.use_state("")

    def change(event: ft.Event[ft.TextField]) -> None:
        set_typed(event.control.value or "")

    async def send() -> None:
        if await do(add, typed):
            set_typed("")

    return ft.Column(
        [
            ft.TextField(
                label=label,
                value=typed,
                on_change=change,
                on_submit=send,
                border=edge(),
                keyboard_type=ft.KeyboardType.EMAIL,
                autocorrect=False,
                key="way-address",
            ),
            other_button(words, send, key="add-way", icon=ft.Icons.ADD),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@keyed
def OtherWay(reminders: Reminders, do: Do) -> ft.Control:
    """Offer push services to those who know them."""
    is_open, set_open = ft.use_state(False)
    if not is_open:
        return other_button(
            _("Other ways"), lambda: set_open(True), key="other-ways", icon=ft.Icons.EXPAND_MORE
        )
    return ft.Column(
        [
            body(_("Push with the app ntfy or Pushover"), strong=True),
            quiet(_("Write the address as ntfys://your-topic or pover://user@token.")),
            AddWay(_("Push address"), _("Add push"), reminders.add_push, do),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@keyed
def ZoneCard(reminders: Reminders, zone: str, do: Do) -> ft.Control:
    """Say by which clock the diary reminds; change it on a journey."""
    typed, set_typed = ft.use_state("")
    is_open, set_open = ft.use_state(False)

    def change(event: ft.Event[ft.TextField]) -> None:
        set_typed(event.control.value or "")

    async def send() -> None:
        await do(reminders.set_zone, typed)

    city = zone.rpartition("/")[2].replace("_", " ")
    lines: list[ft.Control] = [
        heading(_("My clock"), 2),
        body(_("The diary goes by the clock of {city}.").format(city=city)),
    ]
    if is_open:
        lines += [
            ft.TextField(
                label=_("A large city where you are now"),
                value=typed,
                on_change=change,
                on_submit=send,
                border=edge(),
                key="zone",
            ),
            other_button(_("Use the clock there"), send, key="set-zone"),
        ]
    else:
        lines.append(
            other_button(_("I am somewhere else"), lambda: set_open(True), key="change-zone")
        )
    return card(lines)
