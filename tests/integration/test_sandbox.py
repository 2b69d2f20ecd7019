from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer

import pytest

from domain.errors import DOCUMENT_CODES
from ingestion.limits import Limits
from ingestion.outcomes import MemberOutcome
from ingestion.pdf.ocr import is_available
from ingestion.sandbox import ReadingSandbox
from tests.data import ROOT, shared_data
from tests.unit.readers.pdf_files import blank, put, scan_of, written

SLOW = b"\n".join(b"%d. Section %d\n\nSome words of it." % (number, number) for number in range(200_000))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Send temporary files to a folder of their own, which must be empty in the end."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture(scope="module")
def shared() -> Iterator[ReadingSandbox]:
    with ReadingSandbox() as sandbox:
        yield sandbox


def code_of(outcomes: list[MemberOutcome]) -> str | None:
    (outcome,) = outcomes
    return outcome.code


def text_of(outcomes: list[MemberOutcome]) -> str:
    (outcome,) = outcomes
    assert outcome.reading is not None
    return outcome.reading.text


def child_of(sandbox: ReadingSandbox) -> int:
    assert sandbox._child is not None
    return sandbox._child._process.pid


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_files_are_read_one_after_another_by_one_process(shared: ReadingSandbox, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("Potassium was normal.")
    assert text_of(shared.read(file)) == "Potassium was normal."
    first = child_of(shared)
    assert text_of(shared.read_bytes(b"Sodium was normal.", "upload.txt")) == "Sodium was normal."
    assert child_of(shared) == first


def test_a_folder_a_pipe_a_device_and_nothing_are_unreadable_at_once(shared: ReadingSandbox, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, Path("/dev/zero"), tmp_path / "missing.txt", tmp_path / "nul\0.txt"):
        assert code_of(shared.read(path)) == "document.unreadable"


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as stream:
        stream.truncate(10**12)
    with ReadingSandbox(Limits(max_bytes=10**11)) as sandbox:  # more than would fit into memory
        assert code_of(sandbox.read(file)) == "document.too_large"
        assert code_of(ReadingSandbox(Limits(max_bytes=3)).read_bytes(b"four", "a.txt")) == "document.too_large"
        assert sandbox._child is None


def test_an_upload_keeps_only_the_last_part_of_its_name(shared: ReadingSandbox) -> None:
    assert [outcome.name for outcome in shared.read_bytes(b"words", "C:\\x!/..\\..\\etc/passwd.txt")] == ["passwd.txt"]


def test_a_large_parent_does_not_wear_the_process_out() -> None:
    ballast = b"x" * (800 * 2**20)
    with ReadingSandbox() as sandbox:
        sandbox.read_bytes(ballast[:5], "a.txt")
        first = child_of(sandbox)
        sandbox.read_bytes(b"words", "b.txt")
        assert child_of(sandbox) == first


def test_reading_that_takes_too_long_is_ended_and_the_next_file_is_read(folder: Path) -> None:
    with ReadingSandbox(Limits(seconds=0.3)) as sandbox:
        assert text_of(sandbox.read_bytes(b"before", "a.txt")) == "before"
        first = child_of(sandbox)
        started = time.perf_counter()
        assert code_of(sandbox.read_bytes(SLOW, "slow.md")) == "document.too_slow"
        assert time.perf_counter() - started < 5
        assert not is_alive(first)
        assert text_of(sandbox.read_bytes(b"after", "a.txt")) == "after"
    assert list(folder.iterdir()) == []


def test_reading_that_takes_too_much_memory_is_ended_and_the_next_file_is_read() -> None:
    with ReadingSandbox(Limits(memory=64 * 2**20)) as sandbox:
        assert code_of(sandbox.read_bytes(b"many words " * 4_000_000, "a.txt")) == "document.out_of_memory"
        assert text_of(sandbox.read_bytes(b"after", "a.txt")) == "after"


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (signal.SIGKILL, "document.out_of_memory"),
        (signal.SIGSEGV, "document.malformed"),
        (signal.SIGABRT, "document.unreadable"),
    ],
)
def test_a_process_that_dies_over_a_file_is_replaced(ending: signal.Signals, code: str, folder: Path) -> None:
    with ReadingSandbox() as sandbox:
        sandbox.read_bytes(b"start", "a.txt")
        timer = Timer(0.2, os.kill, (child_of(sandbox), ending))
        timer.start()
        assert code_of(sandbox.read_bytes(SLOW, "slow.md")) == code
        timer.join()
        assert text_of(sandbox.read_bytes(b"after", "a.txt")) == "after"
    assert list(folder.iterdir()) == []


def test_closing_leaves_no_process_and_no_file(folder: Path) -> None:
    with ReadingSandbox() as sandbox:
        sandbox.read_bytes(b"words", "a.txt")
        process = child_of(sandbox)
        assert len(list(folder.iterdir())) == 1
    assert not is_alive(process)
    assert list(folder.iterdir()) == []


def test_a_worn_process_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.sandbox._FILES_A_PROCESS", 2)
    with ReadingSandbox() as sandbox:
        sandbox.read_bytes(b"one", "a.txt")
        first = child_of(sandbox)
        assert text_of(sandbox.read_bytes(b"two", "a.txt")) == "two"
        assert not is_alive(first)
        assert text_of(sandbox.read_bytes(b"three", "a.txt")) == "three"


def test_threads_share_a_sandbox(shared: ReadingSandbox) -> None:
    with ThreadPoolExecutor(4) as pool:
        texts = pool.map(lambda number: text_of(shared.read_bytes(b"file %d" % number, "a.txt")), range(20))
        assert list(texts) == [f"file {number}" for number in range(20)]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="/proc is not here")
def test_the_process_knows_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSILIUM_SECRET", "swordfish")
    monkeypatch.setenv("DATABASE_PASSWORD", "swordfish")
    with ReadingSandbox() as sandbox:
        sandbox.read_bytes(b"words", "a.txt")
        environment = Path(f"/proc/{child_of(sandbox)}/environ").read_bytes()
    assert b"HF_HUB_OFFLINE=1" in environment
    assert b"swordfish" not in environment


def test_a_process_whose_parent_was_killed_ends_and_takes_its_folder_along(folder: Path) -> None:
    script = f"""
import os, signal, tempfile
from ingestion.sandbox import ReadingSandbox
tempfile.tempdir = {str(folder)!r}
sandbox = ReadingSandbox()
sandbox.read_bytes(b"words", "a.txt")
print(sandbox._child._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while (folder_left := list(folder.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert folder_left == []
    assert int(done.stdout) > 0


FENCED = """
import os, socket, subprocess, sys, ctypes
from pathlib import Path
from ingestion.fence import fence
inside = Path.cwd()
fence(inside, memory=256 * 2**20, largest_file=10_000)
attempts = {
    "connect": lambda: socket.create_connection(("127.0.0.1", 9), 1),
    "resolve": lambda: socket.getaddrinfo("localhost", 80),
    "program": lambda: subprocess.run(["/bin/true"]),
    "shell": lambda: os.system("true"),
    "fork": lambda: os.fork() or os._exit(0),
    "write outside": lambda: Path("../outside").write_text("x"),
    "append outside": lambda: open("../outside", "ab"),
    "remove outside": lambda: os.remove("../kept"),
    "move outside": lambda: os.rename("own", "../own"),
    "allocate": lambda: bytearray(512 * 2**20),
    "large file": lambda: Path("own").write_bytes(bytes(20_000)),
    "write inside": lambda: Path("own").write_text("x"),
    "remove inside": lambda: os.remove("own"),
    "read": lambda: Path("/etc/hostname").exists(),
    "nowhere": lambda: open(os.devnull, "wb").close(),
}
for name, attempt in attempts.items():
    try:
        attempt()
    except (OSError, MemoryError) as error:
        print(f"{name}: {type(error).__name__}")
    else:
        print(f"{name}: done")
"""


def test_the_fence_lets_nothing_out_and_little_grow(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "kept").write_text("x")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", FENCED], cwd=inside, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "connect: PermissionError",
        "resolve: PermissionError",
        "program: PermissionError",
        "shell: PermissionError",
        "fork: PermissionError",
        "write outside: PermissionError",
        "append outside: PermissionError",
        "remove outside: PermissionError",
        "move outside: PermissionError",
        "allocate: MemoryError",
        "large file: OSError",
        "write inside: done",
        "remove inside: done",
        "read: done",
        "nowhere: done",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inside", "kept", "temporary"]


def test_every_faulty_file_ends_in_a_clear_state_and_leaves_nothing(folder: Path) -> None:
    files = sorted(path for path in shared_data("faults").rglob("*") if path.is_file())
    seen: Counter[str] = Counter()
    with ReadingSandbox() as sandbox:
        for file in files:
            outcomes = sandbox.read(file)
            assert outcomes, file.name
            for outcome in outcomes:
                assert outcome.code in (None, *DOCUMENT_CODES), file.name
                seen[f"{file.parent.name} {outcome.code}"] += 1
        process = child_of(sandbox)
    assert not is_alive(process)
    assert list(folder.iterdir()) == []
    assert [key for key in seen if key.endswith((".unreadable", ".too_slow", ".out_of_memory"))] == []
    assert seen["json_unparseable document.malformed"] == 11
    assert seen["empty_files document.empty"] == 4


def test_a_scan_is_recognised_inside_the_fence(shared: ReadingSandbox) -> None:
    if not is_available():
        pytest.skip("tesseract is not installed")
    pdf = blank()
    put(pdf, 72, 200, "Potassium was normal", size=18)
    assert text_of(shared.read_bytes(scan_of(written(pdf)), "scan.pdf")) == "Potassium was normal"
