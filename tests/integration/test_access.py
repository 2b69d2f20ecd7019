"""Who may see what, from the questions down to the store: memberships, walls, aliases, break-glass, teams."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import Consilium, Replacements, build
from app.requests import AskBody, IngestOptions, SearchBody
from app.settings import load_settings
from domain.access import BreakGlass, DirectoryUser, Membership, Relation, Team
from domain.answers import DraftedClaim, DraftedQuote, Evidence
from domain.callers import OWNER, Caller, Role
from domain.errors import AccessError, ConsiliumError, PolicyUnavailableError, RequestError
from domain.identities import KnownIdentity
from domain.questions import Actor, Question, Scope
from ingestion.outline import Outline
from tests.clients import client_as
from tests.fakes.embedder import FakeEmbedder

OKAFOR = Caller(id="okafor", tenant="elm", roles=frozenset({Role.PROFESSIONAL}))
AUDREY = Caller(id="audrey", tenant="elm", roles=frozenset({Role.AUDITOR}))
STEWARD = Caller(id="stella", tenant="elm", roles=frozenset({Role.STEWARD}))


class Slow:
    """Drafts a claim of each passage; ``between`` happens before each but the first."""

    name = "slow/1"

    def __init__(self) -> None:
        self.between: Any = lambda: None

    def draft(self, question: Question, evidence: Sequence[Evidence], deadline: float) -> Iterator[DraftedClaim]:
        for number, item in enumerate(evidence):
            if number:
                self.between()
            yield DraftedClaim(
                quotes=(DraftedQuote(passage_id=item.passage.id, text=item.passage.text),), text=item.passage.text
            )


class MovableClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 28, 12, tzinfo=UTC)

    def today(self) -> Any:
        return self.moment.date()

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def elm(tmp_path: Path, slow: Slow, clock: MovableClock) -> Iterator[Consilium]:
    given = Replacements(embedder=FakeEmbedder(), drafter=slow, clock=clock)
    with build(load_settings(home=tmp_path / "home", index="memory"), given) as consilium:
        ingest(consilium, "Anna takes warfarin, 5 mg.", subject="anna", collection="charts")
        ingest(consilium, "Anna takes aspirin, 100 mg.", subject="anna", collection="charts")
        ingest(consilium, "Bert takes warfarin, 9 mg.", subject="bert", collection="charts")
        ingest(consilium, "Warfarin is checked by the INR.", collection="guidelines")
        ingest(consilium, "The merger closes with warfarin.", collection="secret", walls=["merger"])
        yield consilium


def ingest(consilium: Consilium, text: str, *, own_name: str = "", **labels: Any) -> str:
    outline = Outline()
    outline.add(text)
    known = [KnownIdentity(subject=own_name, kind="name", value="Lind, Anna")] if own_name else []
    named: dict[str, Any] = {"subjects": [own_name], "identities": known} if own_name else {}
    reading = outline.finish(media_type="text/plain", title="Note", **named)
    request = IngestOptions.model_validate({"tenant": "elm", **labels}).to_request()
    (outcome,) = consilium.ingestor.ingest_each([(text, reading, request)])
    assert outcome.document_id, outcome
    return outcome.document_id


def searching(**given: Any) -> SearchBody:
    return SearchBody.model_validate(given)


def asking(**given: Any) -> AskBody:
    return AskBody.model_validate(given)


def related(subject: str, relation: str = "member", name: str = "", **more: Any) -> Membership:
    given = {"kind": "subject", "party_kind": "caller", "party": "okafor", **more}
    return Membership(id=name or f"m_{subject}", tenant="elm", target=subject, relation=Relation(relation), **given)


def found(consilium: Consilium, *subjects: str, caller: Caller = OKAFOR, query: str = "warfarin") -> set[str]:
    body = searching(query=query, subjects=list(subjects), purpose="treatment")
    results = consilium.search.search(body.to_question(consilium, caller))["results"]
    return {hit["text"] for hit in results}


def refused(consilium: Consilium, *subjects: str, caller: Caller = OKAFOR) -> str:
    with pytest.raises(AccessError) as caught:
        found(consilium, *subjects, caller=caller)
    assert caught.value.code == "access.denied"
    return caught.value.detail


def events(consilium: Consilium, name: str) -> list[dict[str, Any]]:
    rows = consilium.database.rows("SELECT event, facts FROM audit_events ORDER BY seq")
    return [json.loads(row["facts"]) for row in rows if row["event"] == name]


def test_a_member_sees_their_subject_and_nobody_elses(elm: Consilium) -> None:
    elm.memberships.members.add(related("anna"))
    assert found(elm, "anna") >= {"Anna takes warfarin, 5 mg.", "Warfarin is checked by the INR."}
    assert not any("Bert" in text for text in found(elm, "anna"))
    assert found(elm) == {"Warfarin is checked by the INR."}
    assert "no member" in refused(elm, "bert")
    assert "no member" in refused(elm, "anna", "bert")


def test_a_subject_that_does_not_exist_is_refused_in_the_same_words(elm: Consilium) -> None:
    assert refused(elm, "bert") == refused(elm, "nobody-at-all")


def test_another_tenant_is_refused_in_the_same_words_whether_it_exists_or_not(elm: Consilium) -> None:
    def told(tenant: str) -> str:
        body = searching(query="x", tenant=tenant)
        with pytest.raises(AccessError) as caught:
            elm.search.search(body.to_question(elm, Caller(id="u", tenant="oak", roles=frozenset({Role.READER}))))
        return str(caught.value)

    assert told("elm") == told("no-such-tenant")


def test_a_request_without_a_tenant_is_of_the_callers_own(elm: Consilium) -> None:
    assert asking(question="x").to_question(elm, OKAFOR).scope.tenant == "elm"
    assert asking(question="x").to_question(elm, OWNER).scope.tenant == "default"


def test_a_question_of_nobody_is_refused(elm: Consilium) -> None:
    question = Question(text="x", scope=Scope(as_of=elm.clock.today()), actor=Actor(id="somebody"))
    with pytest.raises(AccessError) as caught:
        elm.answers.answer(question)
    assert caught.value.code == "access.identity_required"


def test_a_wall_opens_by_membership_and_not_by_what_a_question_says(elm: Consilium) -> None:
    body = searching(query="merger")
    claimed = Actor(id="okafor", tenant="elm", walls=("merger",), caller=OKAFOR)
    question = Question(text="merger", scope=body.to_question(elm, OKAFOR).scope, actor=claimed)
    assert not any("merger" in hit["text"] for hit in elm.search.search(question)["results"])
    elm.memberships.members.add(related("merger", kind="wall", name="m_wall"))
    assert "The merger closes with warfarin." in found(elm)
    elm.memberships.members.remove("elm", "m_wall")
    assert "The merger closes with warfarin." not in found(elm)


def test_an_exclusion_wins_over_membership_break_glass_and_the_owner(elm: Consilium) -> None:
    owner = Caller(id="olga", tenant="elm", roles=frozenset({Role.OWNER}))
    elm.memberships.members.add(related("anna"))
    elm.memberships.members.add(related("anna", "excluded", "x_1", party_kind="team", party="acquisitions"))
    team = frozenset({"acquisitions"})
    inside = Caller(id="okafor", tenant="elm", roles=OKAFOR.roles, teams=team)
    assert "walled off" in refused(elm, "anna", caller=inside)
    assert "walled off" in refused(elm, "anna", caller=Caller(id="olga", tenant="elm", roles=owner.roles, teams=team))
    assert found(elm, "anna", caller=owner)
    with pytest.raises(AccessError, match="walled off"):
        elm.break_glass.open(inside, glass("anna"), 5)


def glass(subject: str, reason: str = "Found unconscious") -> BreakGlass:
    return BreakGlass(
        id="", tenant="elm", caller="", subject=subject, reason=reason, purpose="treatment", opened_at="", expires_at=""
    )


def test_a_name_that_only_a_document_gives_opens_nothing(elm: Consilium) -> None:
    ingest(elm, "Warfarin was stopped.", own_name="mrn-7", subject="anna", collection="charts")
    ingest(elm, "Warfarin for somebody else.", subject="mrn-7", collection="charts")
    elm.memberships.members.add(related("anna"))
    texts = found(elm, "anna")
    assert "Warfarin was stopped." in texts
    assert "Warfarin for somebody else." not in texts
    assert "Warfarin for somebody else." in found(elm, "anna", caller=Caller(id="o", tenant="elm", roles=OWNER.roles))
    elm.memberships.members.add(related("mrn-7"))
    assert "Warfarin for somebody else." in found(elm, "anna")


def test_whoever_is_walled_off_from_one_name_of_somebody_is_walled_off_from_all(elm: Consilium) -> None:
    ingest(elm, "Warfarin was stopped.", own_name="mrn-7", subject="anna", collection="charts")
    elm.memberships.members.add(related("anna"))
    elm.memberships.members.add(related("mrn-7", "excluded", "x_1"))
    assert "walled off" in refused(elm, "anna")


def test_what_identifies_somebody_is_kept_back_by_every_name_though_not_every_name_is_open(elm: Consilium) -> None:
    ingest(elm, "Warfarin was stopped.", own_name="mrn-7", subject="anna", collection="charts")
    elm.memberships.members.add(related("anna"))
    question = elm.search.retriever.resolve(searching(query="x", subjects=["anna"]).to_question(elm, OKAFOR))
    assert question.scope.subjects == ("anna",)
    assert question.known_as == ("anna", "mrn-7")


def streamed(consilium: Consilium, subject: str) -> Iterator[str]:
    body = asking(question="What does Anna take?", subjects=[subject], purpose="treatment")
    for event, _ in consilium.answers.stream(body.to_question(consilium, OKAFOR)):
        yield event


@pytest.mark.parametrize("how", ["removed", "ended", "excluded", "deactivated"])
def test_nothing_is_sent_of_a_stream_after_the_membership_is_gone(
    elm: Consilium, clock: MovableClock, how: str
) -> None:
    members = elm.memberships.members
    members.add(related("anna", until=(clock.now() + timedelta(minutes=5)).isoformat()))
    assert list(streamed(elm, "anna"))[-1] == "answer"
    stream = streamed(elm, "anna")
    assert next(stream) == "claim"
    if how == "removed":
        members.remove("elm", "m_anna")
    elif how == "ended":
        clock.moment += timedelta(minutes=5)
    elif how == "excluded":
        members.add(related("anna", "excluded", "x_1"))
    else:
        elm.directory.directory.put_user(DirectoryUser(id="u_1", tenant="elm", name="okafor", active=False))
    with pytest.raises(AccessError):
        next(stream)


def test_nothing_is_sent_of_a_stream_after_somebody_left_a_wall(elm: Consilium) -> None:
    ingest(elm, "The merger of Anna.", collection="secret", walls=["merger"])
    elm.memberships.members.add(related("anna"))
    elm.memberships.members.add(related("merger", kind="wall", name="m_wall"))
    stream = streamed(elm, "anna")
    assert next(stream) == "claim"
    elm.memberships.members.remove("elm", "m_wall")
    with pytest.raises(AccessError, match="wall"):
        next(stream)


def test_a_membership_that_is_revoked_while_passages_are_found_reaches_no_drafter(elm: Consilium) -> None:
    elm.memberships.members.add(related("anna"))
    guarded = elm.answers.retriever
    question = guarded.resolve(asking(question="warfarin", subjects=["anna"]).to_question(elm, OKAFOR))
    elm.memberships.members.remove("elm", "m_anna")
    with pytest.raises(AccessError):
        guarded.retrieve(question)


def test_a_refusal_names_no_collection_of_which_nothing_may_be_seen(elm: Consilium, slow: Slow) -> None:
    slow.draft = lambda *_: iter(())  # type: ignore[method-assign]  # a drafter that says nothing
    body = asking(question="Who is the governor of the moon?")
    reason = elm.answers.answer(body.to_question(elm, OKAFOR))["refusal"]["reason"]
    assert "guidelines" in reason
    assert "charts" not in reason
    assert "secret" not in reason


def test_break_glass_opens_for_a_time_says_so_and_is_reviewed_by_somebody_else(
    elm: Consilium, clock: MovableClock
) -> None:
    assert "break the glass" in refused(elm, "bert")
    with pytest.raises(RequestError, match="say why"):
        elm.break_glass.open(OKAFOR, glass("bert", "  "), 10)
    with pytest.raises(RequestError, match="at most 60"):
        elm.break_glass.open(OKAFOR, glass("bert"), 61)
    opened = elm.break_glass.open(OKAFOR, glass("bert"), 10)
    body = asking(question="What does Bert take?", subjects=["bert"], purpose="treatment")
    answer = elm.answers.answer(body.to_question(elm, OKAFOR))
    (banner,) = [one for one in answer["policies"] if one["policy"] == "break-glass"]
    assert banner["decision"] == "flag"
    assert opened.id in banner["reason"]
    assert opened.expires_at in banner["reason"]
    assert "break-glass:flag" in events(elm, "answer")[-1]["decisions"]
    assert [one.id for one in elm.break_glass.queue(AUDREY, "elm")] == [opened.id]
    assert elm.break_glass.review(AUDREY, "elm", opened.id, "justified").verdict == "justified"
    with pytest.raises(RequestError, match="one already"):
        elm.break_glass.review(AUDREY, "elm", opened.id, "unjustified")
    clock.moment += timedelta(minutes=10)
    assert "no member" in refused(elm, "bert")
    (event,) = events(elm, "break_glass_opened")
    assert (event["actor"], event["subjects"], event["minutes"]) == ("okafor", ["bert"], 10)
    assert "unconscious" not in json.dumps(events(elm, "break_glass_opened"))
    assert events(elm, "break_glass_reviewed")[0]["verdict"] == "justified"


def test_nobody_reviews_what_they_opened(elm: Consilium) -> None:
    both = Caller(id="okafor", tenant="elm", roles=frozenset({Role.PROFESSIONAL, Role.AUDITOR}))
    opened = elm.break_glass.open(both, glass("bert"), 10)
    with pytest.raises(AccessError, match="somebody else"):
        elm.break_glass.review(both, "elm", opened.id, "justified")


def test_teams_of_the_directory_open_and_close_what_they_are_members_of(elm: Consilium) -> None:
    directory = elm.directory.directory
    directory.put_user(DirectoryUser(id="u_1", tenant="elm", name="o@elm.example", external_id="okafor"))
    directory.put_team(Team(id="t_1", tenant="elm", name="Cardiology", users=("u_1",)))
    wanted = related("anna", party_kind="team", party="cardiology")
    added = elm.memberships.add(STEWARD, wanted)
    assert added.party == "t_1"
    assert elm.memberships.add(STEWARD, wanted) == added
    assert found(elm, "anna")
    directory.put_team(Team(id="t_1", tenant="elm", name="Cardiology"))
    assert "no member" in refused(elm, "anna")
    elm.memberships.remove(STEWARD, "elm", "subject", "anna", added.id)
    assert [one["membership_id"] for one in events(elm, "member_added")] == [added.id]
    assert [one["membership_id"] for one in events(elm, "member_removed")] == [added.id]


def test_a_system_reads_what_it_was_granted_and_what_it_is_a_member_of(elm: Consilium) -> None:
    system = Caller(id="ehr", tenant="elm", roles=frozenset({Role.SYSTEM}))
    assert "no role" in refused(elm, caller=system)
    elm.memberships.members.add(related("anna", party="ehr"))
    assert found(elm, "anna", caller=system)
    assert "no role" in refused(elm, caller=system)
    grant = related("elm", kind="tenant", party="ehr", role="collections", name="m_grant")
    elm.memberships.members.add(grant)
    assert found(elm, caller=system) == {"Warfarin is checked by the INR."}
    assert "no member" in refused(elm, "bert", caller=system)


def test_a_refusal_is_in_the_trail_with_the_policy_that_forbade_it(elm: Consilium) -> None:
    elm.memberships.members.add(related("anna", "excluded"))
    refused(elm, "anna")
    (event,) = events(elm, "access_denied")
    assert event == {
        "actor": "okafor",
        "tenant": "elm",
        "action": "passage.read",
        "subjects": ["anna"],
        "resources": [],
        "policies": ["walls.excluded"],
    }


def test_lists_and_single_documents_show_what_is_open_and_nothing_else(elm: Consilium) -> None:
    elm.memberships.members.add(related("anna"))
    elm.memberships.members.add(related("merger", kind="wall", name="m_wall"))
    hidden = next(d for d in elm.catalogue.documents("elm", ()) if d.labels.subjects == ("bert",))
    with client_as(elm, OKAFOR) as client:
        listed = client.get("/v1/documents", params={"subject": "anna"}).json()["documents"]
        assert {d["collection"] for d in listed} == {"charts", "guidelines", "secret"}
        assert {tuple(d["subjects"]) for d in listed} == {("anna",), ()}
        missing = client.get("/v1/documents/d_none", params={"subject": "anna"})
        behind = client.get(f"/v1/documents/{hidden.id}", params={"subject": "anna"})
        assert (missing.status_code, missing.json()) == (behind.status_code, behind.json())
        assert missing.status_code == 404


def test_a_stream_ends_with_a_problem_when_the_membership_is_gone(elm: Consilium, slow: Slow) -> None:
    elm.memberships.members.add(related("anna"))
    slow.between = lambda: elm.memberships.members.remove("elm", "m_anna")
    with client_as(elm, OKAFOR) as client:
        body = {"question": "What does Anna take?", "subjects": ["anna"], "purpose": "treatment"}
        response = client.post("/v1/answers", json=body, headers={"Accept": "text/event-stream"})
    names = [part.split("\n")[0] for part in response.text.strip().split("\n\n")]
    assert names == ["event: claim", "event: problem"]
    assert "access.denied" in response.text


def test_policies_that_do_not_parse_mean_that_nothing_starts(tmp_path: Path) -> None:
    (tmp_path / "ours.cedar").write_text("permit everything", encoding="utf-8")
    with pytest.raises(PolicyUnavailableError) as caught:
        build(load_settings(home=tmp_path / "home", access_policies=tmp_path), Replacements(embedder=FakeEmbedder()))
    assert caught.value.code == "policy.access_unavailable"


def test_a_refusal_that_cannot_be_recorded_is_an_error_and_shows_nothing(
    elm: Consilium, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise PolicyUnavailableError("policy.audit_unavailable")

    monkeypatch.setattr(type(elm.answers.audit), "append", broken)
    with pytest.raises(ConsiliumError) as caught:
        found(elm, "bert")
    assert caught.value.code == "policy.audit_unavailable"
