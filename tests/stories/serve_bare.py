"""One server of several, as `diary serve --no-worker` starts it, without packing the web client."""

import uvicorn

from diary_app.installation import open_installation
from diary_app.server import build_app
from diary_app.settings import Settings
from tests.ground.serving import NO_FILES


def main() -> None:
    settings = Settings(worker=False)
    opened = open_installation(settings)
    app, _kit = build_app(opened, package=NO_FILES)
    uvicorn.run(app, host="127.0.0.1", port=settings.port, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
