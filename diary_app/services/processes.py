"""Spread long work over several processes; the results come back in order, one after another."""

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

MOST_PROCESSES = 4
UNDER_WAY = 2


class AsideError(Exception):
    """Work in a process of its own came to no end."""


def spare_processes() -> int:
    """Return over how many processes long work may be spread here."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def spread(
    work: Callable[[Part], Result], parts: Iterable[Part], processes: int
) -> Generator[Result, None, None]:
    """Yield the result of every part, in the order of the parts.

    At most two parts for every process are under way, so memory does not grow with their number.
    The work of processes that cannot start, or that die, is done here.

    Args:
        work: A function of a module; it, the parts and the results are pickled. What it raises
            is raised here.
        processes: 1 does everything here.
    """
    if processes < 2:
        yield from map(work, parts)
        return
    # Spawn: a server with threads and open connections must not be forked.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _leave_interrupts_to_the_parent)
    waiting: deque[Callable[[], Result]] = deque()
    try:
        for part in parts:
            waiting.append(_begun(pool, work, part))
            if len(waiting) >= UNDER_WAY * processes:
                yield waiting.popleft()()
        while waiting:
            yield waiting.popleft()()
    finally:
        pool.shutdown(cancel_futures=True)


def aside(work: Callable[[Part], Result], part: Part) -> Result:
    """Return the result of work done in a process of its own, which takes its memory with it.

    Args:
        work: A function of a module; it, the part and the result are pickled.

    Raises:
        AsideError: The process died, as for want of memory; whoever called lives on.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), _leave_interrupts_to_the_parent) as pool:
        try:
            return pool.submit(work, part).result()
        except (BrokenProcessPool, OSError) as error:
            raise AsideError("The work could not be done in a process of its own.") from error


def _begun(
    pool: ProcessPoolExecutor, work: Callable[[Part], Result], part: Part
) -> Callable[[], Result]:
    """Hand a part to a process; return what waits for its result."""
    here = partial(work, part)
    try:
        begun = pool.submit(work, part)
    except (BrokenProcessPool, OSError):
        return here

    def result() -> Result:
        try:
            return begun.result()
        except BrokenProcessPool:
            return here()

    return result


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
