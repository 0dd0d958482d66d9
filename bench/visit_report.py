"""What a year of daily entries costs in a visit report, against an empty report in the same run.

Run from the folder of the repository: ``python -m bench.visit_report``.
"""

from time import perf_counter

from diary_app.exports.bundle import VisitBundle
from diary_app.exports.pdf import visit_report
from tests.diary_app.visit_bundles import daily, empty

ROUNDS = 5


def measured(bundle: VisitBundle) -> tuple[float, float, int]:
    """Return seconds of the first round and of the shortest later one, and the size in bytes.

    The typesetter remembers what it has laid out, so a later round is faster than the first.
    """
    seconds, size = [], 0
    for _round in range(ROUNDS):
        begun = perf_counter()
        size = len(visit_report(bundle))
        seconds.append(perf_counter() - begun)
    return seconds[0], min(seconds[1:]), size


def main() -> None:
    """Print time, size and their ratio to the empty report."""
    visit_report(empty())
    _first, base_seconds, base_size = measured(empty())
    print(f"{'report':24} {'first s':>8} {'again s':>8} {'x empty':>8} {'kB':>8} {'x empty':>8}")
    for name, bundle in (
        ("empty week", empty()),
        ("30 days", daily(30)),
        ("365 days", daily(365)),
        ("365 days, 12 photos", daily(365, photos=12)),
        ("1095 days", daily(1095)),
    ):
        first, seconds, size = measured(bundle)
        print(
            f"{name:24} {first:8.2f} {seconds:8.2f} {seconds / base_seconds:8.1f} "
            f"{size / 1000:8.0f} {size / base_size:8.1f}"
        )


if __name__ == "__main__":
    main()
