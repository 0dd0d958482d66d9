"""`python -m diary_app` is the `diary` command."""

import gc

# What is loaded stays to the end; walking it again and again would take a third of the start.
gc.disable()

from diary_app.cli import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
