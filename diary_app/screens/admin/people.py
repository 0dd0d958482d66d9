"""The clinic's people: invited, given another role, shut out, let back in."""

import flet as ft

from diary_app.components.care_parts import button, fine, part
from diary_app.components.care_people import InviteForm, PersonRow, ShownLink
from diary_app.components.care_proof import proved
from diary_app.components.care_reading import tell, use_reading
from diary_app.components.care_shell import ADMIN, reading_body, shell, use_care
from diary_app.ground.boundary import screen_component
from diary_app.services.care_errors import REFUSALS
from diary_app.services.people import InvitationLink
from diary_app.text import _

_NO_LINK: tuple[InvitationLink, str, str] | None = None


@screen_component
def PeopleScreen() -> ft.View:
    """Show everybody with their role and what can be changed."""
    care = use_care()
    staff = care.desk.staff
    adding, add = ft.use_state(False)
    link, set_link = ft.use_state(_NO_LINK)
    view = ft.context.page
    reading = use_reading(lambda _again: staff.page(), staff.topic, [care.desk])
    page = reading.value
    heading = _("People and roles")
    if page is None:
        body = reading_body(reading.problem)
        return shell(care, heading, body, place=ADMIN, watch=None, deep=True)

    async def shown(made: InvitationLink, email: str, name: str) -> None:
        add(False)
        set_link(lambda _before: (made, email, name))
        await reading.again()

    async def told(sentence: str) -> None:
        tell(view, sentence)
        await reading.again()

    async def mail() -> None:
        email = "" if link is None else link[1]
        try:
            await proved(view, care.desk.proof, staff.mail, email)
        except REFUSALS as error:
            tell(view, str(error))
        else:
            set_link(lambda _before: None)
            tell(view, _("A new link is on its way to {address}.").format(address=email))
            await reading.again()

    zone = page.watch.time_zone
    with_access = [line for line in page.lines if line.state != "ended"]
    without = [line for line in page.lines if line.state == "ended"]
    rows = {
        line.id: PersonRow(
            staff, line, page.now, zone, shown, told,
            key=f"person-{line.id}-{line.state}-{line.role}-{line.is_last}",
        )
        for line in page.lines
    }  # fmt: skip
    new: list[ft.Control] = []
    if link is not None:
        made, _email, name = link
        new.append(
            ShownLink(made, name, zone, mail, lambda: set_link(lambda _before: None), key="link")
        )
    if adding:
        new.append(InviteForm(staff, shown, lambda: add(False), key="form-person"))
    return shell(
        care,
        heading,
        [
            part(
                _("With access"),
                [*new, *(rows[line.id] for line in with_access)],
                actions=[]
                if adding
                else [
                    button(
                        _("Invite somebody"),
                        lambda: add(True),
                        key="add-person",
                        icon=ft.Icons.PERSON_ADD,
                        main=True,
                    )
                ],
            ),
            part(
                _("Access ended"),
                [rows[line.id] for line in without] or [fine(_("Nobody yet."))],
            ),
            part(
                _("Roles"),
                [
                    fine(
                        _(
                            "Nurses take alerts, enroll and invite patients, and enter laboratory "
                            "values."
                        )
                    ),
                    fine(
                        _(
                            "Clinicians do the same and also change plans, approve thresholds and "
                            "carry out data requests."
                        )
                    ),
                    fine(
                        _(
                            "Administrators set up the clinic, its people and programs; they read "
                            "no diary."
                        )
                    ),
                ],
            ),
        ],
        place=ADMIN,
        watch=page.watch,
        deep=True,
    )
