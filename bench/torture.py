"""Real workers, a real database and a mail server in a bad mood; then the books are held together.

    python -m bench.torture --faults 1000 --seed 1

Two workers send at once while entries come in. The mail server stalls, refuses, hangs up and
fails; workers and the writer of the entries get SIGKILL at random moments; the clock jumps by up
to two days either way and back; the disk is full for a while. Each of these is one fault. At the
end everything may recover, and what was promised is held against what arrived. Exit status 1 when
anything was lost, never ended, or came twice in a way that nobody can recognise.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from pathlib import Path

from bench.faults.clinic import WORKERS, WRITER, Clinic
from bench.faults.full_disk import IMPOSSIBLE, LIMIT, TMPFS, filled, small_disk, without_mount
from bench.faults.reckoning import Reckoning, reckon

MOST_WAITING = 400  # messages; beyond this no entry is written until some have ended
LONGEST_JUMP_MINUTES = 2 * 24 * 60


@dataclass(frozen=True)
class Act:
    """One thing done to the clinic, so many seconds after the one before.

    Attributes:
        what: ``kill``, ``jump`` or ``full disk``.
        whom: Of a kill: the processes.
        minutes: Of a jump: how far.
        seconds: Of a jump and of a full disk: for how long.
    """

    after: float
    what: str
    whom: tuple[str, ...] = ()
    minutes: float = 0
    seconds: float = 1.0


@dataclass
class Outcome:
    """What was done, and what came of it."""

    books: Reckoning
    recovered: bool
    faults: Counter[str] = field(default_factory=Counter)
    full_disk_by: str = ""
    died_alone: int = 0
    seconds: float = 0

    @property
    def sound(self) -> bool:
        return self.recovered and self.books.sound


def random_acts(chance: random.Random) -> Iterator[Act]:
    """Go on for ever."""
    while True:
        match chance.choices(("kill", "jump", "full disk"), (12, 3, 2))[0]:
            case "kill":
                whom = chance.choice([(WORKERS[0],), (WORKERS[1],), WORKERS, (WRITER,)])
                yield Act(chance.uniform(0.2, 2), "kill", whom)
            case "jump":
                # As often minutes as days.
                far = LONGEST_JUMP_MINUTES ** chance.random() * chance.choice((-1, 1))
                yield Act(chance.uniform(0.5, 2), "jump", (), far, chance.uniform(0.5, 2))
            case "full disk":
                yield Act(chance.uniform(0.5, 2), "full disk", seconds=chance.uniform(0.3, 1.5))


@dataclass
class Tormentor:
    """Carries out the acts and notes when."""

    clinic: Clinic
    full_disk_by: str
    done: Counter[str] = field(default_factory=Counter)
    disturbed_at: list[float] = field(default_factory=list)

    def carry_out(self, act: Act) -> None:
        self.disturbed_at.append(time.time())
        match act.what:
            case "kill":
                for name in act.whom:
                    self.clinic.kill(name)
                    self.done[f"SIGKILL {name}"] += 1
            case "jump":
                self.clinic.dial["clock_ahead"] = act.minutes * 60
                self.done["clock forward" if act.minutes > 0 else "clock back"] += 1
                self._live(act.seconds)
                self.clinic.dial["clock_ahead"] = 0
                self.done["clock back to normal"] += 1
            case "full disk":
                if self._fill_disk(act.seconds):
                    self.done["full disk"] += 1
        self.disturbed_at.append(time.time())

    def _fill_disk(self, seconds: float) -> bool:
        """Return whether it could be done here."""
        if self.full_disk_by == TMPFS:
            with filled(self.clinic.data):
                self._live(seconds)
        elif self.full_disk_by == LIMIT:
            self.clinic.forbid_growth(forbidden=True)
            self._live(seconds)
            self.clinic.forbid_growth(forbidden=False)
        return self.full_disk_by != IMPOSSIBLE

    def _live(self, seconds: float) -> None:
        """Let life go on meanwhile, without restarts."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.clinic.look()
            self.clinic.answer_letters()
            time.sleep(0.1)

    def torment(self, acts: Iterable[Act], faults: int, seconds: float) -> None:
        """Go on until all acts were carried out and there were enough faults, or time is up."""
        until = time.monotonic() + seconds
        self.clinic.dial["may_write"] = 1
        for act in acts:
            at = time.monotonic() + act.after
            while time.monotonic() < at:
                self._turn()
            self.carry_out(act)
            if time.monotonic() > until:
                return
        while self.count < faults and time.monotonic() < until:
            self._turn()

    def _turn(self) -> None:
        self.clinic.keep_running()
        self.clinic.look()
        self.clinic.answer_letters()
        self.clinic.dial["may_write"] = float(self.clinic.waiting() < MOST_WAITING)
        time.sleep(0.05)

    @property
    def count(self) -> int:
        return self.done.total() + len(self.clinic.faults)


def torture(
    folder: Path,
    *,
    faults: int,
    seed: int,
    seconds: float,
    acts: Iterable[Act] | None = None,
    mount: bool = True,
    recovery_seconds: float = 300,
    pause: float = 0.01,
) -> Outcome:
    """Run everything in a folder and return what came of it.

    Args:
        acts: In order; None = drawn from the seed until there were enough faults.
        mount: Whether to try a small disk of its own for the data.
        pause: Seconds between two entries.
    """
    began = time.monotonic()
    data, outside = folder / "data", folder / "outside"
    outside.mkdir(parents=True)
    with ExitStack() as stack:
        megabytes = 64 + faults // 10
        mounted = mount and stack.enter_context(small_disk(data, megabytes))
        clinic = Clinic(data, outside, patients=faults // 2 + 40, seed=seed, pause=pause)
        stack.callback(clinic.close)
        tormentor = Tormentor(clinic, TMPFS if mounted else without_mount())
        clinic.keep_running()
        chosen = acts or takewhile(
            lambda _: tormentor.count < faults, random_acts(random.Random(seed))
        )
        tormentor.torment(chosen, faults, seconds)
        recovered = clinic.recover(recovery_seconds)
        clinic.look()
        clinic.truth.more()
        return Outcome(
            books=reckon(
                clinic.database, clinic.truth.all, clinic.letters.all, tormentor.disturbed_at
            ),
            recovered=recovered,
            faults=Counter(clinic.faults) + tormentor.done,
            full_disk_by=tormentor.full_disk_by,
            died_alone=clinic.died_alone,
            seconds=time.monotonic() - began,
        )


def table(outcome: Outcome, wanted: int) -> str:
    lines = [f"{what:34}{count:8}" for what, count in sorted(outcome.faults.items())]
    lines.append(f"{'FAULTS':34}{outcome.faults.total():8}   wanted {wanted}")
    lines += [f"{name.replace('_', ' '):34}{n:8}" for name, n in asdict(outcome.books).items()]
    lines.append(f"{'LOST':34}{outcome.books.lost:8}")
    if outcome.faults["full disk"]:
        lines.append(f"The full disk was {outcome.full_disk_by}.")
    else:
        lines.append("A full disk was not run: none was drawn, or it cannot be made here.")
    if outcome.died_alone:
        lines.append(
            f"Processes that ended by themselves and were restarted: {outcome.died_alone}."
        )
    if not outcome.recovered:
        lines.append("Not everything had ended when the recovery was over.")
    lines.append(f"{outcome.seconds:.0f} s. {'Sound.' if outcome.sound else 'NOT SOUND.'}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--faults", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=20, help="stop making faults after this")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", type=Path, help="new folder for all files, kept afterwards")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        outcome = torture(
            chosen.keep or Path(scratch),
            faults=chosen.faults,
            seed=chosen.seed,
            seconds=chosen.minutes * 60,
            mount=chosen.keep is None,
        )
    if chosen.json:
        done = {"lost": outcome.books.lost, "sound": outcome.sound}
        print(json.dumps(asdict(outcome) | done, indent=1))
    else:
        print(table(outcome, chosen.faults))
    return 0 if outcome.sound else 1


if __name__ == "__main__":
    sys.exit(main())
