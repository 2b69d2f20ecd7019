"""What is kept from whom: redacts texts by the purpose of the asker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.answers import Decision, Redacted
from domain.identities import KnownIdentity
from domain.ports.deidentifier import Deidentifier
from policies.disclosure.kinds import KINDS
from policies.disclosure.redaction import redact
from policies.pack import Pack

NAME = "disclosure"


def kinds_to_redact(purpose: str, pack: Pack) -> frozenset[str]:
    """Return the kinds that a purpose may not see by this pack; every kind for a purpose that it does not name."""
    return pack.redact.get(purpose, frozenset(KINDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """The disclosure policy of a pack, over a detector."""

    deidentifier: Deidentifier
    pack: Pack

    def apply(
        self, texts: Sequence[str], purpose: str, known: Sequence[KnownIdentity]
    ) -> tuple[list[Redacted], Decision]:
        """Redact texts for a purpose, and say what was decided.

        ``known`` are the identities of the subjects that the texts are about. Raises PolicyUnavailableError when the
        detector fails; the caller then withholds all of the texts.
        """
        kinds = kinds_to_redact(purpose, self.pack)
        # Titles and paths come many times over, once per passage.
        distinct = list(dict.fromkeys(texts))
        findings = self.deidentifier.find_each(distinct, known)
        once = {text: redact(text, found, kinds) for text, found in zip(distinct, findings, strict=True)}
        redacted = [once[text] for text in texts]
        hidden = sum(sum(text.counts.values()) for text in redacted)
        found = {kind for text in redacted for kind in text.counts}
        scope = f"purpose {purpose}" if purpose in self.pack.redact else "a purpose the pack does not name"
        reason = f"{scope}: {len(kinds)} of {len(KINDS)} kinds are kept back; {hidden} redacted, of {len(found)} kinds"
        return redacted, Decision(policy=NAME, decision="redact" if hidden else "allow", reason=reason)
