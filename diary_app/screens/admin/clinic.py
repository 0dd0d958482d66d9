"""The clinic's name, numbers, hours, time zone and language, changed by an administrator."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import band, button, fine, part, text
from diary_app.components.care_reading import tell, use_reading
from diary_app.components.care_shell import ADMIN, reading_body, shell, use_care
from diary_app.ground.boundary import screen_component
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.services.clinic_settings import ClinicForm, SettingsPage
from diary_app.text import _
from diary_app.text.languages import LANGUAGES

_NOTHING: tuple[str, str] = ("", "")


@screen_component
def ClinicScreen() -> ft.View:
    """Show the settings and keep what is changed."""
    care = use_care()
    clinic = care.desk.clinic
    kept_times, count = ft.use_state(0)
    page = ft.context.page
    reading = use_reading(lambda _again: clinic.page(), clinic.topic, [care.desk])
    found = reading.value
    heading = _("Clinic")
    if found is None:
        body = reading_body(reading.problem)
        return shell(care, heading, body, place=ADMIN, watch=None, deep=True)

    async def save(before: ClinicForm, form: ClinicForm) -> None:
        changed = await asyncio.to_thread(clinic.save, before, form)
        count(lambda times: times + 1)
        tell(
            page,
            _("Kept. Every open screen shows it now.") if changed else _("Nothing was changed."),
        )
        await reading.again()

    return shell(
        care,
        heading,
        [SettingsForm(found, clinic.moves, save, key=f"settings-{kept_times}")],
        place=ADMIN,
        watch=found.watch,
        deep=True,
    )


@keyed
def SettingsForm(
    shown: SettingsPage,
    moves: Callable[[ClinicForm], Sequence[str]],
    save: Callable[[ClinicForm, ClinicForm], Awaitable[None]],
) -> ft.Control:
    """Ask for every setting; another time zone is said aloud before it is kept.

    Args:
        shown: As kept when the form was opened.
        moves: Checks the form and says what another time zone moves; may refuse.
        save: Keeps the form; may refuse.
    """
    start, _set = ft.use_state(shown.form)
    typed, set_typed = ft.use_state(asdict(shown.form))
    problem, set_problem = ft.use_state(_NOTHING)
    asked: Sequence[str]
    asked, ask = ft.use_state(())
    where, sentence = problem

    def put(name: str) -> Callable[[str], None]:
        return lambda value: set_typed(lambda before: {**before, name: value})

    async def attempt(act: Callable[[ClinicForm], Awaitable[None]]) -> None:
        try:
            await act(ClinicForm(**typed))
        except UnusableAnswerError as error:
            set_problem((error.field, str(error)))
        except REFUSALS as error:
            set_problem(("", str(error)))
        else:
            set_problem(_NOTHING)

    async def check() -> None:
        async def act(form: ClinicForm) -> None:
            said = await asyncio.to_thread(moves, form)
            if said:
                ask(lambda _before: said)
            else:
                await save(start, form)

        await attempt(act)

    async def confirmed() -> None:
        ask(lambda _before: ())
        await attempt(lambda form: save(start, form))

    fields = _Fields(typed, where, sentence, put)
    changed_elsewhere = shown.form != start
    return ft.Column(
        [
            *([band("prompt", sentence, key="problem")] if sentence and not where else []),
            *(
                [
                    band(
                        "digest",
                        _("A colleague changed these settings just now; reopen this page."),
                        key="changed",
                    )
                ]
                if changed_elsewhere
                else []
            ),
            part(
                _("Name and numbers"),
                [
                    fine(_("Patients see these on their phones, and tap the numbers to call.")),
                    fields.row(
                        fields.typed("name", _("Name of the clinic")),
                        fields.typed("phone", _("Phone that patients call")),
                        fields.typed(
                            "emergency_number", _("Emergency number"), _("Such as 112 or 911")
                        ),
                        fields.typed(
                            "hours",
                            _("When the team reads entries"),
                            _("Such as: Mon to Fri, 8 to 16"),
                        ),
                    ),
                ],
            ),
            part(
                _("Clock"),
                [
                    fine(_("The care team's screens, rotas and quiet hours go by this clock.")),
                    fields.row(
                        fields.typed(
                            "time_zone",
                            _("Time zone"),
                            _("Such as Europe/Madrid"),
                            suggestions=shown.zones,
                        ),
                        fields.choice(
                            "digest_hour",
                            _("Daily summary at"),
                            {str(hour): f"{hour:02d}:00" for hour in range(24)},
                        ),
                    ),
                ],
            ),
            part(
                _("Language and units"),
                [
                    fine(_("For new patients and colleagues; each can choose another language.")),
                    fields.row(
                        fields.choice("language", _("Language"), LANGUAGES),
                        fields.choice("temperature_unit", _("Temperature"), {"C": "°C", "F": "°F"}),
                    ),
                ],
            ),
            ft.Row([button(_("Keep the settings"), check, key="keep-settings", main=True)]),
            ZoneDialog(asked, confirmed, lambda: ask(lambda _before: ()), key="zone-dialog")
            if asked
            else ft.Container(),
        ],
        spacing=14,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


class _Fields:
    """The fields of the form, all of one width and kind."""

    def __init__(
        self,
        typed: Mapping[str, str],
        where: str,
        sentence: str,
        put: Callable[[str], Callable[[str], None]],
    ) -> None:
        self._typed = typed
        self._where, self._sentence = where, sentence
        self._put = put

    def row(self, *fields: ft.Control) -> ft.Control:
        """Return fields in two columns on a desk, in one on a phone."""
        return ft.ResponsiveRow(
            [ft.Container(each, col={"xs": 12, "md": 6}) for each in fields],
            spacing=14,
            run_spacing=12,
        )

    def typed(
        self, name: str, label: str, hint: str = "", suggestions: Sequence[str] = ()
    ) -> ft.Control:
        """Return a field to type in; the suggestions that fit best are offered below.

        The field stays in its place and keeps the cursor while they come and go.
        """
        put = self._put(name)
        field = ft.TextField(
            key=f"clinic-{name}",
            label=label,
            helper=hint or None,
            value=self._typed[name],
            error=self._sentence if self._where == name else None,
            error_max_lines=3,
            on_change=lambda event: put(event.control.value or ""),
        )
        if not suggestions:
            return field
        offered = _fitting(self._typed[name], suggestions)
        picks = [button(zone, partial(put, zone), key=f"zone-{zone}") for zone in offered]
        return ft.Column(
            [field, *([ft.Row(picks, wrap=True, spacing=8, run_spacing=8)] if picks else [])],
            spacing=8,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )

    def choice(self, name: str, label: str, options: Mapping[str, str]) -> ft.Control:
        """Return a field to choose in."""
        put = self._put(name)
        return ft.Dropdown(
            key=f"clinic-{name}",
            label=label,
            value=self._typed[name],
            options=[ft.DropdownOption(key=key, text=words) for key, words in options.items()],
            error_text=self._sentence if self._where == name else None,
            expand=True,
            dense=True,
            menu_height=360,
            on_select=lambda event: put(event.control.value or ""),
        )


def _fitting(typed: str, suggestions: Sequence[str], most: int = 5) -> list[str]:
    """Return the suggestions that hold what is typed; none once it is one of them."""
    words = typed.strip().casefold().replace(" ", "_")
    if len(words) < 3 or typed in suggestions:
        return []
    return [each for each in suggestions if words in each.casefold()][:most]


@keyed
def ZoneDialog(
    said: Sequence[str], save: Callable[[], Awaitable[None]], cancel: Callable[[], None]
) -> ft.Control:
    """Say what another time zone moves, before it is kept."""
    ft.use_dialog(
        ft.AlertDialog(
            modal=True,
            scrollable=True,
            title=ft.Text(_("Change the time zone?"), size=20),
            content=ft.Column(
                [text(sentence) for sentence in said], tight=True, width=520, spacing=10
            ),
            actions=[
                ft.TextButton(_("Back"), key="zone-back", on_click=cancel),
                ft.FilledButton(_("Keep the settings"), key="zone-sure", on_click=save),
            ],
        )
    )
    return ft.Container()
