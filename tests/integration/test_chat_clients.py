"""Public clients of OpenAI's interface work against a real server, unchanged."""

from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage, StreamingChunk
from haystack.utils import Secret

from app.bootstrap import Consilium
from app.identity.owner import read_owner_token
from tests.served_here import served

ASKED = "Is the patient allergic to penicillin?"
CHART = {"consilium": {"subjects": ["lind-anna-1951"]}}


@pytest.fixture(scope="module")
def address(house: Consilium) -> Iterator[str]:
    with served(house) as url:
        yield f"{url}/v1"


@pytest.fixture
def token(house: Consilium) -> str:
    return read_owner_token(house.settings.home) or ""


@pytest.fixture
def client(address: str, token: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=address, api_key=token, max_retries=0) as made:
        yield made


def test_a_completion_has_footnotes_and_annotations_that_point_at_their_marks(client: openai.OpenAI) -> None:
    found = client.chat.completions.create(
        model="consilium", messages=[{"role": "user", "content": ASKED}], extra_body=CHART
    )
    message = found.choices[0].message
    assert found.choices[0].finish_reason == "stop"
    assert message.content is not None
    assert "penicillin" in message.content.lower()
    assert "\n[1] " in message.content
    assert message.refusal is None
    assert message.annotations
    for one in message.annotations:
        cited = one.url_citation
        assert message.content[cited.start_index : cited.end_index].startswith("[")
        assert "/v1/passages/" in cited.url


def test_a_stream_says_the_same_as_a_whole_completion(client: openai.OpenAI) -> None:
    messages: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": ASKED}]
    whole = client.chat.completions.create(model="consilium", messages=messages, extra_body=CHART)
    stream = client.chat.completions.create(
        model="consilium", messages=messages, extra_body=CHART, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens > 3


def test_a_refusal_is_text_that_ends_properly(client: openai.OpenAI) -> None:
    found = client.chat.completions.create(
        model="consilium", messages=[{"role": "user", "content": "Who won the football match of 1954?"}]
    )
    message = found.choices[0].message
    assert found.choices[0].finish_reason == "stop"
    assert message.refusal
    assert message.content
    assert message.content.startswith(message.refusal)


def test_a_scope_comes_by_metadata_and_a_follow_up_by_the_messages_before(client: openai.OpenAI) -> None:
    found = client.chat.completions.create(
        model="consilium",
        messages=[
            {"role": "user", "content": ASKED},
            {"role": "assistant", "content": "Yes."},
            {"role": "user", "content": "And since when?"},
        ],
        metadata={"subjects": "lind-anna-1951", "purpose": "treatment"},
    )
    own = found.model_dump()["consilium"]
    assert own["policies"][0]["policy"] == "follow-up"


def test_models_are_the_product_and_its_collections(client: openai.OpenAI) -> None:
    names = [one.id for one in client.models.list()]
    assert names[0] == "consilium"
    assert "consilium/law" in names
    assert client.models.retrieve("consilium/law").id == "consilium/law"
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("gpt-5")
    assert caught.value.code == "request.not_found"


def test_errors_have_the_shape_that_the_client_reads(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": ASKED}])
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        client.chat.completions.create(model="consilium", messages=[])
    assert caught.value.code == "request.invalid"


def test_haystack_asks_and_streams(address: str, token: str) -> None:
    pieces: list[StreamingChunk] = []
    for callback in (None, pieces.append):
        generator = OpenAIChatGenerator(
            api_key=Secret.from_token(token),
            model="consilium",
            api_base_url=address,
            streaming_callback=callback,
            generation_kwargs={"extra_body": CHART},
        )
        (reply,) = generator.run(messages=[ChatMessage.from_user(ASKED)])["replies"]
        assert reply.text is not None
        assert "\n[1] " in reply.text
    assert len(pieces) > 2
