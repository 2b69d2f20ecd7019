"""What shows passages and answers by them, all through one guarded retriever and one presenter."""

from __future__ import annotations

from dataclasses import dataclass

from app.access import AccessControl
from app.answering.assisted import AssistedAnswers
from app.answering.checks import CheckService, RedactionService, SearchService
from app.answering.guarded import GuardedRetriever
from app.answering.presentation import Presenter
from app.answering.references import References
from app.answering.replay import ReplayService
from app.answering.service import AnswerService
from app.building.ground import Ground
from app.building.retrieving import Retrieval
from app.building.storing import Stores
from app.conversations import ConversationService
from app.feedback import FeedbackService
from app.library import Library
from app.operating.metered import MeteredVerifier
from app.pinned import configuration_of
from app.records.chart import ChartService
from app.records.matter import MatterService
from app.reviewing.answers import GivenAnswers
from app.reviewing.service import ReviewService
from app.wiring import drafter_named, drafter_of
from policies.disclosure.policy import Disclosure
from policies.grounding.verifier import FactVerifier
from policies.pack import pack_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """The one way in, the one way out, and what is judged in between."""

    retriever: GuardedRetriever
    presenter: Presenter
    verifier: MeteredVerifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """The services that people ask."""

    answers: AnswerService
    search: SearchService
    checks: CheckService
    redactions: RedactionService
    library: Library
    replays: ReplayService
    conversations: ConversationService
    feedback: FeedbackService
    reviews: ReviewService
    assisted: AssistedAnswers
    charts: ChartService
    matters: MatterService


def build_guarded(ground: Ground, stores: Stores, retrieval: Retrieval, access: AccessControl) -> Guarded:
    """Return what every text of a document passes on its way out."""
    disclosure = Disclosure(deidentifier=ground.deidentifier, pack=ground.pack)
    return Guarded(
        retriever=GuardedRetriever(retriever=retrieval.retriever, catalogue=stores.catalogue, access=access),
        presenter=Presenter(catalogue=stores.catalogue, disclosure=disclosure),
        verifier=MeteredVerifier(FactVerifier(), ground.metrics),
    )


def build_answering(ground: Ground, stores: Stores, retrieval: Retrieval, guarded: Guarded) -> Answering:
    """Return the services that people ask."""
    clock, ids, audit = ground.clock, ground.ids, stores.audit
    retriever, presenter, verifier = guarded.retriever, guarded.presenter, guarded.verifier
    answers = _answers(ground, stores, retrieval, guarded)
    assisted = AssistedAnswers(answers=answers, kept=stores.assistants, pack_named=pack_named)
    library = Library(catalogue=stores.catalogue, retriever=retriever, presenter=presenter)
    return Answering(
        answers=answers,
        assisted=assisted,
        search=SearchService(retriever=retriever, presenter=presenter, audit=audit, clock=clock, ids=ids),
        checks=CheckService(
            retriever=retriever,
            references=References(retriever=retriever, presenter=presenter),
            verifier=verifier,
            presenter=presenter,
            audit=audit,
            clock=clock,
            ids=ids,
        ),
        redactions=RedactionService(retriever=retriever, presenter=presenter, audit=audit, ids=ids),
        library=library,
        replays=ReplayService(
            records=stores.records,
            catalogue=stores.catalogue,
            answers=answers,
            pack_named=pack_named,
            drafter_named=lambda name: drafter_named(ground.settings, clock, name),
            assisted=assisted,
        ),
        conversations=ConversationService(
            kept=stores.conversations, answers=answers, library=library, clock=clock, ids=ids
        ),
        feedback=FeedbackService(
            kept=stores.feedbacks,
            conversations=stores.conversations,
            records=stores.records,
            library=library,
            clock=clock,
            ids=ids,
        ),
        reviews=ReviewService(
            kept=stores.feedbacks,
            answers=GivenAnswers(conversations=stores.conversations, records=stores.records, library=library),
            library=library,
            presenter=presenter,
            access=retriever.access,
            audit=audit,
            clock=clock,
        ),
        charts=ChartService(catalogue=stores.catalogue, blobs=stores.blobs, retriever=retriever, presenter=presenter),
        matters=MatterService(catalogue=stores.catalogue, retriever=retriever, presenter=presenter, library=library),
    )


def _answers(ground: Ground, stores: Stores, retrieval: Retrieval, guarded: Guarded) -> AnswerService:
    settings = ground.settings
    return AnswerService(
        retriever=guarded.retriever,
        drafter=ground.given.drafter or drafter_of(settings, ground.clock),
        verifier=guarded.verifier,
        presenter=guarded.presenter,
        audit=stores.audit,
        clock=ground.clock,
        ids=ground.ids,
        pack=ground.pack,
        deadline=settings.deadline,
        records=stores.records,
        configuration=configuration_of(settings, ground.pack),
        embedder=retrieval.answering,
    )
