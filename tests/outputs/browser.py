"""Drive a headless Chromium over its DevTools pipe; nothing but the browser itself is needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--remote-debugging-pipe", "--window-size=1280,800")


def find_chromium() -> str | None:
    """Path of an installed Chromium or Chrome."""
    return next((path for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (path := shutil.which(name))), None)


class Browser:
    """One page in one browser; use as a context manager."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.problems: list[str] = []
        self._number = 0
        self._buffer = b""

    def __enter__(self) -> Browser:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        # The browser reads commands from descriptor 3 and writes answers to descriptor 4.
        command_read, self._write = os.pipe()
        self._read, answer_write = os.pipe()
        script = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
        self._process = subprocess.Popen(
            ["bash", "-c", script, "browser", str(command_read), str(answer_write), self.program, *FLAGS,
             f"--user-data-dir={self._profile.name}"],
            pass_fds=(command_read, answer_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(command_read)
        os.close(answer_write)
        target = self.send("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self.send("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        os.close(self._write)
        os.close(self._read)
        self._profile.cleanup()

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._read, 1 << 20)
            if not chunk:
                raise RuntimeError("the browser ended")
            self._buffer += chunk
        message, self._buffer = self._buffer.split(b"\0", 1)
        answer: dict[str, Any] = json.loads(message)
        method, details = answer.get("method"), answer.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.problems.append(details["exceptionDetails"]["text"])
        elif method == "Log.entryAdded" and details["entry"]["level"] == "error":
            self.problems.append(details["entry"]["text"])
        elif method == "Network.requestWillBeSent" and not details["request"]["url"].startswith(("file:", "about:", "data:")):
            self.problems.append("request: " + details["request"]["url"])
        return answer

    def send(self, method: str, params: dict[str, Any] | None = None, session: str | None = None) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result

    def ask(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.send(method, params, self._session)

    def open(self, url: str) -> None:
        """Open a page and wait until it says that it is ready."""
        self.ask("Page.navigate", {"url": "about:blank"})
        self.ask("Page.navigate", {"url": url})
        self.wait("document.body && document.body.dataset.ready === 'yes'")

    def run(self, script: str) -> Any:
        """The value of a script in the page."""
        answer = self.ask("Runtime.evaluate", {"expression": script, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"].get("exception", {}).get("description")))
        return answer["result"].get("value")

    def wait(self, condition: str, seconds: float = 20) -> None:
        """Wait until a condition holds in the page."""
        self.run("new Promise((done, fail) => { const end = Date.now() + " + str(int(seconds * 1000)) + "; (function look() {"
                 f" if ({condition}) done(true); else if (Date.now() > end) fail(new Error('never: ' + {json.dumps(condition)}));"
                 " else setTimeout(look, 20); })(); })")

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        text = key if len(key) == 1 else "\r" if key == "Enter" else ""
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", {"type": kind, "key": key, **({"text": text} if kind == "keyDown" and text else {})})

    def click(self, selector: str) -> None:
        """Click the middle of the first element that matches."""
        x, y = self.run(f"(() => {{ const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
                        " return [box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 20) / 2]; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1})

    def picture(self, path: Path) -> None:
        import base64

        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", {"format": "png"})["data"]))
