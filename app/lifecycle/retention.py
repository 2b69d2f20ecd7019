"""Retention: what a collection's rule says is due goes by the same erasure as everything else; holds come first."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from app.lifecycle.erasure import ErasureService
from domain.documents import Document
from domain.erasure import DOCUMENT, Receipt, Target
from domain.errors import RequestError
from domain.ports.answer_records import AnswerRecords
from domain.ports.catalogue import Catalogue, StoredVersion
from domain.ports.clock import Clock

RULES_FILE: Final = "retention.toml"
ADDED: Final = "added"
ENDED: Final = "ended"
BASES: Final = (ADDED, ENDED)
_AT_ONCE: Final = 200
_MOST_DAYS: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Documents of a collection go so many days after their basis, "answers" (no collection) after they were asked.

    ``basis`` is "added" (the last version was added) or "ended" (the last version is no longer in force; one whose
    end is open stays).
    """

    tenant: str
    collection: str
    days: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a rule says now, by ids: what goes, what a hold keeps, and how many documents have no date to go by."""

    rule: Rule
    documents: tuple[str, ...] = ()
    held: tuple[tuple[str, str], ...] = ()
    undated: int = 0
    answers: int = 0
    receipts: tuple[Receipt, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionService:
    """Reads the rules of ``retention.toml`` in the home folder each time, and applies them."""

    file: Path
    catalogue: Catalogue
    erasures: ErasureService
    records: AnswerRecords
    clock: Clock

    def rules(self) -> list[Rule]:
        """Return the rules. Raises RequestError ``request.setting_invalid`` naming the rule at fault."""
        return read_rules(self.file)

    def due(self) -> list[Due]:
        """Return what would go now."""
        return [self._due(rule) for rule in self.rules()]

    def apply(self) -> Iterator[Due]:
        """Erase what is due, rule by rule, and yield what went with its receipts."""
        for due in self.due():
            self.erasures.audit.append(
                "retention_applied",
                {
                    "tenant": due.rule.tenant,
                    "collection": due.rule.collection,
                    "days": due.rule.days,
                    "basis": due.rule.basis,
                    "documents": len(due.documents),
                    "held": [f"{document}:{hold}" for document, hold in due.held],
                    "answers": due.answers,
                },
            )
            yield self._applied(due)

    def _applied(self, due: Due) -> Due:
        rule = due.rule
        if not rule.collection:
            answers = self.records.forget_before(rule.tenant, self._moment(rule), self.erasures.held(rule.tenant))
            return Due(rule=rule, answers=answers)
        receipts: list[Receipt] = []
        for first in range(0, len(due.documents), _AT_ONCE):
            targets = [
                Target(tenant=rule.tenant, kind=DOCUMENT, id=one) for one in due.documents[first : first + _AT_ONCE]
            ]
            receipts += self.erasures.erase_each(targets, because=f"retention {rule.collection} {rule.days}")
        return Due(
            rule=rule, documents=due.documents, held=due.held, undated=due.undated, receipts=tuple(receipts)
        )  # fmt: skip

    def _due(self, rule: Rule) -> Due:
        if not rule.collection:
            held_now = self.erasures.held(rule.tenant)
            return Due(rule=rule, answers=self.records.count_before(rule.tenant, self._moment(rule), held_now))
        going, held, undated = [], [], 0
        last = self.clock.now().date() - timedelta(days=rule.days)
        for document in self.catalogue.documents(rule.tenant, [rule.collection]):
            day = _day(self.catalogue.versions(document.id), rule.basis)
            undated += day is None
            if day is None or day > last:
                continue
            if hold := self._hold(document):
                held.append((document.id, hold))
            else:
                going.append(document.id)
        return Due(rule=rule, documents=tuple(going), held=tuple(held), undated=undated)

    def _hold(self, document: Document) -> str:
        hold = self.erasures.hold_on(document)
        return hold.id if hold else ""

    def _moment(self, rule: Rule) -> str:
        return (self.clock.now().astimezone(UTC) - timedelta(days=rule.days)).isoformat()


def read_rules(file: Path) -> list[Rule]:
    """Return the rules of a file; none when there is none.

    Raises RequestError ``request.setting_invalid`` when anything in it is not understood: a rule that is passed over
    would keep or erase what nobody meant.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise RequestError("request.setting_invalid", f"{RULES_FILE}: {type(error).__name__}") from None
    if data.keys() - {"rule", "answers"}:
        raise RequestError("request.setting_invalid", f"{RULES_FILE}: only [[rule]] and [[answers]]")
    found = [_rule(number, table) for number, table in enumerate(_tables(data, "rule"), start=1)]
    found += [
        _rule(number, {**table, "collection": "", "basis": ADDED})
        for number, table in enumerate(_tables(data, "answers"), start=1)
    ]
    if len({(rule.tenant, rule.collection) for rule in found}) < len(found):
        raise RequestError("request.setting_invalid", f"{RULES_FILE}: two rules for one collection")
    return found


def _tables(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    tables = data.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RequestError("request.setting_invalid", f"{RULES_FILE}: write [[{name}]]")
    return tables


def _rule(number: int, table: dict[str, Any]) -> Rule:
    given = {"tenant": "default", "basis": ADDED, **table}
    days = given.get("days")
    texts = [given.get(name) for name in ("tenant", "collection", "basis")]
    right = (
        given.keys() == {"tenant", "collection", "days", "basis"}
        and all(isinstance(text, str) for text in texts)
        and given["basis"] in BASES
        and isinstance(days, int)
        and not isinstance(days, bool)
        and 0 < days <= _MOST_DAYS
    )
    if not right:
        raise RequestError("request.setting_invalid", f"{RULES_FILE}: rule {number}")
    return Rule(**given)


def _day(versions: Sequence[StoredVersion], basis: str) -> date | None:
    """Return the day from which a document's days are counted; none for one whose versions do not all have one."""
    if basis == ADDED:
        added = [version.added_at for version in versions]
        known = [datetime.fromisoformat(moment).date() for moment in added if moment]
    else:
        known = [version.in_force.effective_to for version in versions if version.in_force.effective_to]
    return max(known) if known and len(known) == len(versions) else None
