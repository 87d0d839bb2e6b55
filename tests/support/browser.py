"""The Chromium of the browser tests: found, installed where there is none, and started so that it talks to nobody else.

`python -m tests.support.browser` is `make browser`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ALONE = (
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless Chromium. Ask it for a new context per test, so that no cookie passes from one to the next."""
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None:
            raise RuntimeError("No Chromium was found: run make browser, or say CHROMIUM=/path/to/chromium")
        # Chromium's own sandbox does not work for root.
        switches = [*ALONE, "--no-sandbox"] if os.geteuid() == 0 else list(ALONE)
        browser = playwright.chromium.launch(executable_path=executable, args=switches)
        yield browser
        browser.close()


def find_chromium(playwright: Playwright) -> str | None:
    """Where Chromium is: as CHROMIUM says, on the path, or as Playwright fetched it; None where there is none."""
    if told := os.environ.get("CHROMIUM"):
        return shutil.which(told)
    fetched = playwright.chromium.executable_path
    return next(filter(None, map(shutil.which, NAMES)), None) or (fetched if Path(fetched).is_file() else None)


def main() -> int:
    """Say which Chromium there is, installing one where there is none. Returns the exit status."""
    found = _find() or (_install() and _find())
    if not found:
        print("No Chromium was found or installed. Install one, or say CHROMIUM=/path/to/chromium.", file=sys.stderr)
        return 1
    print(f"Chromium: {found}")
    return 0


def _find() -> str | None:
    with sync_playwright() as playwright:
        return find_chromium(playwright)


def _install() -> bool:
    print("Installing Chromium for the browser tests …", flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        packages = ["chromium", "fonts-dejavu-core"]
        return (
            subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False).returncode == 0
            and subprocess.run(
                ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
                env=quiet,
                stdout=subprocess.DEVNULL,
                check=False,
            ).returncode
            == 0
        )
    return subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
