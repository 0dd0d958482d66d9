"""A bad mail server, SIGKILL, a clock that jumps and a disk without room lose no alert.

The short form of ``python -m bench.torture``, which is run with thousands of faults.
"""

from pathlib import Path

from bench.faults.clinic import WORKERS, WRITER
from bench.torture import Act, torture

ACTS = (
    Act(1.0, "kill", (WORKERS[0],)),
    Act(0.3, "jump", minutes=95, seconds=0.4),
    Act(0.2, "full disk", seconds=0.3),
    Act(0.2, "jump", minutes=-24 * 60, seconds=0.4),
    Act(0.2, "kill", (WRITER,)),
)


def test_sixty_faults_lose_no_alert_and_repeat_none_unseen(tmp_path: Path):
    outcome = torture(
        tmp_path, faults=60, seed=7, seconds=30, acts=ACTS, mount=False, recovery_seconds=60
    )
    books = outcome.books

    assert outcome.faults.total() >= 60
    for what in ("SIGKILL worker 1", "SIGKILL writer", "clock forward", "clock back", "full disk"):
        assert outcome.faults[what] == 1
    assert outcome.faults["refused RCPT for good (550)"] > 0
    # Not an empty run: people wrote, alerts were raised, letters came, losses became tasks.
    assert books.promised > 10
    assert books.alerts > 5
    assert books.letters > books.alerts
    assert books.tasks > 0
    assert outcome.recovered, books
    assert books.lost == 0, books
    assert books.never_ended == 0, books
    assert books.repeats_not_recognisable == 0, books
    assert books.quiet_but_alerted == 0, books
