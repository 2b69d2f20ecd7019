"""Runs each system in a process and a virtual environment of its own, on the same documents and questions."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evaluation.datasets.beir import BeirDataset

K: Final = 10
OTHER: Final = "other"
_EVERY: Final = 10
_HERE: Final = Path(__file__).resolve().parent
_TAIL: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A system: its adapter's file, and the virtual environment that it runs in; ours where that is empty."""

    name: str
    adapter: str
    environment: str = ""


OWN: Final = Entrant(name="Consilium", adapter="consilium_itself")
ENCODER: Final = Entrant(name="sentence-transformers alone", adapter="sentence_transformers_alone")
PEERS: Final = (
    Entrant(name="Haystack, in-memory store", adapter="haystack_in_memory", environment="haystack"),
    Entrant(name="Haystack, Qdrant local mode", adapter="haystack_with_qdrant", environment="haystack"),
    Entrant(name="LlamaIndex", adapter="llama_index_fusion", environment="llamaindex"),
    Entrant(name="LangChain, Chroma", adapter="langchain_with_chroma", environment="langchain"),
    Entrant(name="txtai", adapter="txtai_hybrid", environment="txtai"),
)
ALL: Final = (OWN, *PEERS, ENCODER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What every system is given: documents as they are ingested, questions by id, and the threads it may use.

    ``k`` is how many results a question gets. Documents to ``cut`` are files, which a system cuts into pieces itself.
    """

    collection: str
    documents: tuple[Mapping[str, str], ...]
    queries: Mapping[str, str]
    encoder: Path
    threads: int
    k: int = K
    cut: bool = False

    @property
    def digest(self) -> str:
        """Return what tells this task from another."""
        facts = json.dumps([self.collection, self.documents, dict(self.queries), self.threads, self.k, self.cut])
        return hashlib.sha256(facts.encode()).hexdigest()[:12]


def task_of(dataset: BeirDataset, *, documents: int | None, queries: int, encoder: Path, threads: int) -> Task:
    """Return the task: the first documents, a tenth of them again under another label, questions spread evenly.

    The copies lie in a collection of their own: a search that does not filter finds them, and counts them as misses.
    Only questions whose judged documents are all among the documents are asked.
    """
    corpus = dataset.corpus[:documents]
    own = [document_of(entry.id, entry.title, entry.text, dataset.name) for entry in corpus]
    copies = [
        document_of(f"{OTHER}:{entry.id}", entry.title, entry.text, OTHER) for entry in corpus[_EVERY // 2 :: _EVERY]
    ]
    there = {entry.id for entry in corpus}
    asked = [key for key in dataset.queries if dataset.qrels[key].keys() <= there]
    spread = asked[:: max(1, len(asked) // queries)][:queries]
    return Task(
        collection=dataset.name,
        documents=(*copies, *own),
        queries={key: dataset.queries[key] for key in spread},
        encoder=encoder,
        threads=threads,
    )


def document_of(key: str, title: str, text: str, collection: str) -> dict[str, str]:
    """Return a document as systems are given it."""
    content = "\n".join(part for part in (title, text) if part)
    return {"id": key, "title": title, "text": text, "content": content, "collection": collection}


def run(entrant: Entrant, task: Task, cache: Path, log: Path, *, memory: Path | None = None) -> dict[str, Any]:
    """Measure one system, or with a ``memory`` of vectors ask only what it finds.

    Raises SystemExit when it fails, with the end of what it said.
    """
    python = cache / entrant.environment / "bin" / "python" if entrant.environment else Path(sys.executable)
    if not python.exists():
        sys.exit(f"{entrant.name}: {python} is missing; run tools/peers.sh first")
    with tempfile.TemporaryDirectory(prefix="peers-") as work:
        documents, folder = Path(work) / "documents.jsonl", Path(work) / "kept"
        documents.write_text("\n".join(map(json.dumps, task.documents)), encoding="utf-8")
        folder.mkdir()
        job = {
            "documents": str(documents),
            "queries": dict(task.queries),
            "encoder": str(task.encoder),
            "folder": str(folder),
            "collection": task.collection,
            "k": task.k,
            "cut": task.cut,
            "memory": str(memory) if memory else "",
        }
        with log.open("w", encoding="utf-8") as said:
            done = subprocess.run(
                [str(python), "-P", str(_HERE / "child.py"), str(_HERE / f"{entrant.adapter}.py")],
                input=json.dumps(job),
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                check=False,
                cwd=work,
                env=environment(task.threads),
            )
    if done.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8").splitlines()[-_TAIL:])
        sys.exit(f"{entrant.name} failed:\n{tail}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def environment(threads: int) -> dict[str, str]:
    """Return the same environment for all: offline, without telemetry, with the same number of threads."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "RAYON_NUM_THREADS")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("CONSILIUM_", "PYTHON"))},
        **dict.fromkeys(names, str(threads)),
        "HF_HUB_OFFLINE": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "ANONYMIZED_TELEMETRY": "False",
        "LANGSMITH_TRACING": "false",
    }


def chosen(names: Sequence[str]) -> tuple[Entrant, ...]:
    """Return the systems whose adapters are named; all of them without names. Raises SystemExit for another name."""
    known = {entrant.adapter: entrant for entrant in ALL}
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"no such adapter: {', '.join(unknown)} (there are {', '.join(known)})")
    return tuple(known[name] for name in names) or ALL
