"""What is let through of what a client sends."""

import datetime as dt

import flet as ft
import msgpack
import pytest
from flet.messaging.protocol import decode_ext_from_msgpack

from diary_app.ground.frames import RefusedFrameError, admit, read_registration
from tests.ground.screen import Screen
from tests.ground.serving import run

MOMENT = dt.datetime(2026, 11, 14, 15, 0, tzinfo=dt.UTC)


def frame(action: int, body: object) -> bytes:
    return b"\x00" + msgpack.packb([action, body])


@ft.component
def Form() -> ft.Control:
    ft.use_dialog(ft.AlertDialog(title=ft.Text("Sure?"), key="dialog"))
    return ft.Column([ft.DatePicker(key="day", on_change=lambda: None), ft.Text("", key="text")])


def test_keeps_a_picked_day_as_the_client_packed_it() -> None:
    async def story() -> None:
        screen = Screen(Form)
        await screen.settle()
        value = msgpack.ExtType(1, MOMENT.isoformat().encode())

        admitted = admit(
            frame(4, {"id": screen.key("day")._i, "props": {"value": value, "key": "x"}}),
            screen.session,
        )

        assert admitted is not None
        _action, body = msgpack.unpackb(admitted[1:], ext_hook=decode_ext_from_msgpack)
        assert body["props"] == {"value": MOMENT}

    run(story)


@pytest.mark.parametrize(
    ("key", "name", "value", "passes"),
    [
        ("dialog", "open", False, True),
        ("dialog", "open", True, False),
        ("text", "value", "forged", False),
        ("day", "first_date", None, False),
    ],
)
def test_lets_through_only_what_people_can_enter(
    key: str, name: str, value: object, passes: bool
) -> None:
    async def story() -> None:
        screen = Screen(Form)
        await screen.settle()

        admitted = admit(
            frame(4, {"id": screen.key(key)._i, "props": {name: value}}), screen.session
        )

        assert (admitted is not None) is passes

    run(story)


@ft.component
def Questions() -> ft.Control:
    return ft.Column(
        [
            ft.TextField(key="words", on_change=lambda: None),
            ft.Checkbox(key="tick", on_change=lambda: None),
            ft.Slider(key="scale", on_change=lambda: None),
        ]
    )


@pytest.mark.parametrize(
    ("key", "value", "passes"),
    [
        ("words", "itchy", True),
        ("words", 7, False),
        ("words", ["itchy"], False),
        ("words", {"control": 1}, False),
        ("words", None, False),
        ("tick", True, True),
        ("tick", None, True),
        ("tick", "true", False),
        ("scale", 7, True),
        ("scale", 6.5, True),
        ("scale", float("nan"), False),
        ("scale", float("inf"), False),
        ("scale", True, False),
        ("scale", "7", False),
    ],
)
def test_lets_through_only_values_of_the_controls_own_kind(
    key: str, value: object, passes: bool
) -> None:
    async def story() -> None:
        screen = Screen(Questions)
        await screen.settle()
        body = {"id": screen.key(key)._i, "props": {"value": value}}

        assert (admit(frame(4, body), screen.session) is not None) is passes

    run(story)


@pytest.mark.parametrize(
    "body",
    [
        {"target": [1], "name": "click", "data": None},
        {"target": True, "name": "click", "data": None},
        {"target": "1", "name": "click", "data": None},
        {"target": 1, "name": 7, "data": None},
        {"target": 1, "name": "click"},
        {"target": 1, "name": "click", "data": None, "self": 1},
    ],
)
def test_drops_an_event_of_another_shape(body: dict[str, object]) -> None:
    async def story() -> None:
        assert admit(frame(3, body), Screen(Form).session) is None

    run(story)


def test_refuses_a_moment_that_is_none() -> None:
    async def story() -> None:
        event = {"target": 1, "name": "change", "data": msgpack.ExtType(1, b"tomorrow")}

        with pytest.raises(RefusedFrameError):
            admit(frame(3, event), Screen(Form).session)

    run(story)


def test_drops_what_is_meant_for_controls_that_are_not_there() -> None:
    async def story() -> None:
        screen = Screen(Form)
        await screen.settle()

        dropped = [
            admit(frame(4, {"id": 999_999, "props": {"value": 1}}), screen.session),
            admit(frame(5, {"control_id": 999_999, "call_id": "x"}), screen.session),
        ]

        assert dropped == [None, None]

    run(story)


def test_drops_an_event_that_names_its_own_sender() -> None:
    async def story() -> None:
        screen = Screen(Form)
        event = {"target": screen.page._i, "name": "route_change"}

        honest = admit(frame(3, {**event, "data": {"route": "/"}}), screen.session)
        forged = admit(frame(3, {**event, "data": {"route": "/", "control": 7}}), screen.session)

        assert (honest is not None, forged) == (True, None)

    run(story)


@pytest.mark.parametrize("action", [1, 2, 6, 7, 99])
def test_refuses_actions_that_only_servers_take(action: int) -> None:
    async def story() -> None:
        screen = Screen(Form)

        with pytest.raises(RefusedFrameError):
            admit(frame(action, {"session_id": "x", "page": {}}), screen.session)

    run(story)


def test_reduces_a_registration_to_what_a_browser_has_to_tell() -> None:
    sent = {
        "session_id": 7,
        "page_name": "admin",
        "page": {"route": "/", "title": "forged", "media": {"width": 1, "_i": 5}},
        "extra": True,
    }

    wanted = read_registration(frame(1, sent))

    assert wanted.session_id is None
    assert wanted.page == {"route": "/", "media": {"width": 1}}


def test_refuses_a_first_frame_over_64_kibibytes() -> None:
    with pytest.raises(RefusedFrameError, match="too big"):
        read_registration(frame(1, {"session_id": None, "page": {"route": "/" * 70_000}}))
