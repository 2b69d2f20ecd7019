"""What the reading process may not do: reach the network, start programs, write outside its folder, grow on."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

_PROGRAMS: Final = frozenset({"tesseract"})
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES: Final = frozenset(
    ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.chown", "os.truncate", "os.link", "os.symlink")
)
_NEVER: Final = ("socket.", "os.system", "os.exec", "os.fork", "os.spawn", "os.posix_spawn", "os.kill", "pty.")
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET (Linux, sched.h)


def leave_network() -> None:
    """Move into a network namespace without interfaces, where the kernel allows it; the fence stands without it too."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        if libc.unshare(_NEW_NETWORK) != 0:
            libc.unshare(_NEW_USER | _NEW_NETWORK)


def fence(folder: Path, *, memory: int, largest_file: int) -> None:
    """Set the limits of this process for good. ``memory`` is what its address space may grow by, in bytes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    if size := _address_space():
        resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))
    sys.dont_write_bytecode = True
    inside = os.path.realpath(folder)

    def refuse(event: str, args: tuple[Any, ...]) -> None:
        if not _is_allowed(event, args, inside):
            raise PermissionError(event)

    sys.addaudithook(refuse)


def _address_space() -> int:
    """Return the size of this process's address space in bytes, 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def _is_allowed(event: str, args: tuple[Any, ...], inside: str) -> bool:
    if event == "open":
        path, _, flags = args
        return not (flags or 0) & _WRITING or isinstance(path, int) or _is_inside(path, inside)
    if event in _CHANGES:
        return all(_is_inside(path, inside) for path in args if isinstance(path, str | bytes | os.PathLike))
    if event == "subprocess.Popen":
        return os.path.basename(os.fsdecode(args[0])) in _PROGRAMS  # noqa: PTH119 - no objects inside of a hook
    return not event.startswith(_NEVER)


def _is_inside(path: Any, inside: str) -> bool:
    real = os.path.realpath(os.fsdecode(path))
    return real in (inside, os.devnull) or real.startswith(inside + os.sep)
