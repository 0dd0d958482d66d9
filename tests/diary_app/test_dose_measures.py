"""Relative dose intensity and days covered, worked out by hand."""

from diary_app.exports.dose_measures import dose_measure_words, dose_measures
from tests.diary_app.visit_bundles import DAY_0, bundle, day, entry, step


def test_days_taken_as_planned_are_covered_and_of_full_intensity():
    made = bundle(
        DAY_0,
        day(1),
        plan=(step(DAY_0, 400),),
        entries=(
            entry(0, day(0), imatinib_mg_taken=400.0),
            entry(1, day(1), imatinib_mg_taken=400.0),
        ),
    )

    assert dose_measures(made).intensity == 1.0
    assert dose_measures(made).covered_share == (1.0, 1.0)


def test_an_unreported_day_widens_the_share_and_is_not_taken_for_zero():
    # Planned on days 0, 2 (every 2nd day), 4, 5 (daily 200 mg); nothing is said of day 5.
    # Known: 100 + 0 + 100 of 100 + 100 + 200 mg.
    made = bundle(
        DAY_0,
        day(5),
        plan=(step(DAY_0, 100, every=2), step(day(4), 200)),
        entries=(
            entry(0, day(0), imatinib_mg_taken=100.0),
            entry(2, day(2), imatinib_mg_taken=0.0),
            entry(4, day(4), imatinib_mg_taken=100.0),
        ),
    )

    facts = dose_measures(made)

    assert facts.intensity == 200 / 400
    assert facts.covered_share == (2 / 4, 3 / 4)
    assert dose_measure_words(made)[0] == (
        "Planned dose days covered: between 50 % and 75 % (2 of 4 logged as taken, 1 not known)."
    )


def test_an_unreported_day_does_not_join_two_gaps():
    said = {0: 0.0, 1: 0.0, 3: 0.0, 4: 400.0}
    made = bundle(
        DAY_0,
        day(4),
        plan=(step(DAY_0, 400),),
        entries=tuple(entry(n, day(n), imatinib_mg_taken=mg) for n, mg in said.items()),
    )

    assert dose_measures(made).longest_gap == 2


def test_silence_gives_no_intensity_and_a_pause_no_share():
    silent = bundle(DAY_0, day(2), plan=(step(DAY_0, 400),), entries=())
    paused = bundle(DAY_0, day(2), plan=(step(DAY_0, 0),), entries=())

    assert dose_measures(silent).intensity is None
    assert dose_measures(silent).covered_share == (0.0, 1.0)
    assert dose_measure_words(paused) == []
