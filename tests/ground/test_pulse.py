"""The pulse of a line: is it alive, how much has come, and the screen once more."""

from pathlib import Path

import flet as ft
from flet.controls.id_counter import ControlId

from diary_app.ground import patches
from diary_app.ground.guarded import PULSE, SHOW_AGAIN
from tests.ground.diary import main
from tests.ground.raw import Raw
from tests.ground.serving import QUICK, SignIns, run, serving


async def frames_come(client: Raw) -> int:
    """Ask how many frames have come, as the page does."""
    before = len(client.pulses)
    await client.ws.send(PULSE)
    await client.wait(lambda: len(client.pulses) > before)
    return client.pulses[-1]


def test_counts_the_frames_of_a_session_across_its_sockets(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")
            counts = [await frames_come(ana)]
            await ana.click("more")
            await ana.click("more")
            counts.append(await frames_come(ana))
            ana.ws.transport.abort()
            await ana.closed()

            back = await Raw(port, "ana").open(session_id=ana.session_id)
            counts.append(await frames_come(back))
            new = await Raw(port, "ana").open()
            counts.append(await frames_come(new))

            assert counts == [0, 2, 2, 0]
            await back.close()
            await new.close()

    run(story)


def test_shows_the_screen_again_with_what_came_late(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")
            field = ana.find(label="Words")[-1]["_i"]
            await ana.set(field, value="itchy")
            await ana.ws.send(SHOW_AGAIN)

            await ana.wait(lambda: len(ana.actions(1)) == 2)
            assert "'itchy'" in repr(ana.actions(1)[-1])
            await ana.close()

    run(story)


def test_a_pulse_is_no_sign_of_life_of_the_person(tmp_path: Path) -> None:
    looks: list[str] = []
    sign_ins = SignIns()

    def lookup(cookies: object) -> object:
        looks.append("active")
        return sign_ins(cookies)  # type: ignore[arg-type]

    async def story() -> None:
        async with serving(
            main,
            tmp_path,
            sign_ins=lookup,
            glance=sign_ins,
            rhythm=QUICK,  # type: ignore[arg-type]
        ) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")
            await frames_come(ana)
            by_pulse = len(looks)
            await ana.click("more")
            await ana.see("s-ana counts 1")

            assert (by_pulse, len(looks)) == (0, 1)
            await ana.close()

    run(story)


def test_a_late_tap_never_meets_another_control_after_a_restart() -> None:
    patches.install()
    first = ft.Text("the first control of a new process")._i

    assert first > 2**20
    assert ControlId.next() > first
