"""A process that erases and is killed by kill -9 at any named step: the next start carries the erasure out."""

from __future__ import annotations

import shutil
import signal
import textwrap
from pathlib import Path

import pytest

from app.bootstrap import Replacements, build
from app.settings import load_settings
from tests import forked
from tests.fakes.embedder import FakeEmbedder
from tests.store_bytes import CANARIES, ask, files_with, keep

# part, method and call, after which the process is killed; an erasure goes through them in this order
STEPS = (
    ("queue", "begin", 1), ("register", "add", 1), ("index", "delete_version", 1), ("blobs", "delete", 1),
    ("ledger", "forget", 1), ("catalogue", "erase_documents", 1), ("records", "forget", 1), ("index", "compact", 1),
    ("audit", "append", 2), ("queue", "end", 1),
)  # fmt: skip
CHILD = """
    import os, signal, sys
    from pathlib import Path
    from app.lifecycle.erasure import ErasureService
    from app.settings import load_settings
    from app.store.answer_records import SqlAnswerRecords
    from app.store.catalogue import SqlCatalogue
    from app.store.database import Database
    from app.store.holds import SqlErasureQueue, SqlHolds
    from app.store.ledger import SqlLedger
    from app.store.opening import address_of, audit_of, blobs_of
    from app.store.register import FileRegister
    from app.system import RandomIds, SystemClock, Unwatched
    from domain.erasure import Target
    from retrieval.indexes.edge import EdgeIndex

    class Dying:
        def __init__(self, part, method, calls):
            self.part, self.method, self.calls = part, method, calls
        def __getattr__(self, name):
            real = getattr(self.part, name)
            def dying(*arguments, **named):
                result = real(*arguments, **named)
                self.calls -= 1
                if not self.calls:
                    os.kill(os.getpid(), signal.SIGKILL)
                return result
            return dying if name == self.method else real

    settings = load_settings(home=Path(sys.argv[1]))
    database, clock = Database(address_of(settings)), SystemClock()
    parts = {
        "queue": SqlErasureQueue(database), "register": FileRegister(database, settings.home / "register.jsonl"),
        "index": EdgeIndex(settings.home / "index", 16), "blobs": blobs_of(settings, None),
        "ledger": SqlLedger(database), "catalogue": SqlCatalogue(database), "records": SqlAnswerRecords(database),
        "audit": audit_of(settings, database, clock),
    }
    parts[sys.argv[2]] = Dying(parts[sys.argv[2]], sys.argv[3], int(sys.argv[4]))
    parts |= {"traces": {"answers": parts.pop("records")}, "steps": Unwatched()}
    service = ErasureService(holds=SqlHolds(database), clock=clock, ids=RandomIds(), **parts)
    service.erase(Target(tenant="default", kind="subject", id="s00"))
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("killed") / "home"
    with build(load_settings(home=home), Replacements(embedder=FakeEmbedder())) as house:
        keep(house, 2)
        assert CANARIES[0] in str(ask(house, 0)["claims"])
    return home


@pytest.mark.parametrize(("part", "method", "calls"), STEPS, ids=[f"{part}.{method}" for part, method, _ in STEPS])
def test_an_erasure_killed_after_a_step_is_finished_by_the_next_start(
    template: Path, tmp_path: Path, part: str, method: str, calls: int
) -> None:
    home = tmp_path / "home"
    shutil.copytree(template, home)
    killed = forked.run([str(home), part, method, str(calls)], what=textwrap.dedent(CHILD))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with build(load_settings(home=home), Replacements(embedder=FakeEmbedder())) as house:
        assert files_with(home, *CANARIES) == [CANARIES[1]]
        assert house.erasures.queue.unfinished() == []
        assert house.doctor.examine().findings == ()
        assert house.database.rows("SELECT id FROM answers") == []
        assert CANARIES[1] in str(ask(house, 1)["claims"])
    with build(load_settings(home=home), Replacements(embedder=FakeEmbedder())) as house:
        assert house.caught_up == ()
