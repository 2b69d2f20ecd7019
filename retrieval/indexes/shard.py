"""Says how a Qdrant Edge shard is made, opened and copied."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

import qdrant_edge as edge

from retrieval.indexes import points

# A vector takes part in no graph until so many wait for one: an exact search of them takes about a millisecond.
GRAPH_FROM: Final = 5_000
_LARGEST_SEGMENT_KB: Final = 1 << 30
_PAGE: Final = 500
_BYTES: Final = 4  # of a number


def open_shard(folder: Path, dimension: int, graph_from: int) -> edge.EdgeShard:
    """Open the shard in ``folder``, made on first use. Holds the interpreter lock: a second for 200,000 passages."""
    config = _config(dimension, graph_from)
    if (folder / "segments").exists():
        shard = edge.EdgeShard.load(str(folder), config)
    else:
        folder.mkdir(exist_ok=True)
        shard = edge.EdgeShard.create(str(folder), config)
    # Asked again each time: a process may have ended between making the shard and indexing its fields.
    known = shard.info().payload_schema
    for field, schema in _fields().items():
        if field not in known:
            shard.update(edge.UpdateOperation.create_field_index(field, schema))
    return shard


def copy_shard(shard: edge.EdgeShard, folder: Path, target: Path) -> None:
    """Copy an open shard that nobody updates meanwhile."""
    shard.flush()
    shutil.copytree(folder, target)


def copy_points(source: edge.EdgeShard, target: edge.EdgeShard) -> None:
    """Copy every point of one open shard into another, some hundred at a time."""
    offset: Any = None
    while True:
        request = edge.ScrollRequest(offset=offset, limit=_PAGE, with_payload=True, with_vector=True)
        records, offset = source.scroll(request)
        found = [edge.Point(id=one.id, vector=one.vector or {}, payload=one.payload or {}) for one in records]
        if found:
            target.update(edge.UpdateOperation.upsert_points(found))
        if offset is None:
            return


def waiting(shard: edge.EdgeShard) -> tuple[int, int]:
    """Return how many vectors take part in no graph, and how many do."""
    has = edge.HasVectorCondition
    dense, words = (
        shard.count(edge.CountRequest(exact=True, filter=edge.Filter(must=[has(name)])))
        for name in (points.DENSE, points.WORDS)
    )
    # The shard counts the sparse vectors as indexed, always.
    indexed = min(dense, max(0, shard.info().indexed_vectors_count - words))
    return dense - indexed, indexed


def _config(dimension: int, graph_from: int) -> edge.EdgeConfig:
    threshold = max(1, graph_from * dimension * _BYTES // 1024)
    return edge.EdgeConfig(
        vectors={
            points.DENSE: edge.EdgeVectorParams(
                size=dimension,
                distance=edge.Distance.Cosine,
                hnsw_config=edge.HnswIndexConfig(m=32, ef_construct=200, full_scan_threshold=threshold),
                quantization_config=edge.ScalarQuantizationConfig(edge.ScalarType.Int8, memory=edge.Memory.Pinned),
            )
        },
        sparse_vectors={points.WORDS: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        optimizers=edge.EdgeOptimizersConfig(
            default_segment_number=1, indexing_threshold=threshold, max_segment_size=_LARGEST_SEGMENT_KB
        ),
    )


def _fields() -> dict[str, edge.KeywordIndexParams | edge.IntegerIndexParams]:
    """Return how each field is indexed: days by range alone; links of the graph only where a scope is narrow."""
    narrow = {points.TENANT, points.COLLECTION, points.SUBJECTS}
    keywords = {name: edge.KeywordIndexParams(enable_hnsw=name in narrow) for name in points.KEYWORD_FIELDS}
    days = {
        name: edge.IntegerIndexParams(lookup=False, range=True, enable_hnsw=False) for name in points.INTEGER_FIELDS
    }
    return keywords | days
