"""A real browser, and JupyterLab as `make lab` and `make formgrader` start it, in a copy of the course."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from autograder import lab

TOKEN = "a-token-for-the-tests"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Chromium, without a window."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"there is no browser here (looked for {', '.join(BROWSERS)})")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, headless=True, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, tmp_path: Path) -> Iterator:
    """A new page of a new visitor. What it shows at the end is kept as last.png in the test's folder."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, device_scale_factor=1.5)
    context.set_default_timeout(60_000)
    page = context.new_page()
    yield page
    page.screenshot(path=tmp_path / "last.png")
    context.close()


@dataclass
class Server:
    """A running JupyterLab."""

    url: str
    log: Path
    process: subprocess.Popen

    def address(self, path: str) -> str:
        return f"{self.url}/{path}?token={TOKEN}"


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """A function that starts JupyterLab on a course folder as `make lab` does; ended with the test."""
    with ExitStack() as stack:
        yield lambda course_dir, *options: stack.enter_context(_serving(course_dir, tmp_path, *options))


@contextmanager
def _serving(course_dir: Path, tmp_path: Path, *options: str) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = tmp_path / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True, exist_ok=True)
    # every cell on the page, not only those in view, so that the whole notebook can be read
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "MPLBACKEND", "DISPLAY"))} | {
        "HOME": str(home), "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"), "MPLCONFIGDIR": str(tmp_path.parent / "matplotlib"),
    }
    command = [sys.executable, "-m", "autograder.lab", *options, "--course-dir", str(course_dir), "--no-browser",
               f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    log = tmp_path / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, cwd=tmp_path)
    server = Server(f"http://127.0.0.1:{port}", log, process)
    try:
        _wait_for(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(server: Server, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.process.poll() is None:
        try:
            with urlopen(server.address("api/status"), timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{server.log.read_text(errors='replace')}")


@pytest.fixture
def working_copy(course_copy: Path) -> Path:
    """The folder lab/ of a copy of the course, as `make lab` prepares it."""
    return lab.prepare(course_copy)
