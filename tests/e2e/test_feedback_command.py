"""``consilium assistants`` and ``consilium feedback``, really run, and what comes of them measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.bootstrap import Replacements, build
from app.cli import evaluating
from app.requests import IngestOptions
from app.settings import load_settings
from domain.ports.embedder import Embedder
from tests.clients import client_of
from tests.e2e.test_cli import as_json, run

pytestmark = pytest.mark.xdist_group("cli")
ACT = "# Act\n\n## Article 1\n\nThe controller may keep a health record for ten years. A copy is free of charge.\n"


def test_an_assistant_is_carried_from_house_to_house_and_published(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    file, back = tmp_path / "desk.json", tmp_path / "back.json"
    body = {"format": "consilium-assistant/1", "name": "desk", "design": {"title": "Desk", "starters": ["How long?"]}}
    file.write_text(json.dumps(body), encoding="utf-8")
    (taken,) = as_json("assistants", "import", str(file), home=here)["assistants"]
    assert (taken["latest"]["version"], taken["published"]) == (1, None)
    run("assistants", "export", "desk", "--out", str(file), home=here)
    as_json("assistants", "import", str(file), home=there)
    run("assistants", "export", "desk", "--out", str(back), home=there)
    assert back.read_bytes() == file.read_bytes()
    (published,) = as_json("assistants", "publish", "desk", "--no-model", home=there)["assistants"]
    assert (published["published"]["client"], published["published"]["model"]) == (True, False)
    assert "version 1 published in client" in run("assistants", "list", home=there)
    file.write_text("{}", encoding="utf-8")
    run("assistants", "import", str(file), home=there, status=64)
    assert "assistant_published" in run("audit", "search", home=there)


def test_accepted_feedback_is_measured_by_both_suites(tmp_path: Path, encoder: Embedder) -> None:
    home = tmp_path / "home"
    with build(load_settings(home=home), Replacements(embedder=encoder)) as consilium:
        request = IngestOptions.model_validate({"collection": "law"}).to_request()
        consilium.ingestor.ingest_bytes(ACT.encode(), "act.md", request)
        with client_of(consilium) as client:
            for verdict in ("right", "wrong"):
                asked = {"question": "How long may the controller keep a health record?"}
                answer = client.post("/v1/answers", json=asked).json()
                said = {"answer_id": answer["id"], "claim": 0, "verdict": verdict}
                key = client.post("/v1/feedback", json=said).json()["id"]
                route = f"/v1/feedback/reviews/{key}/decision"
                assert client.post(route, json={"decision": "accepted"}).status_code == 200
    for suite, cases in (("answers", 1), ("grounding", 2)):
        out, report = tmp_path / suite, tmp_path / f"{suite}.json"
        body = as_json("feedback", "export", "--suite", suite, "--out", str(out), home=home)
        assert body["cases"] == cases
        # as `consilium evaluate SUITE --dataset OUT --json REPORT` does it
        evaluating.run(load_settings(home=tmp_path), evaluating.Order(suite=suite, dataset=out, json=report))
        assert len(json.loads(report.read_text(encoding="utf-8"))["cases"]) == cases
    figures = {one["name"]: one["value"] for one in json.loads((tmp_path / "answers.json").read_text())["figures"]}
    assert figures["correct_and_cited"] == 1.0
    run("feedback", "export", "--out", str(tmp_path / "answers"), home=home, status=64)
