"""The Dockerfile and the chart, read and rendered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import pytest

from app.settings import Settings, load_settings
from tests.build_values_schema import PATH, is_secret, settings_schemas
from tests.data import ROOT

CHART = ROOT / "helm/consilium"
SETS = sorted((CHART / "ci").glob("*.yaml"))
VERSIONS = ("1.30", "1.35")
CUSTOM = {"ServiceMonitor"}  # of the Prometheus operator; its schema is not Kubernetes' own
JSON = dict[str, Any]


def rendered(values: JSON) -> list[JSON]:
    with helm_python.Chart.load(CHART) as chart:
        files = chart.render(values, name="trial", namespace="consilium")
    texts = [text for name, text in files.items() if name.endswith(".yaml")]
    parts = [part for text in texts for part in re.split(r"^---$", text, flags=re.MULTILINE)]
    return [found for part in parts if (found := helm_python.values_from_yaml(part))]


def values_of(path: Path) -> JSON:
    return helm_python.values_from_yaml(path.read_text(encoding="utf-8"))


def pods(resources: list[JSON]) -> Iterator[tuple[str, JSON]]:
    for resource in resources:
        spec = resource.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template") if isinstance(spec, dict) else None
        if template:
            yield f"{resource['kind']}/{resource['metadata']['name']}", template["spec"]


def of_kind(resources: list[JSON], kind: str) -> list[JSON]:
    return [resource for resource in resources if resource["kind"] == kind]


def test_there_are_at_least_five_value_sets() -> None:
    assert len(SETS) >= 5


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_value_set_renders_into_valid_resources(path: Path) -> None:
    resources = rendered(values_of(path))
    names = [(r["kind"], r["metadata"]["name"]) for r in resources]
    assert len(names) == len(set(names))
    for resource in resources:
        if resource["kind"] not in CUSTOM:
            for version in VERSIONS:
                kubernetes_validate.validate(resource, version, strict=True)


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_every_pod_is_confined(path: Path) -> None:
    found = list(pods(rendered(values_of(path))))
    assert found
    for name, spec in found:
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["enableServiceLinks"] is False, name
        for container in spec["containers"]:
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"] is True, name
            assert security["allowPrivilegeEscalation"] is False, name
            assert security["capabilities"] == {"drop": ["ALL"]}, name
            assert container["resources"]["limits"]["memory"], name
            assert "/tmp" in {mount["mountPath"] for mount in container["volumeMounts"]}, name  # noqa: S108


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_what_is_selected_exists_and_network_policies_deny_first(path: Path) -> None:
    values = values_of(path)
    resources = rendered(values)
    policies = of_kind(resources, "NetworkPolicy")
    if not values.get("networkPolicy", {}).get("enabled", True):
        assert policies == []
        return
    (deny,) = [policy for policy in policies if policy["metadata"]["name"] == "trial-consilium-deny"]
    assert deny["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in deny["spec"]
    assert "egress" not in deny["spec"]
    (out,) = [policy for policy in policies if policy["metadata"]["name"] == "trial-consilium-out"]
    assert all(rule.get("to") and rule.get("ports") for rule in out["spec"]["egress"])
    labels = [r["spec"]["template"]["metadata"]["labels"] for r in resources if "template" in r.get("spec", {})]
    for policy in policies:
        wanted = policy["spec"]["podSelector"]["matchLabels"]
        assert any(wanted.items() <= given.items() for given in labels), policy["metadata"]["name"]
    for service in of_kind(resources, "Service"):
        wanted = service["spec"]["selector"]
        assert any(wanted.items() <= given.items() for given in labels), service["metadata"]["name"]


def test_the_api_has_its_probes_and_time_to_drain() -> None:
    resources = rendered({"config": {"drain_delay": 8, "drain_seconds": 60}})
    (api,) = of_kind(resources, "Deployment")
    spec = api["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    assert spec["terminationGracePeriodSeconds"] == 8 + 60 + 15
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert api["spec"]["strategy"] == {"type": "Recreate"}


def test_settings_reach_the_environment_as_the_service_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    config = {"max_bytes": 67108864, "deadline": 90.5, "cors_origins": ["https://a.example", "https://b.example"],
              "behind_tls": True, "pack": "legal"}  # fmt: skip
    (map_,) = of_kind(rendered({"config": config}), "ConfigMap")
    for name, value in map_["data"].items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.max_bytes == 67108864
    assert settings.deadline == 90.5
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.behind_tls is True
    assert (str(settings.home), settings.host, settings.drain_delay) == ("/data", "0.0.0.0", 5.0)  # noqa: S104


def test_secrets_stand_in_secrets_only() -> None:
    resources = rendered(values_of(CHART / "ci/all-inside.yaml"))
    for resource in resources:
        if resource["kind"] != "Secret":
            assert "qdrant-key-for-tests" not in json.dumps(resource)
            assert "only-for-this-test" not in json.dumps(resource)
    assert len(of_kind(resources, "Secret")) == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"replicas": 2}, "config.index: server"),
        ({"replicas": 2, "config": {"index": "server"}}, "PostgreSQL"),
        ({"replicas": 2, "config": {"index": "server"}, "secrets": {"existingSecret": "s"}}, "ReadWriteMany"),
        ({"workers": {"enabled": True}}, "config.index: server"),
        ({"vllm": {"enabled": True}}, "vllm.modelClaim"),
        ({"postgresql": {"enabled": True}}, "postgresql.password"),
        ({"backup": {"enabled": True}}, "backup.existingClaim"),
        ({"config": {"prot": 1}}, "prot"),
        ({"config": {"port": "many"}}, "port"),
        ({"config": {"database": "postgresql://x"}}, "database"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_values_that_cannot_work_are_refused_with_the_reason(values: JSON, said: str) -> None:
    with pytest.raises(helm_python.HelmError) as caught:
        rendered(values)
    assert said in str(caught.value)


def test_the_schema_of_the_values_has_every_setting() -> None:
    properties = json.loads(PATH.read_text(encoding="utf-8"))["properties"]
    shown, secret = properties["config"]["properties"], properties["secrets"]["properties"]["values"]["properties"]
    assert shown.keys() | secret.keys() == Settings.model_fields.keys()
    assert {name for name in Settings.model_fields if is_secret(name)} == secret.keys()
    # on a difference: python -m tests.build_values_schema
    assert (shown, secret) == settings_schemas()


def test_the_chart_lints() -> None:
    findings = helm_python.lint(CHART)
    assert findings["errors"] == []
    assert [message["error"] for message in findings["messages"]] == ["icon is recommended"]


DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_runs_as_nobody_special_from_a_pinned_base() -> None:
    (base,) = re.findall(r"^ARG BASE=(\S+)", DOCKERFILE, re.MULTILINE)
    assert re.fullmatch(r"python:3\.1[123]\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", base)
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["${BASE}", "${BASE}"]
    last = DOCKERFILE.split("AS run")[1]
    assert re.findall(r"^USER (\S+)", last, re.MULTILINE) == ["10001:10001"]
    assert "HEALTHCHECK" in last
    assert "/healthz" in last


def test_the_image_s_build_runs_nothing_that_it_was_sent() -> None:
    assert not re.search(r"(curl|wget)[^\n]*\|", DOCKERFILE)
    assert "ADD " not in DOCKERFILE
    for line in re.findall(r"pip install[^\n]*", DOCKERFILE):
        assert "--no-deps" in line, line


def test_the_image_needs_no_network_at_run_time() -> None:
    for switch in ("HF_HUB_OFFLINE=1", "TRANSFORMERS_OFFLINE=1", "HAYSTACK_TELEMETRY_ENABLED=False"):
        assert switch in DOCKERFILE.split("AS run")[1]


def test_the_image_takes_in_every_package_and_nothing_else() -> None:
    copied = set(re.findall(r"^COPY (\w+) \w+$", DOCKERFILE, re.MULTILINE))
    assert copied == {"app", "domain", "evaluation", "ingestion", "policies", "retrieval"}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*"
    assert {line[1:] for line in ignored if line.startswith("!")} >= copied | {"pyproject.toml", "requirements.txt"}
