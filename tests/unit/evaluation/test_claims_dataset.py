"""Claims are read with their evidence and label, whatever set they come from."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from domain.errors import RequestError
from evaluation.datasets.claims import read_claims
from evaluation.datasets.nda import statement
from evaluation.subject import JSON
from tests.data import ROOT, shared_data

CLAIMS: list[JSON] = [
    {"_id": "a", "claim": "The lamp is red.", "evidence": "The dose is 5 mg.", "label": "unsupported"},
    {"_id": "b", "claim": "The dose is 5 mg.", "evidence": ["The dose is 5 mg."], "label": "supported"},
    {"_id": "c", "claim": "The dose is 50 mg.", "evidence": ["The dose is 5 mg."], "label": "contradicted"},
]


def dataset(folder: Path, claims: list[JSON]) -> Path:
    file = folder / "claims.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in claims))
    return file


def test_claims_come_in_the_order_of_labels_so_that_a_sample_keeps_the_mix(tmp_path: Path) -> None:
    found = read_claims(dataset(tmp_path, CLAIMS))
    assert list(found) == ["b", "c", "a"]
    assert found["a"].evidence == ("The dose is 5 mg.",)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"label": "true"}, "claims.jsonl:1 has a label that is none of supported, contradicted, unsupported"),
        ({"claim": []}, "claims.jsonl:1 has no claim or no evidence"),
        ({"evidence": []}, "claims.jsonl:1 has no claim or no evidence"),
        ({"evidence": 3}, "claims.jsonl:1 has a field evidence that is no list of texts"),
    ],
)
def test_a_claim_at_fault_is_named(tmp_path: Path, change: JSON, fault: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_claims(dataset(tmp_path, [{**CLAIMS[0], **change}, CLAIMS[1]]))
    assert (caught.value.code, caught.value.detail) == ("request.dataset_invalid", fault)


def test_a_set_of_one_label_measures_nothing(tmp_path: Path) -> None:
    with pytest.raises(RequestError):
        read_claims(dataset(tmp_path, CLAIMS[1:2]))


def test_a_row_of_medhallu_is_two_claims(tmp_path: Path) -> None:
    file = tmp_path / "labelled.csv"
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["question", "knowledge", "ground_truth", "least_similar_answer"])
        writer.writerow(["Q?", "{'contexts': ['One.', 'Two.']}", "It is one.", "It is nine."])
    true, invented = read_claims(file).values()
    assert (true.id, true.text, true.evidence, true.label) == ("1-true", "It is one.", ("One.", "Two."), "supported")
    assert (invented.text, invented.label) == ("It is nine.", "unsupported")
    file.write_text("question,knowledge,ground_truth,least_similar_answer\nQ?,[1],a,b\n")
    with pytest.raises(RequestError) as caught:
        read_claims(file)
    assert caught.value.detail == "labelled.csv: row 1 has knowledge without contexts"


def test_a_statement_of_nli4ct_is_checked_against_its_section(tmp_path: Path) -> None:
    (tmp_path / "trials").mkdir()
    (tmp_path / "trials" / "NCT1.json").write_text(json.dumps({"Results": ["Mean: 3", "N: 7"]}))
    row = {"Section_id": "Results", "Primary_id": "NCT1", "Statement": "The mean was 3.", "Label": "Entailment"}
    rows = {"x": row, "y": {**row, "Statement": "The mean was 4.", "Label": "Contradiction"}}
    (tmp_path / "dev.json").write_text(json.dumps(rows))
    found = read_claims(tmp_path)
    assert found["x"].evidence == ("Mean: 3\nN: 7",)
    assert [claim.label for claim in found.values()] == ["supported", "contradicted"]
    (tmp_path / "dev.json").write_text(json.dumps({"x": {**row, "Section_id": "Methods"}}))
    with pytest.raises(RequestError) as caught:
        read_claims(tmp_path)
    assert caught.value.detail == "dev.json: x is no statement about a section of a trial"


# clauses of an agreement that nobody made
AGREEMENT = "The guest shall keep the recipe secret. The guest may cook the dish at home. It ends in May."
KEEP, COOK, END = (0, 39), (40, 76), (77, 92)
ASKED = [
    ("Consider the recipe deal; Does the document require the guest to keep the recipe secret?", [KEEP]),
    ("Consider the recipe deal; Does the document permit the guest to cook the dish?", [COOK]),
    ("Consider the recipe deal; Does the document mention whether the deal ends?", [END]),
]


def agreements(folder: Path, asked: list[tuple[str, list[tuple[int, int]]]]) -> Path:
    (folder / "corpus" / "deals").mkdir(parents=True)
    (folder / "benchmarks").mkdir()
    (folder / "corpus" / "deals" / "recipe.txt").write_text(AGREEMENT)
    tests = [
        {"query": text, "snippets": [{"file_path": "deals/recipe.txt", "span": list(span)} for span in spans]}
        for text, spans in asked
    ]
    (folder / "benchmarks" / "contractnli.json").write_text(json.dumps({"tests": tests}))
    return folder


def test_a_question_about_an_agreement_is_a_statement_with_its_own_clauses_and_with_those_of_another(
    tmp_path: Path,
) -> None:
    found = read_claims(agreements(tmp_path, ASKED))
    assert [(claim.id, claim.label) for claim in found.values()] == [
        ("contractnli-0", "supported"),
        ("contractnli-1", "supported"),
        ("contractnli-0-other", "unsupported"),
        ("contractnli-1-other", "unsupported"),
    ]
    assert found["contractnli-1"].text == "The guest may cook the dish."
    assert found["contractnli-1"].evidence == ("The guest may cook the dish at home.",)
    assert found["contractnli-0-other"].text == "The guest must keep the recipe secret."
    assert found["contractnli-0-other"].evidence[0] in {AGREEMENT[slice(*COOK)], AGREEMENT[slice(*END)]}


def test_clauses_that_overlap_are_not_those_of_another(tmp_path: Path) -> None:
    found = read_claims(agreements(tmp_path, [ASKED[0], ASKED[1], ("Does the document say that it ends?", [(30, 92)])]))
    assert "contractnli-2-other" not in found
    assert found["contractnli-0-other"].evidence == (AGREEMENT[slice(*COOK)],)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Does the document state that nothing is owed?", "Nothing is owed."),
        ("Does the document allow spoken words to count?", "Spoken words may count."),
        ("Does the document require the cook to wash up?", "The cook must wash up."),
        ("Does the document restrict the use of knives?", "The document restricts the use of knives."),
        ("Who signed the document?", None),
    ],
)
def test_a_question_says_what_a_yes_would_say(question: str, told: str | None) -> None:
    assert statement(question) == told


def test_a_question_of_another_kind_is_named_and_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as caught:
        read_claims(agreements(tmp_path, [("Who signed it?", [KEEP])]))
    assert caught.value.detail == "contractnli.json: contractnli-0 does not ask whether the document says something"


def test_the_sample_has_a_fair_mix() -> None:
    labels = [claim.label for claim in read_claims(ROOT / "app/samples/evaluation/claims.jsonl").values()]
    assert len(labels) >= 40
    assert min(map(labels.count, ("supported", "contradicted", "unsupported"))) >= 10


@pytest.mark.parametrize(
    ("name", "supported", "others"),
    [("medhallu/labelled.csv", 1000, 1000), ("nli4ct", 100, 100), ("legalbenchrag", 695, 695)],
)
def test_shared_sets_are_read_whole(name: str, supported: int, others: int) -> None:
    labels = [claim.label for claim in read_claims(shared_data(name)).values()]
    assert (labels.count("supported"), len(labels) - labels.count("supported")) == (supported, others)
