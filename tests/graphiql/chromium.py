"""Headless Chromium by its own protocol (Chrome DevTools), with what a page asked for, complained of and warned of."""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
UNTIL = """new Promise((resolve, reject) => {
  const deadline = performance.now() + 20000;
  const look = () => {
    if (%s) resolve();
    else if (performance.now() > deadline) reject(new Error(document.body.innerText));
    else requestAnimationFrame(look);
  };
  look();
})"""


def executable() -> str | None:
    """The browser on this machine, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


LEFT = ("Inspected target navigated or closed", "Cannot find default execution context")


class PageLeft(Exception):
    """The page went to another address while it was asked something."""


class Chromium:
    """A running browser; one socket carries the commands and events of all its pages."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.numbers = count(1)
        self.results: dict[int, Any] = {}
        self.pages: dict[str, Page] = {}

    def call(self, method: str, session: str | None = None, **params: Any) -> Any:
        """One command and its result; events that come before it are handed to their pages."""
        number = next(self.numbers)
        command = {"id": number, "method": method, "params": params}
        self.socket.send(json.dumps(command | ({"sessionId": session} if session else {})))
        while number not in self.results:
            self._receive()
        return self.results.pop(number)

    def _receive(self) -> None:
        message = json.loads(self.socket.recv(timeout=30))
        if "id" in message:
            if message.get("error", {}).get("message") in LEFT:
                raise PageLeft
            assert "error" not in message, message["error"]
            self.results[message["id"]] = message["result"]
        elif message.get("sessionId") in self.pages:
            self.pages[message["sessionId"]].heard(message["method"], message["params"])

    @contextmanager
    def page(self, *, width: int = 1280, height: int = 800) -> Iterator["Page"]:
        """An empty page with a storage of its own."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self.pages[session] = Page(self, session)
        for domain in ("Page", "Runtime", "Network", "Log"):
            page.call(f"{domain}.enable")
        page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        try:
            yield page
        finally:
            del self.pages[session]
            self.call("Target.disposeBrowserContext", browserContextId=context)


class Page:
    """One tab: what it shows, which addresses it asked for, what it complained of, with which dialogs it asked back."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self.browser = browser
        self.session = session
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.dialogs: list[str] = []
        self.served: dict[str, bytes] = {}

    def call(self, method: str, **params: Any) -> Any:
        """A command to this tab."""
        return self.browser.call(method, self.session, **params)

    def heard(self, event: str, params: dict[str, Any]) -> None:
        """Keep what the tests judge."""
        match event:
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Log.entryAdded" if params["entry"]["level"] in ("warning", "error"):
                self.complaints.append(params["entry"]["text"])
            case "Runtime.consoleAPICalled" if params["type"] in ("warning", "error", "assert"):
                self.complaints.append(str([argument.get("value") for argument in params["args"]]))
            case "Runtime.exceptionThrown":
                self.complaints.append(str(params["exceptionDetails"]))
            case "Page.javascriptDialogOpening":
                self.dialogs.append(params["type"])
                self.call("Page.handleJavaScriptDialog", accept=True)
            case "Fetch.requestPaused":
                self._answer(params["requestId"], params["request"]["url"])

    def serve(self, answers: dict[str, bytes]) -> None:
        """Answer these foreign addresses from memory, as a CDN does."""
        self.served = answers
        self.call("Fetch.enable", patterns=[{"urlPattern": address} for address in answers])

    def _answer(self, request: str, address: str) -> None:
        media_type = "text/css" if address.endswith(".css") else "text/javascript"
        headers = {"Content-Type": media_type, "Access-Control-Allow-Origin": "*"}
        self.call(
            "Fetch.fulfillRequest",
            requestId=request,
            responseCode=200,
            responseHeaders=[{"name": name, "value": value} for name, value in headers.items()],
            body=base64.b64encode(self.served[address]).decode(),
        )

    def open(self, address: str) -> None:
        """Go to an address, until its document is there."""
        self.call("Page.navigate", url=address)
        self.until("document.readyState === 'complete'")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, awaited."""
        outcome = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in outcome, outcome["exceptionDetails"]
        return outcome["result"].get("value")

    def until(self, condition: str) -> None:
        """Wait until a JavaScript expression is true, on whatever page it leads to."""
        while True:
            with suppress(PageLeft):
                self.evaluate(UNTIL % condition)
                return

    def press(self, key: str, *, control: bool = False) -> None:
        """A key stroke."""
        codes = {"Enter": (13, "\r"), "Tab": (9, ""), "ArrowDown": (40, ""), "Escape": (27, "")}
        code, text = codes[key]
        stroke = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": 2 if control else 0}
        self.call("Input.dispatchKeyEvent", type="keyDown", text="" if control else text, **stroke)
        self.call("Input.dispatchKeyEvent", type="keyUp", **stroke)

    def type(self, text: str) -> None:
        """Text into the focused element."""
        self.call("Input.insertText", text=text)

    def screenshot(self, path: Path) -> None:
        """What is to be seen."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))


@contextmanager
def chromium(profile: Path) -> Iterator[Chromium]:
    """The browser with a profile of its own, ended afterwards.

    Its socket sends no pings: they would come from a thread that draws from `random`, which Hypothesis forbids beside its own.
    """
    command = [executable() or NAMES[0], *SWITCHES, f"--user-data-dir={profile}", "about:blank"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            address = next(line.split()[-1] for line in process.stderr if line.startswith("DevTools listening on"))
            with connect(address, max_size=None, compression=None, ping_interval=None) as socket:
                yield Chromium(socket)
        finally:
            process.terminate()
