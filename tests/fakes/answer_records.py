"""Records of answers in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.provenance import AnswerRecord


class MemoryAnswerRecords:
    """Keeps what the SQL records keep; ``gone`` are the documents that were erased."""

    def __init__(self, gone: Sequence[str] = ()) -> None:
        self._records: dict[str, AnswerRecord] = {}
        self.gone = set(gone)

    def keep(self, record: AnswerRecord) -> bool:
        if self.gone & set(record.documents):
            return False
        self._records[record.id] = record
        return True

    def record(self, tenant: str, answer_id: str) -> AnswerRecord | None:
        found = self._records.get(answer_id)
        return found if found and found.question.scope.tenant == tenant else None

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        def touches(record: AnswerRecord) -> bool:
            names = {*record.names, *record.question.scope.subjects}
            return bool(names & set(subjects) or set(record.documents) & set(document_ids))

        return self._forget(tenant, touches)

    def forget_before(self, tenant: str, moment: str, held: Sequence[tuple[str, str]] = ()) -> int:
        return self._forget(tenant, lambda record: _due(record, moment, held))

    def count_before(self, tenant: str, moment: str, held: Sequence[tuple[str, str]] = ()) -> int:
        records = [record for record in self._records.values() if record.question.scope.tenant == tenant]
        return sum(_due(record, moment, held) for record in records)

    def _forget(self, tenant: str, meant: Callable[[AnswerRecord], bool]) -> int:
        doomed = [key for key, r in self._records.items() if r.question.scope.tenant == tenant and meant(r)]
        for key in doomed:
            del self._records[key]
        return len(doomed)


def _due(record: AnswerRecord, moment: str, held: Sequence[tuple[str, str]]) -> bool:
    names = {("subject", name) for name in (*record.names, *record.question.scope.subjects)}
    return record.asked_at < moment and not (names | {("document", d) for d in record.documents}) & set(held)
