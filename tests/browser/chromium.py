"""Debian's Chromium, driven by Playwright."""

import contextlib
import os
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize, async_playwright

#: The first is the same engine without a browser's own windows, whose pages take more of the processor than Podium's.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
#: Chromium's own errands in the background would fail on a closed network, many at a time.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"


@contextlib.asynccontextmanager
async def browser() -> AsyncGenerator[Browser]:
    """A browser without a window, until the block ends."""
    path = os.environ.get("PODIUM_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert path is not None, "Chromium is missing: install it, or point PODIUM_CHROMIUM at it."
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = [*FLAGS, "--no-sandbox"] if is_root else FLAGS
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield launched
        finally:
            await launched.close()


class Complaints:
    """What the page wrote to its console as an error, and what it threw."""

    def __init__(self, page: Page) -> None:
        self._found: list[str] = []
        self._expected: tuple[str, ...] = ()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._found.append(str(error)))

    def expect(self, *parts: str) -> None:
        """From now on these are part of the story, such as a refused connection to a dead gateway."""
        self._expected += parts

    @property
    def unexpected(self) -> list[str]:
        """All that no story asked for."""
        return [text for text in self._found if not any(part in text for part in self._expected)]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._found.append(message.text)


async def accessibility_faults(page: Page, *also: str) -> list[str]:
    """Violations that axe calls serious or critical, each with the elements at fault; also of rules that are off."""
    # Evaluated, not added as a script element: the page's Content-Security-Policy holds.
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": True} for rule in also}}
    result: dict[str, Any] = await page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{found['id']}: {found['help']}: {[node['html'][:200] for node in found['nodes'][:3]]}"
        for found in result["violations"]
        if found["impact"] in {"serious", "critical"}
    ]
