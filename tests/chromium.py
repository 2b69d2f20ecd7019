"""The browser of tests and benchmarks: Debian's Chromium."""

from __future__ import annotations

import shutil
from typing import Final

# The same engine without a browser's own toolbar, which is a page too: a window costs a third of the processor time.
SHELL: Final = "chromium-headless-shell"
CHROMIUM: Final = next(filter(None, map(shutil.which, (SHELL, "chromium", "chromium-browser", "google-chrome"))), None)
