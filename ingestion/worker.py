"""The reading process: reads untrusted files one after another, fenced in, for :mod:`ingestion.sandbox`.

Started as ``python -m ingestion.worker texts`` (or ``originals``) in a folder of its own. It reads frames on standard
input (its limits once, then name and content of each file) and writes frames on standard output (how large it has
grown and the outcomes).
"""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import IO, Final

from ingestion.codec import encode, read_frame, write_frame
from ingestion.fence import fence, leave_network
from ingestion.limits import Limits
from ingestion.originals import INSPECTORS
from ingestion.outcomes import MemberOutcome
from ingestion.reading import read_file
from ingestion.registry import READERS

_READERS: Final = {"texts": READERS, "originals": INSPECTORS}
_CPU_GRACE: Final = 5  # seconds: the parent's clock is to speak first


def main() -> None:
    """Serve until standard input ends, then take the folder along."""
    readers = _READERS[sys.argv[1]]
    requests, answers = _channels()
    leave_network()
    folder = Path.cwd()
    try:
        limits = Limits(**json.loads(read_frame(requests)))
        fence(folder, memory=limits.memory, largest_file=limits.max_expanded)
        write_frame(answers, b"ready")
        while True:
            name = read_frame(requests).decode("utf-8", "surrogateescape")
            content = read_frame(requests)
            _allow_cpu(limits.seconds)
            _answer(answers, read_file(content, name, limits, readers))
    except (EOFError, BrokenPipeError):
        shutil.rmtree(folder, ignore_errors=True)
    except MemoryError:
        os._exit(errno.ENOMEM)


def _channels() -> tuple[IO[bytes], IO[bytes]]:
    """Keep the pipes to the parent, and give parsers that print or ask an empty device instead."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    return requests, answers


def _allow_cpu(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + _CPU_GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _answer(answers: IO[bytes], outcomes: list[MemberOutcome]) -> None:
    try:
        encoded = encode(outcomes)
    except MemoryError:
        encoded = encode([_out_of_memory(outcome) for outcome in outcomes])
    write_frame(answers, str(_resident()).encode())
    write_frame(answers, encoded)


def _out_of_memory(outcome: MemberOutcome) -> MemberOutcome:
    return replace(outcome, reading=None, code=outcome.code or "document.out_of_memory")


def _resident() -> int:
    """Return the resident memory in bytes: not the peak, which Linux hands down from the process that started this."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    except OSError:  # macOS, where the peak is the process's own, in bytes
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
