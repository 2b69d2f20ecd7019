"""Owns the open shard of one index, and puts one with a newer graph in its place while questions go on."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

import qdrant_edge as edge

from domain.errors import ServiceError
from retrieval.indexes.shard import copy_points, copy_shard, open_shard, waiting
from retrieval.indexes.shard_folders import ShardFolders

_LOG: Final = logging.getLogger("consilium.index")
_BUILDER: Final = Path(__file__).with_name("graph_builder.py")
_LOOK_EVERY: Final = 5.0  # seconds
_QUIET: Final = 60.0  # seconds without an update, after which what waits is worth a graph
# While an ingestion goes on, the graph is built again each time that as many wait as it holds: in all, that costs about
# twice the last build, however many passages come.
_WAITING_SHARE: Final = 1.0
# What a copy missed is applied to it beside further updates, until so few are left or it was tried so many times.
_FEW: Final = 2
_ROUNDS: Final = 8


class ShardOwner:
    """Holds the shard as :attr:`shard`; updates and the change of shards go through here.

    The graph is built on a copy, by a process of its own (see :mod:`retrieval.indexes.graph_builder`). Updates go to
    the open shard meanwhile and are applied again to the copy before that takes its place. Until then the open shard
    with its write-ahead log is the only one that counts. A search that began on the old shard ends on it.
    """

    def __init__(self, home: Path, dimension: int, graph_from: int) -> None:
        self._folders = ShardFolders(home)
        self._dimension = dimension
        self._graph_from = graph_from
        self._folder = self._folders.current()
        self.shard = open_shard(self._folder, dimension, graph_from)
        if self._folders.current() != self._folder:
            # Its owner put another in its place just before this process opened it.
            self.shard.close()
            raise ServiceError("service.index_in_use")
        self._folders.sweep()
        self._waiting, self._indexed = waiting(self.shard)
        self._changing = threading.Lock()
        self._building = threading.Lock()
        self._closing = threading.Event()
        self._missed: list[tuple[edge.UpdateOperation, int]] | None = None
        self._builder: subprocess.Popen[bytes] | None = None
        self._tender: threading.Thread | None = None
        self._touched = time.monotonic()
        with self._changing:
            self._tend_if_due()

    def update(self, operation: edge.UpdateOperation, vectors: int) -> None:
        """Apply an operation that brings so many dense vectors; it is in the write-ahead log when this returns."""
        with self._changing:
            self.shard.update(operation)
            if self._missed is not None:
                self._missed.append((operation, vectors))
            self._waiting += vectors
            self._touched = time.monotonic()
            self._tend_if_due()

    def optimise(self) -> None:
        """Take waiting vectors into the graph; a call during another one waits for it and looks again."""
        with self._building:
            if self._waiting >= self._graph_from and not self._closing.is_set():
                self._rebuild()

    def compact(self) -> None:
        """Put a shard with the same points, and no trace of others, in the place of the open one."""
        with self._building:
            target = self._folders.fresh()
            try:
                with self._changing:
                    self._missed = []
                fresh = open_shard(target, self._dimension, self._graph_from)
                copy_points(self.shard, fresh)
                fresh.flush()
                fresh.close()
                os.sync()
                self._take(target)
            finally:
                self._missed = None
                self._folders.sweep()
        with self._changing:
            self._tend_if_due()

    def close(self) -> None:
        """Give a build up, write everything out and let go of the files; a second call does nothing."""
        if self._closing.is_set():
            return
        self._closing.set()
        builder = self._builder
        if builder is not None:
            builder.kill()
        with self._building:
            self.shard.close()

    def _rebuild(self) -> None:
        target = self._folders.fresh()
        try:
            with self._changing:
                copy_shard(self.shard, self._folder, target)
                self._missed = []
            if self._built(target):
                self._take(target)
        finally:
            self._missed = None
            self._folders.sweep()

    def _built(self, target: Path) -> bool:
        """Run the builder; False when it was given up because the index closes."""
        command = [sys.executable, "-I", str(_BUILDER), str(target)]
        with subprocess.Popen(  # noqa: S603 - a program of ours
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as builder:
            self._builder = builder
            if self._closing.is_set():
                builder.kill()
            status = builder.wait()
        self._builder = None
        if self._closing.is_set():
            return False
        if status:
            raise ServiceError("service.index_unavailable", "the graph could not be built")
        # The copy must be on disk before the folder that it takes the place of is removed.
        os.sync()
        return True

    def _take(self, target: Path) -> None:
        """Put a shard in the place of the open one; updates wait for no more than the last few that it missed."""
        shard = open_shard(target, self._dimension, self._graph_from)
        for _ in range(_ROUNDS):
            with self._changing:
                missed, self._missed = self._missed or [], []
            for operation, _ in missed:
                shard.update(operation)
            if len(missed) <= _FEW:
                break
        shard.flush()
        with self._changing:
            for operation, _ in self._missed or ():
                shard.update(operation)
            shard.flush()
            self._folders.make_current(target)
            self.shard, self._folder = shard, target
            self._waiting, self._indexed = waiting(shard)

    def _tend_if_due(self) -> None:
        if self._waiting >= self._graph_from and self._tender is None:
            self._tender = threading.Thread(target=self._tend, name="consilium-index", daemon=True)
            self._tender.start()

    def _tend(self) -> None:
        """Build when many wait or nothing changes any more; after a failure never again while this index is open."""
        while not self._closing.wait(_LOOK_EVERY):
            quiet = time.monotonic() - self._touched >= _QUIET
            if quiet or self._waiting >= self._indexed * _WAITING_SHARE:
                try:
                    self.optimise()
                # The shard raises nothing narrower, and its words may quote a payload.
                except Exception as error:  # noqa: BLE001
                    _LOG.warning("no graph was built: %s", type(error).__name__)
                    return
            with self._changing:
                if quiet or self._waiting < self._graph_from:
                    self._tender = None
                    return
