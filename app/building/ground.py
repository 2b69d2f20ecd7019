"""What every other part stands on: the settings, time, ids, the pack, the rules and the detectors, proven."""

from __future__ import annotations

from dataclasses import dataclass

from app.operating.metrics import Metrics
from app.settings import Settings
from app.store.cipher import Cipher
from app.store.opening import cipher_for
from app.system import RandomIds, SystemClock, Unwatched
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.drafter import Drafter
from domain.ports.embedder import Embedder
from domain.ports.ids import Ids
from domain.ports.job_runner import JobRunner
from domain.ports.passage_index import PassageIndex
from domain.ports.reranker import Reranker
from domain.ports.steps import Steps
from policies.access.cedar_decider import CedarDecider
from policies.disclosure.deidentifier import PresidioDeidentifier
from policies.pack import Pack, load_pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacements:
    """Adapters that stand in for the configured ones; ``None`` keeps the configured one."""

    embedder: Embedder | None = None
    former: Embedder | None = None
    drafter: Drafter | None = None
    index: PassageIndex | None = None
    reranker: Reranker | None = None
    audit: AuditLog | None = None
    clock: Clock | None = None
    ids: Ids | None = None
    runner: JobRunner | None = None
    steps: Steps | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What needs no store."""

    settings: Settings
    given: Replacements
    clock: Clock
    ids: Ids
    steps: Steps
    cipher: Cipher | None
    pack: Pack
    decider: CedarDecider
    deidentifier: PresidioDeidentifier
    metrics: Metrics


def lay_ground(settings: Settings, given: Replacements) -> Ground:
    """Return the ground. Raises ConsiliumError when the pack, the rules or a detector is not as it must be."""
    clock = given.clock or SystemClock()
    cipher = cipher_for(settings)
    pack = load_pack(settings.pack)
    decider = CedarDecider(clock.monotonic, settings.access_policies)
    deidentifier = PresidioDeidentifier()
    deidentifier.prove()
    return Ground(
        settings=settings,
        given=given,
        clock=clock,
        ids=given.ids or RandomIds(),
        steps=given.steps or Unwatched(),
        cipher=cipher,
        pack=pack,
        decider=decider,
        deidentifier=deidentifier,
        metrics=Metrics(),
    )
