"""Adding a patient to the clinic's list."""

import asyncio

import flet as ft

from diary_app.components.care_parts import band, button, fine, part
from diary_app.components.care_pick import pick_list
from diary_app.components.care_reading import use_reading
from diary_app.components.care_shell import shell, use_care
from diary_app.ground.boundary import screen_component
from diary_app.routes import PATIENTS, patient
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.services.enrolling import NewPatient
from diary_app.text import _
from diary_app.text.languages import LANGUAGES

_EMPTY = {"name": "", "code": "", "born_on": "", "phone": "", "time_zone": "", "language": ""}


@screen_component
def EnrollScreen() -> ft.View:
    """Ask for what identifies a patient and how to reach them."""
    care = use_care()
    typed, set_typed = ft.use_state(_EMPTY)
    problem, set_problem = ft.use_state(("", ""))
    where, sentence = problem
    page = ft.context.page
    roster = care.desk.roster
    watch = use_reading(lambda _again: roster.watch(), roster.topic, [care.desk])

    async def save() -> None:
        try:
            patient_id = await asyncio.to_thread(roster.enroll, NewPatient(**typed))
        except UnusableAnswerError as error:
            set_problem((error.field, str(error)))
        except REFUSALS as error:
            set_problem(("", str(error)))
        else:
            page.navigate(patient(patient_id))

    def field(name: str, label: str, hint: str = "") -> ft.Control:
        def changed(event: ft.Event[ft.TextField]) -> None:
            value = event.control.value
            set_typed(lambda before: {**before, name: value})

        return ft.TextField(
            key=f"new-{name}",
            label=label,
            helper=hint or None,
            value=typed[name],
            error=sentence if where == name else None,
            on_change=changed,
        )

    return shell(
        care,
        _("Add patient"),
        [
            *([band("prompt", sentence)] if sentence and not where else []),
            ft.ResponsiveRow(
                [
                    ft.Container(
                        part(
                            _("Who"),
                            [
                                field("name", _("Full name")),
                                field("code", _("Clinic code"), _("Such as P-014")),
                                field("born_on", _("Birth date"), _("YYYY-MM-DD")),
                                field("phone", _("Phone")),
                                field(
                                    "time_zone",
                                    _("Time zone"),
                                    _("Empty: the clinic's. Else such as Europe/Madrid."),
                                ),
                                pick_list(
                                    _("Language of the patient"),
                                    {"clinic": _("As in the clinic"), **LANGUAGES},
                                    typed["language"] or "clinic",
                                    lambda tag: set_typed(
                                        lambda before: {
                                            **before,
                                            "language": "" if tag == "clinic" else tag,
                                        }
                                    ),
                                    key="new-language",
                                ),
                                fine(_("After saving you can make the invitation link.")),
                                ft.Row(
                                    [
                                        button(_("Add patient"), save, key="save", main=True),
                                        button(_("Cancel"), lambda: page.navigate(PATIENTS)),
                                    ],
                                    wrap=True,
                                ),
                            ],
                        ),
                        col={"xs": 12, "lg": 7},
                    )
                ]
            ),
        ],
        place=PATIENTS,
        watch=watch.value,
        deep=True,
    )
