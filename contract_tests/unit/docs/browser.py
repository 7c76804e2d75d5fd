"""A headless Chromium, driven through chromedriver's HTTP interface (W3C WebDriver): no further library needed."""

from __future__ import annotations

import base64
import contextlib
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
MISSING = [name for name, found in (("chromium", CHROMIUM), ("chromedriver", DRIVER)) if found is None]
# Offline in earnest: no host name resolves, so that a page which asks for anything fails to get it and says so.
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
SECONDS = 20.0
Found = TypeVar("Found")


class Browser:
    """One window. Every method raises ``httpx.HTTPStatusError`` with the driver's words when it refuses."""

    def __init__(self, client: httpx.Client, session: str) -> None:
        self._client = client
        self._session = session

    def open(self, address: str) -> None:
        """Load a page and wait for its load event."""
        self._post("url", {"url": address})

    def run(self, script: str, *arguments: object) -> Any:
        """The value that the body of a JavaScript function returns."""
        return self._post("execute/sync", {"script": script, "args": list(arguments)})

    def type(self, selector: str, text: str) -> None:
        """Type into the element that a CSS selector finds, in place of what it holds."""
        element = next(iter(self._post("element", {"using": "css selector", "value": selector}).values()))
        self._post(f"element/{element}/clear", {})
        self._post(f"element/{element}/value", {"text": text})

    def resize(self, width: int, height: int) -> None:
        """Set the window's size in CSS pixels, also below what a window manager allows."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._post("goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics})

    def screenshot(self, path: Path) -> None:
        """Write what is seen as a PNG."""
        answer = self._client.get(f"/session/{self._session}/screenshot").json()
        path.write_bytes(base64.b64decode(answer["value"]))

    def complaints(self) -> list[str]:
        """What the console said as warning or error since the last call."""
        return [entry["message"] for entry in self._post("se/log", {"type": "browser"})]

    def wait(self, ask: Callable[[], Found]) -> Found:
        """The first answer that is true; ``TimeoutError`` after ``SECONDS``."""
        until = time.monotonic() + SECONDS
        while not (found := ask()):
            if time.monotonic() > until:
                raise TimeoutError(f"nothing came within {SECONDS:.0f} s")
            time.sleep(0.05)
        return found

    def _post(self, what: str, body: dict[str, Any]) -> Any:
        answer = self._client.post(f"/session/{self._session}/{what}", json=body)
        if answer.is_error:
            raise httpx.HTTPStatusError(answer.text[:400], request=answer.request, response=answer)
        return answer.json()["value"]


@contextlib.contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """A browser with an empty ``profile`` folder; gone at the end, driver included."""
    assert CHROMIUM and DRIVER
    driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert driver.stdout
    try:
        port = next(
            found[1] for line in driver.stdout if (found := re.search(r"started successfully on port (\d+)", line))
        )
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            options = {"binary": CHROMIUM, "args": [*FLAGS, f"--user-data-dir={profile}"]}
            wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            answer = client.post("/session", json={"capabilities": {"alwaysMatch": wanted}})
            assert answer.is_success, answer.text[:400]
            session = answer.json()["value"]["sessionId"]
            try:
                yield Browser(client, session)
            finally:
                client.delete(f"/session/{session}")
    finally:
        driver.terminate()
        driver.wait(10)
        driver.stdout.close()
