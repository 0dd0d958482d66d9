"""Temperature: the number, where it was measured, and whether medicine may hide a fever."""

import flet as ft

from diary_app.components.buttons import Act, main_button, other_button, segments
from diary_app.components.choices import Choice, one_of
from diary_app.components.fields import edge
from diary_app.components.notice import notice
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.state import wording
from diary_app.state.typed_temperature import TypedTemperature, read_temperature
from diary_app.text import _
from diary_app.theme import BODY


def temperature(asking: Asking) -> Sheet:
    """Ask for the temperature as a typed number."""
    return Sheet(
        title=_("What is your temperature?"),
        hint=_("Type the number the thermometer shows, such as 37.2."),
        controls=(TemperatureField(asking),),
    )


@ft.component
def TemperatureField(asking: Asking) -> ft.Control:
    """Draw the field; a number that cannot be is told when the patient wants to go on."""
    complained, set_complained = ft.use_state(False)
    text = asking.value("temperature_text") or ""
    unit = asking.value("temperature_unit") or "C"
    read = read_temperature(text, unit)

    def keep(text: str, unit: str, *, typing: bool = False) -> None:
        now = read_temperature(text, unit)
        asking.answer(
            typing=typing,
            temperature_text=text or None,
            temperature_unit=unit,
            temperature_value=now.value if now.is_plausible else None,
        )

    def typed(event: ft.Event[ft.TextField]) -> None:
        keep((event.control.value or "")[:12], unit, typing=True)

    def go_on() -> None:
        if read.is_plausible:
            asking.on()
        else:
            set_complained(True)

    def fix() -> None:
        keep(read.other_text or text, read.other_unit or unit)

    def keep_as_typed() -> None:
        asking.answer_on(temperature_text=text, temperature_unit=unit, temperature_value=read.value)

    field = ft.TextField(
        key="temperature-text",
        label=_("Temperature (°{unit})").format(unit=unit),
        value=text,
        keyboard_type=ft.KeyboardType.NUMBER,
        text_size=34,
        label_style=ft.TextStyle(size=BODY),
        border=edge(),
        expand=True,
        on_change=typed,
        on_blur=lambda: keep(text, unit),
        on_submit=go_on,
    )
    units = segments(
        {"C": "°C", "F": "°F"}, unit, lambda each: keep(text, each), key="temperature-unit"
    )
    wrong = complained and not read.is_plausible
    return ft.Column(
        [
            # The label of a field stands on its upper edge; large text makes it higher.
            ft.Container(ft.Row([field, units], spacing=12), padding=ft.Padding.only(top=16)),
            *(
                _problem(read, unit, text, fix, keep_as_typed)
                if wrong
                else [main_button(_("Next"), go_on, key="next")]
            ),
            ft.Container(height=4),
            other_button(
                _("I did not measure"),
                lambda: asking.pass_on("not_measured"),
                key="not-measured",
            ),
        ],
        spacing=16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _problem(
    read: TypedTemperature, unit: str, text: str, fix: Act, keep_as_typed: Act
) -> tuple[ft.Control, ...]:
    actions: list[ft.Control] = []
    if read.other_unit is not None:
        label = _("Yes, {number} °{unit}").format(number=text, unit=read.other_unit)
        actions.append(main_button(label, fix, key="fix"))
    elif read.other_text is not None:
        label = _("Yes, {number} °{unit}").format(number=read.other_text, unit=unit)
        actions.append(main_button(label, fix, key="fix"))
    if read.can_be_kept:
        label = _("Keep {number} °{unit} as I typed it").format(number=text, unit=unit)
        actions.append(other_button(label, keep_as_typed, key="as-typed"))
    return (notice(read.problem, level="prompt", actions=actions, live=True),)


def site(asking: Asking) -> Sheet:
    """Ask where it was measured; no answer is assumed."""
    return Sheet(
        title=_("Where did you measure?"),
        controls=(
            one_of(
                [Choice(f"site-{word}", label, word) for word, label in wording.sites().items()],
                asking.value("temperature_site"),
                lambda word: asking.answer_on(temperature_site=word),
            ),
        ),
    )


def medicine(asking: Asking) -> Sheet:
    """Ask for medicine that can hide a fever."""
    chosen = (
        "unknown" if asking.draft.settled.get("medicine") else asking.value("antipyretic_within_6h")
    )

    def pick(answer: object) -> None:
        if isinstance(answer, bool):
            asking.answer_on(antipyretic_within_6h=answer)
        else:
            asking.pass_on("not_known")

    return Sheet(
        title=_("Did you take medicine against fever or pain in the last 6 hours?"),
        hint=_("Such as paracetamol (acetaminophen), ibuprofen or aspirin."),
        controls=(
            one_of(
                [
                    Choice("medicine-yes", _("Yes"), True),
                    Choice("medicine-no", _("No"), False),
                    Choice("medicine-unknown", _("I don't know"), "unknown"),
                ],
                chosen,
                pick,
            ),
        ),
    )
