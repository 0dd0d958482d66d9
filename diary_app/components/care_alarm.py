"""The alarm system on the administrator's page: what watches it, what it found."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import TEXT, band, button, fine, pair, text
from diary_app.components.care_words import plain_day, when
from diary_app.services.alarm_system import AlarmPage, BooksLine, ProbeLine
from diary_app.text import _

OFF = "off"
EVERYBODY = "administrators"


@keyed
def AlarmPanel(
    page: AlarmPage,
    now: datetime,
    zone: str,
    try_now: Callable[[], Awaitable[None]],
    choose: Callable[[int | None, UUID | None], Awaitable[None]],
) -> ft.Control:
    """Show heartbeat, audit, books, test of the alarm, and ping.

    Args:
        page: As it was read.
        zone: The clinic's.
        try_now: Sends a test of the alarm.
        choose: Called with the hour of the daily test (None = off) and whom it goes to.
    """
    hour, set_hour = ft.use_state(OFF if page.probe_hour is None else str(page.probe_hour))
    whom, set_whom = ft.use_state(EVERYBODY if page.probe_to is None else str(page.probe_to))

    async def keep() -> None:
        await choose(None if hour == OFF else int(hour), None if whom == EVERYBODY else UUID(whom))

    return ft.Column(
        [
            *_failed(page),
            _facts(page, now, zone),
            *_differences(page.books),
            ft.Container(height=6),
            ft.Row(
                [
                    _pick(
                        _("Test the alarm each day at"),
                        [(OFF, _("Never")), *((str(n), f"{n:02}:00") for n in range(24))],
                        hour,
                        set_hour,
                        key="probe-hour",
                    ),
                    _pick(
                        _("The test must reach"),
                        [
                            (EVERYBODY, _("All administrators")),
                            *((str(user_id), name) for user_id, name in page.staff),
                        ],
                        whom,
                        set_whom,
                        key="probe-to",
                    ),
                    button(_("Keep"), keep, key="probe-keep"),
                    button(_("Test the alarm now"), try_now, key="probe-now"),
                ],
                spacing=12,
                run_spacing=18,
                wrap=True,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            fine(
                _(
                    "The test is an urgent entry of a made-up test patient. It goes the whole way "
                    "of a real alert and says that it is a test. It wakes nobody on call and is "
                    "counted nowhere."
                )
            ),
        ],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _failed(page: AlarmPage) -> list[ft.Control]:
    if not page.failed:
        return []
    duties = ", ".join(page.failed)
    words = _("In its last round the worker could not do: {duties}. Its log says why.")
    return [band("urgent", words.format(duties=duties), key="worker-failed")]


def _facts(page: AlarmPage, now: datetime, zone: str) -> ft.Control:
    never = _("never")
    facts = [
        (_("Alerts last checked"), when(page.worker_at, zone, now) if page.worker_at else never),
        (_("Last audit"), _audit_words(page, now, zone)),
        (_("Books"), _books_words(page.books)),
        (_("Last test of the alarm"), _probe_words(page.probe, now, zone)),
        (_("Monitor outside"), _ping_words(page, now, zone)),
    ]
    return ft.ResponsiveRow(
        [
            ft.Container(pair(label, value), col={"xs": 12, "md": 6, "xl": 4})
            for label, value in facts
        ],
        spacing=16,
        run_spacing=10,
    )


def _audit_words(page: AlarmPage, now: datetime, zone: str) -> str:
    if page.audit is None:
        return _("never")
    if not page.audit.found:
        found = _("everything that waits gets on")
    elif not page.audit.left:
        found = _("{n} put right").format(n=page.audit.found)
    else:
        found = _("{n} need a person").format(n=page.audit.left)
    return f"{when(page.audit.at, zone, now)}: {found}"


def _books_words(books: BooksLine | None) -> str:
    if books is None:
        return _("none yet; they are made each night")
    verdict = _("they do not balance") if books.differences else _("they balance")
    counts = _("entries: {received}, graded: {graded}, alerts: {raised}, receipt {number}").format(
        **books.counts, number=books.receipt[0]
    )
    return f"{plain_day(books.day)}: {verdict} ({counts})"


def _differences(books: BooksLine | None) -> list[ft.Control]:
    return [] if books is None else [text(words) for words in books.differences]


def _probe_words(probe: ProbeLine | None, now: datetime, zone: str) -> str:
    if probe is None:
        return _("never")
    at = when(probe.at, zone, now)
    if probe.state == "arrived":
        return _("{time}: left after {seconds} s").format(
            time=at, seconds=f"{probe.seconds or 0:.1f}"
        )
    if probe.state == "running":
        return _("{time}: on its way").format(time=at)
    return _("{time}: did not arrive. {because}").format(time=at, because=probe.because)


def _ping_words(page: AlarmPage, now: datetime, zone: str) -> str:
    if page.ping is None:
        return _("none is told; set DIARY_DEADMAN_URL")
    at = when(page.ping.at, zone, now)
    if not page.ping.error:
        return _("{time}: told that all is well").format(time=at)
    return _("{time}: failed {n} times. {error}").format(
        time=at, n=page.ping.failed_in_a_row, error=page.ping.error
    )


def _pick(
    label: str,
    options: list[tuple[str, str]],
    chosen: str,
    pick: Callable[[str], None],
    *,
    key: str,
) -> ft.Control:
    def picked(event: ft.Event[ft.Dropdown]) -> None:
        pick(event.control.value or chosen)

    return ft.Dropdown(
        key=key,
        label=label,
        value=chosen,
        width=260,
        text_size=TEXT,
        options=[ft.DropdownOption(key=value, text=words) for value, words in options],
        on_select=picked,
    )
