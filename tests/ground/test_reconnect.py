"""A connection that was lost for a moment: the screen lives on, whole and up to date."""

import asyncio
from pathlib import Path
from typing import Any

from tests.ground.diary import Slow, main, showing
from tests.ground.raw import Raw
from tests.ground.serving import run, serving


def _marks(body: Any) -> set[int]:
    """Return the marks of all controls in a registration's answer; 0 for one without."""
    found: set[int] = set()
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "_i" in node:
                found.add(node.get("_resumed", 0))
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return found


def test_marks_every_control_anew_for_each_resumption(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            first = await Raw(port, "ana").open()
            await first.see("s-ana counts 0")
            await first.close()
            marks = []

            for _ in range(2):
                again = await Raw(port, "ana").open(session_id=first.session_id)
                marks.append(_marks(again.actions(1)[-1]["page_patch"]))
                await again.close()

            assert [len(found) for found in marks] == [1, 1]
            assert 0 not in marks[0] | marks[1]
            assert marks[0] != marks[1]

    run(story)


def test_shows_what_was_published_while_nobody_was_connected(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ben = await Raw(port, "ben").open()
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0, saw 0")
            await ben.see("s-ben counts 0, saw 0")
            await ana.close()

            await ben.click("tell")
            await ben.see("saw 1")
            back = await Raw(port, "ana").open(session_id=ana.session_id)

            await back.see("s-ana counts 0, saw 2")
            await back.close()
            await ben.close()

    run(story)


def test_shows_what_a_slow_handler_did_while_nobody_was_connected(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(showing(Slow), tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("it is early")
            await ana.click("slowly")
            await ana.settle()
            await ana.close()
            await asyncio.sleep(0.4)

            back = await Raw(port, "ana").open(session_id=ana.session_id)

            await back.see("it is late")
            await back.close()

    run(story)


def test_goes_on_after_reconnecting(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")
            await ana.close()
            back = await Raw(port, "ana").open(session_id=ana.session_id)

            await back.click("more")
            await back.see("s-ana counts 1")
            await back.click("tell")

            await back.see("saw ")
            await back.close()

    run(story)


def test_finds_the_session_again_after_the_connection_was_cut(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")
            await ana.click("more")
            await ana.see("s-ana counts 1")
            ana.ws.transport.abort()
            await ana.closed()

            back = await Raw(port, "ana").open(session_id=ana.session_id)

            assert back.session_id == ana.session_id
            await back.close()

    run(story)
