"""Records of answers in SQL; the question is sealed when there is a key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, or_, select

from app.store.cipher import Cipher, is_sealed
from app.store.database import Database
from app.store.tables import answer_touches, answers, documents
from domain.erasure import DOCUMENT, SUBJECT
from domain.errors import ServiceError
from domain.provenance import AnswerRecord, PinnedClaim, PinnedPassage
from domain.questions import Actor, Question, Scope

_INSERT: Final = {table: insert(table) for table in (answers, answer_touches)}
_FIND: Final = select(answers).where(answers.c.tenant == bindparam("of_tenant"), answers.c.id == bindparam("by_id"))
_MOST_IDS: Final = 500


class SqlAnswerRecords:
    """Implements :class:`domain.ports.answer_records.AnswerRecords`."""

    def __init__(self, database: Database, cipher: Cipher | None = None) -> None:
        self._database = database
        self._cipher = cipher

    def keep(self, record: AnswerRecord) -> bool:
        """Remember an answer durably, unless one of its documents is gone."""
        question = record.question
        row = {
            "id": record.id,
            "tenant": question.scope.tenant,
            "actor": question.actor.id,
            "asked_at": record.asked_at,
            "question": self._sealed(question.text, record.id),
            "record": _to_json(record),
        }
        names = {*record.names, *question.scope.subjects}
        touches = [(SUBJECT, name) for name in sorted(names)] + [(DOCUMENT, name) for name in record.documents]
        rows = [{"answer_id": record.id, "kind": kind, "target": target} for kind, target in touches]
        there = select(func.count()).select_from(documents).where(documents.c.id.in_(record.documents))
        with self._database.write() as connection:
            # What is erased while it is being answered must not leave an answer behind.
            if record.documents and connection.execute(there).scalar_one() < len(record.documents):
                return False
            self._database.run(connection, _INSERT[answers], row)
            if rows:
                self._database.run(connection, _INSERT[answer_touches], rows)
        return True

    def record(self, tenant: str, answer_id: str) -> AnswerRecord | None:
        """Return an answer by id. Raises ServiceError when its question is sealed with a key that is not there."""
        found = self._database.found(_FIND, {"of_tenant": tenant, "by_id": answer_id})
        if not found:
            return None
        row = found[0]
        return _from_json(row["id"], row["asked_at"], self._opened(bytes(row["question"]), row["id"]), row["record"])

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget every answer that was about one of these subjects or read one of these documents."""
        removed = 0
        with self._database.write() as connection:
            for kind, targets in ((SUBJECT, list(subjects)), (DOCUMENT, list(document_ids))):
                for first in range(0, len(targets), _MOST_IDS):
                    some = answer_touches.c.target.in_(targets[first : first + _MOST_IDS])
                    touching = select(answer_touches.c.answer_id).where(answer_touches.c.kind == kind, some)
                    doomed = delete(answers).where(answers.c.tenant == tenant, answers.c.id.in_(touching))
                    removed += connection.execute(doomed).rowcount
        return removed

    def forget_before(self, tenant: str, moment: str, held: Sequence[tuple[str, str]] = ()) -> int:
        """Forget every answer that was asked before a moment and touches nothing that is held."""
        with self._database.write() as connection:
            return connection.execute(delete(answers).where(_before(tenant, moment, held))).rowcount

    def count_before(self, tenant: str, moment: str, held: Sequence[tuple[str, str]] = ()) -> int:
        """Return how many that would be."""
        counted = select(func.count().label("n")).select_from(answers)
        return int(self._database.rows(counted.where(_before(tenant, moment, held)))[0]["n"])

    def _sealed(self, text: str, answer_id: str) -> bytes:
        content = text.encode("utf-8", "surrogatepass")
        return self._cipher.seal(content, f"question {answer_id}") if self._cipher else content

    def _opened(self, content: bytes, answer_id: str) -> str:
        if is_sealed(content):
            if self._cipher is None:
                raise ServiceError("service.storage_unavailable", "questions are sealed, and no key is configured")
            content = self._cipher.open(content, f"question {answer_id}")
        return content.decode("utf-8", "surrogatepass")


def _before(tenant: str, moment: str, held: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    spared = [
        and_(answer_touches.c.kind == kind, answer_touches.c.target.in_([name for one, name in held if one == kind]))
        for kind in (SUBJECT, DOCUMENT)
    ]
    touching = select(answer_touches.c.answer_id).where(or_(*spared))
    return and_(answers.c.tenant == tenant, answers.c.asked_at < moment, answers.c.id.not_in(touching))


def _to_json(record: AnswerRecord) -> str:
    question = record.question
    return json.dumps(
        {
            "scope": {**asdict(question.scope), "as_of": question.scope.as_of.isoformat()},
            "actor": {"id": question.actor.id, "tenant": question.actor.tenant, "walls": question.actor.walls},
            "purpose": question.purpose,
            "k": question.k,
            "names": record.names,
            "evidence": [asdict(pinned) for pinned in record.evidence],
            "claims": [asdict(claim) for claim in record.claims],
            "refusal": record.refusal,
            "configuration": dict(record.configuration),
            "models": dict(record.models),
        },
        ensure_ascii=False,
    )


def _from_json(answer_id: str, asked_at: str, text: str, record: str) -> AnswerRecord:
    data: dict[str, Any] = json.loads(record)
    scope, actor = data["scope"], data["actor"]
    return AnswerRecord(
        id=answer_id,
        asked_at=asked_at,
        question=Question(
            text=text,
            scope=Scope(
                as_of=date.fromisoformat(scope["as_of"]),
                tenant=scope["tenant"],
                subjects=tuple(scope["subjects"]),
                collections=tuple(scope["collections"]),
                documents=tuple(scope.get("documents", ())),
            ),
            actor=Actor(id=actor["id"], tenant=actor["tenant"], walls=tuple(actor["walls"])),
            purpose=data["purpose"],
            k=data["k"],
        ),
        names=tuple(data["names"]),
        evidence=tuple(PinnedPassage(**pinned) for pinned in data["evidence"]),
        claims=tuple(
            PinnedClaim(
                digest=claim["digest"],
                verdict=claim["verdict"],
                quotes=tuple((passage, start, end) for passage, start, end in claim["quotes"]),
            )
            for claim in data["claims"]
        ),
        refusal=data["refusal"],
        configuration=data["configuration"],
        models=data["models"],
    )
