"""Builds the search graph of a shard that nobody has open: ``python -I graph_builder.py FOLDER``.

A process of its own because Qdrant Edge holds the interpreter lock all the while, minutes for a large shard. It takes
every setting from the folder, and steps back from the processors whenever a question is being answered.
"""

from __future__ import annotations

import os
import sys
from typing import Final

import qdrant_edge as edge

_NICE: Final = 10


def main() -> int:
    """Build and close; the exit status is 0 when the shard is whole on disk."""
    os.nice(_NICE)
    shard = edge.EdgeShard.load(sys.argv[1])
    shard.optimize()
    shard.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
