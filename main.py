"""Entry point that a native build needs: without a command it opens the diary in a window."""

import sys

from diary_app.cli import main

if __name__ == "__main__":
    sys.argv[1:] = sys.argv[1:] or ["desktop"]
    main()
