"""Run readers in a child process: a fault of a parser, endless work or too much memory ends the child, not the run.

The child is started once and reused for many files; it is started anew when it dies or runs out of time. Parent and
child speak length-prefixed pickles over pipes, so that a process pool worker can own a child too.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from pipeline.errors import ReadingError
from pipeline.reading.formats import find_reader
from pipeline.reading.raw import RawDocument
from pipeline.settings import Limits

try:
    import resource
except ImportError:  # Windows has no such limits; the time limit holds everywhere.
    resource = None  # type: ignore[assignment]

_HEADER = struct.Struct("<Q")
_TOO_LONG = "读取超过 {seconds} 秒，已停止；文件可能过大、损坏或恶意，请用原软件打开后另存为 docx 再放入"
_CRASHED = "读取时解析程序崩溃或内存超过 {megabytes} MB，已跳过；文件可能损坏或恶意，请用原软件打开后另存为 docx 再放入"


@dataclass(frozen=True)
class Source:
    """The bytes of a file, and where they lie on disk; a member of an archive lies nowhere."""

    content: bytes
    location: str | None = None

    @property
    def parcel(self) -> bytes | str:
        """What the child is given: the place, from which it reads for itself, or the bytes."""
        return self.content if self.location is None else self.location


class ReaderProcess:
    """A child process that reads files one after another under the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, name: str, source: Source) -> RawDocument:
        """The content of the file as format `name`. ReadingError when the child refuses it, dies or takes too long."""
        document: RawDocument = self._ask(_read, name, source.parcel)
        return document

    def recognise(self, name: str, source: Source, number: int, part: str = "") -> Any:
        """Page `number` of a file, or the picture in a part of it, recognised (ocr_text.Recognition). ReadingError as for `read`."""
        return self._ask(_recognise, name, source.parcel, number, part)

    def _ask(self, task: Callable[..., Any], *arguments: Any) -> Any:
        try:
            child = self._child if self._child is not None and self._child.poll() is None else self._start()
            _write(child.stdin, pickle.dumps((task.__name__, arguments)))
            is_good, answer = pickle.loads(self._receive(child))  # noqa: S301 - our own child on our own pipe
        except (BrokenPipeError, EOFError) as error:
            self.stop()
            raise ReadingError(_CRASHED.format(megabytes=self._limits.reader_memory_bytes // 2**20)) from error
        if is_good:
            return answer
        message, status = answer
        raise ReadingError(message, status)

    def stop(self) -> None:
        """End the child; the next read starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        child.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self.stop()
        root = str(Path(__file__).resolve().parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._child = subprocess.Popen(
            [sys.executable, "-m", "pipeline.reading.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})
        _write(self._child.stdin, pickle.dumps(self._limits))
        return self._child

    def _receive(self, child: subprocess.Popen[bytes]) -> bytes:
        """The answer of the child. A child that takes too long is ended."""
        with _Alarm(child, self._limits.reader_seconds) as alarm:
            message = _next(child.stdout) if alarm.wait() else None
        if message is not None:
            return message
        if alarm.is_over:
            self.stop()
            raise ReadingError(_TOO_LONG.format(seconds=self._limits.reader_seconds))
        raise EOFError


class _Alarm:
    """Time for one answer. Where the system can wait for a pipe it does; else a timer ends the child, and with it the pipe.

    A timer is a thread for each file: that takes as long as reading a small one. An answer that has begun comes whole.
    """

    def __init__(self, child: subprocess.Popen[bytes], seconds: int) -> None:
        self.is_over = False
        self._child, self._seconds = child, seconds
        self._timer = None if hasattr(select, "poll") else threading.Timer(seconds, self._expire)

    def __enter__(self) -> _Alarm:
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def wait(self) -> bool:
        """Whether an answer begins in time, or the pipe ends."""
        if self._timer is None and self._child.stdout is not None:
            poll = select.poll()
            poll.register(self._child.stdout, select.POLLIN | select.POLLHUP)
            if not poll.poll(1000 * self._seconds):
                self._expire()
        return not self.is_over

    def _expire(self) -> None:
        self.is_over = True
        self._child.kill()


def shared_process(limits: Limits) -> ReaderProcess:
    """The reader process of this very process, started at first use; a forked process gets its own."""
    return _process_of(os.getpid(), limits)


@cache
def _process_of(owner: int, limits: Limits) -> ReaderProcess:
    return ReaderProcess(limits)


def _write(pipe: IO[bytes] | None, message: bytes) -> None:
    if pipe is None:
        raise BrokenPipeError
    pipe.write(_HEADER.pack(len(message)) + message)
    pipe.flush()


def _serve() -> None:
    """The child: do what is asked until the parent closes the pipe."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Native libraries may print; nothing but answers may enter the pipe.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    limits = pickle.loads(_next(requests) or b"")  # noqa: S301
    _limit("RLIMIT_AS", limits.reader_memory_bytes)
    _limit("RLIMIT_CORE", 0)
    tasks = {task.__name__: task for task in (_read, _recognise)}
    while (message := _next(requests)) is not None:
        name, arguments = pickle.loads(message)  # noqa: S301
        _limit_cpu(limits.reader_seconds)
        _write(answers, pickle.dumps(_answer(tasks[name], arguments, limits)))


def _limit(name: str, value: int) -> None:
    """Set a limit of the kernel where the system has it; macOS refuses some."""
    if resource is not None and hasattr(resource, name):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (soft, hard))


def _limit_cpu(seconds: int) -> None:
    """The next task may use so many seconds, even if the parent is stopped and its timer with it."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit("RLIMIT_CPU", int(used.ru_utime + used.ru_stime) + seconds + 1)


def _answer(task: Callable[..., Any], arguments: tuple[Any, ...], limits: Limits) -> tuple[bool, Any]:
    """(whether it went well, what came of it or (message, status) of the failure)."""
    try:
        return True, task(*arguments, limits)
    except ReadingError as error:
        return False, (str(error), error.status)
    except MemoryError:
        return False, (f"读取所需内存超过 {limits.reader_memory_bytes // 2**20} MB；"
                       "文件可能过大或恶意，请拆分或另存为 txt 后再放入", "failed")
    except RecursionError:
        return False, ("文件结构嵌套过深，未读取；请用原软件打开后另存为 docx 再放入", "failed")


def _content(parcel: bytes | str) -> bytes:
    return parcel if isinstance(parcel, bytes) else Path(parcel).read_bytes()


def _read(name: str, parcel: bytes | str, limits: Limits) -> RawDocument:
    return find_reader(name)(_content(parcel), limits)


def _recognise(name: str, parcel: bytes | str, number: int, part: str, limits: Limits) -> Any:
    from pipeline.reading.ocr import recognise_page

    return recognise_page(name, _content(parcel), number, part, limits)


def _next(pipe: IO[bytes] | None) -> bytes | None:
    """The next message; None when the other side has gone, even in mid-message."""
    if pipe is None:
        return None
    header = pipe.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    size = _HEADER.unpack(header)[0]
    message = pipe.read(size)
    return message if len(message) == size else None


if __name__ == "__main__":
    _serve()
