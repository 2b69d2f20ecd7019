"""Lets an assistant answer: the same service, stricter. Nothing here can show more than its asker may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.answering.service import AnswerService
from domain.assistants import Serving
from domain.errors import RequestError
from domain.ports.assistants import Assistants
from domain.questions import Question
from policies.narrowing import narrowed
from policies.pack import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistedAnswers:
    """Answers as an assistant has them answered; who may ask what is decided where it always is."""

    answers: AnswerService
    kept: Assistants
    pack_named: Callable[[str], Pack | None]

    def by(self, serving: Serving) -> AnswerService:
        """Return the service as an assistant narrows it. Raises RequestError when its pack is not there any more."""
        design = serving.design
        pack = narrowed(self.answers.pack, self.pack_of(serving), unsupported=design.unsupported, redact=design.redact)
        presenter = self.answers.presenter
        return replace(
            self.answers,
            pack=pack,
            presenter=replace(presenter, disclosure=replace(presenter.disclosure, pack=pack)),
            configuration={
                **self.answers.configuration,
                "pack": pack.name,
                "on_unsupported": pack.on_unsupported,
                "assistant": serving.id,
                "assistant_version": str(serving.number),
            },
            serving=serving,
        )

    def pack_of(self, serving: Serving) -> Pack:
        """Return the pack that an assistant names, or the server's. Raises RequestError ``request.invalid``."""
        own = serving.design.pack
        pack = self.pack_named(own) if own else self.answers.pack
        if pack is None:
            raise RequestError("request.invalid", f"pack: the assistant's pack {own} does not come with this server")
        return pack

    def narrow(self, question: Question, serving: Serving, given: frozenset[str]) -> Question:
        """Return a question as an assistant lets it be asked; ``given`` says which fields its asker named.

        What it does not name is the assistant's. Raises RequestError ``request.invalid`` when it names collections, and
        none of the assistant's.
        """
        design, scope = serving.design, question.scope
        collections = scope.collections or design.collections
        if design.collections:
            collections = tuple(name for name in collections if name in design.collections)
            if not collections:
                raise RequestError("request.invalid", "collections: none of those that the assistant searches")
        purpose = question.purpose
        if "purpose" not in given:
            purpose = design.purpose or self.pack_of(serving).default_purpose
        as_of = design.as_of if design.as_of and "as_of" not in given else scope.as_of
        return replace(question, purpose=purpose, scope=replace(scope, collections=collections, as_of=as_of))

    def as_then(self, tenant: str, configuration: Mapping[str, str]) -> AnswerService | None:
        """Return the service by which an answer was given; ``None`` when no assistant gave it, or none is known."""
        assistant = self.kept.find(tenant, configuration.get("assistant", ""))
        number = configuration.get("assistant_version", "")
        version = self.kept.version(assistant.id, int(number)) if assistant and number.isdigit() else None
        if assistant is None or version is None:
            return None
        serving = Serving(id=assistant.id, name=assistant.name, number=version.number, design=version.design)
        try:
            return self.by(serving)
        except RequestError:
            return None
