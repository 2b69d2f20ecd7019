"""Bar 6: speed as ratios in one run on one machine, on obliqa's 13,732 passages.

Ingestion against the bare encoder on a fifth of the same texts; search and extractive answers against embedding the
query alone; resident memory of a serving process.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from app.bootstrap import Consilium, build
from app.cli.door import LocalDoor, credential_for, running_server
from app.evaluating import ProductUnderTest
from app.settings import load_settings
from domain.documents import Passage
from evaluation.datasets.beir import read_beir
from evaluation.subject import CorpusText
from ingestion.passages import embedding_text
from tests.bench.record import record
from tests.data import shared_data

QUESTIONS = 300
BARE_EVERY = 5  # passages


def median_ms(call: Callable[[str], object], texts: list[str]) -> float:
    """Return the median milliseconds of a call over texts, after a few to warm up."""
    for text in texts[:5]:
        call(text)
    times = []
    for text in texts:
        started = time.perf_counter()
        call(text)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def passages_of(consilium: Consilium, document: str) -> list[Passage]:
    """Return the passages of a document."""
    versions = consilium.catalogue.versions(document)
    return [p for v in versions for p in consilium.catalogue.neighbours(v.id, 0, sys.maxsize)]


def main() -> int:
    """Measure and record."""
    dataset = read_beir(shared_data("obliqa"))
    corpus = [CorpusText(key=entry.id, title=entry.title, text=entry.text) for entry in dataset.corpus]
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with build(load_settings(home=home)) as consilium:
            started = time.perf_counter()
            documents = ProductUnderTest(consilium=consilium).load(corpus, "obliqa").values()
            ingestion = time.perf_counter() - started
            texts = [embedding_text(passage) for document in documents for passage in passages_of(consilium, document)]
            sample = texts[::BARE_EVERY]
            started = time.perf_counter()
            consilium.embedder.embed(sample)
            bare = len(sample) / (time.perf_counter() - started)
            figures |= {
                "passages": len(texts),
                "ingestion_s": ingestion,
                "passages_per_s": len(texts) / ingestion,
                "bare_encoder_passages_per_s": bare,
                "ingestion_rate_over_encoder_rate": len(texts) / ingestion / bare,
            }
            door = LocalDoor(consilium)
            queries = [text for _, text in list(dataset.queries.items())[:QUESTIONS]]
            embed = median_ms(lambda text: consilium.embedder.embed([text]), queries)
            search = median_ms(lambda text: door.search({"query": text}), queries)
            answer = median_ms(lambda text: door.ask({"question": text}), queries)
            figures |= {
                "embed_query_p50_ms": embed,
                "search_p50_ms": search,
                "search_over_embed": search / embed,
                "answer_p50_ms": answer,
                "answer_over_embed": answer / embed,
            }
        figures["serving_rss_mib"] = serving_memory(home, queries)
    record("speed", {key: round(value, 3) for key, value in figures.items()})
    return 0


def serving_memory(home: Path, queries: list[str]) -> float:
    """Serve the same store, ask some questions over HTTP, and return the resident memory in MiB."""
    settings = load_settings(home=home)
    command = [sys.executable, "-m", "app.cli.main", "serve", "--home", str(home), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            while (url := running_server(settings)) is None:
                time.sleep(0.5)
            headers = {"Authorization": f"Bearer {credential_for(settings, url)}"}
            for query in queries[:100]:
                httpx.post(
                    f"{url}/v1/answers", json={"question": query}, timeout=60, headers=headers
                ).raise_for_status()
            return resident_mib(server.pid)
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    sys.exit(main())
