"""Access: the last look at every passage before it is shown or sent to a model.

The same rule stands inside the index query (:class:`domain.ports.passage_index.IndexFilter`). It is asked again here,
on the passage's own labels, so that a stale or broken index cannot show what it should not.
"""

from __future__ import annotations

from typing import Final

from domain.answers import Decision
from domain.documents import Passage
from domain.questions import Actor, Scope

POLICY: Final = "access"


def decide(passage: Passage, scope: Scope, actor: Actor) -> Decision:
    """Return "allow" when every rule allows the passage, otherwise "deny" with the first rule that does not."""
    labels = passage.labels
    if labels.tenant != scope.tenant or labels.tenant != actor.tenant:
        return _deny("it belongs to another tenant")
    if scope.collections and labels.collection not in scope.collections:
        return _deny("its collection is not in the question's scope")
    return _of_document(passage, scope, actor)


def _of_document(passage: Passage, scope: Scope, actor: Actor) -> Decision:
    labels = passage.labels
    if scope.documents and passage.document_id not in scope.documents:
        return _deny("its document is not in the question's scope")
    if not set(labels.subjects) <= set(scope.subjects):
        return _deny("it is about a subject outside of the question's scope")
    if not set(labels.walls) <= set(actor.walls):
        return _deny("it stands behind a wall that the actor is not inside of")
    if not passage.in_force.covers(scope.as_of):
        return _deny("its text was not in force on the date asked about")
    return Decision(policy=POLICY, decision="allow", reason="tenant, collection, subjects, walls and date agree")


def _deny(reason: str) -> Decision:
    return Decision(policy=POLICY, decision="deny", reason=reason)
