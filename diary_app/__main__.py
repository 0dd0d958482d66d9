"""`python -m diary_app` is the `diary` command."""

from diary_app.cli import main

main()
