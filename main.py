"""Entry point that a native build needs."""

from diary_app.cli import main

if __name__ == "__main__":
    main()
