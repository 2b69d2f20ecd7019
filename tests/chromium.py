"""The browser of tests and benchmarks: Debian's Chromium."""

from __future__ import annotations

import shutil
from typing import Final

# The same engine without a browser's own windows, which are pages too and take twice what the tested one takes.
SHELL: Final = "chromium-headless-shell"
CHROMIUM: Final = next(filter(None, map(shutil.which, (SHELL, "chromium", "chromium-browser", "google-chrome"))), None)
