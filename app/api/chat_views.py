"""The shapes of the OpenAI-compatible routes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.requests import Scoped


class ChatErrorDetail(BaseModel):
    """What went wrong."""

    message: str
    type: str
    param: str | None
    code: str


class ChatError(BaseModel):
    """An error in OpenAI's shape."""

    error: ChatErrorDetail


class TextPart(BaseModel):
    """A part of a message. Only text is read."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["text"]
    text: str = Field(max_length=200_000)


class ChatMessage(BaseModel):
    """A message. Instructions of a system or developer are not followed: the product has its own."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=200_000)] | Annotated[list[TextPart], Field(max_length=100)] | None = None

    @property
    def text(self) -> str:
        """Return the text of all parts."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream ends with."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool | None = None


class ChatBody(BaseModel):
    """A request for a completion; what is not named here is ignored, as sampling has no meaning for checked quotes."""

    model_config = ConfigDict(extra="ignore")

    model: str = Field(min_length=1, max_length=300, examples=["consilium"])
    messages: list[ChatMessage] = Field(min_length=1, max_length=1_000)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    metadata: Annotated[dict[str, str], Field(max_length=16)] | None = Field(
        None, description="May hold subjects, collections (with commas between), as_of, purpose and tenant."
    )
    consilium: Scoped | None = Field(None, description="The scope, in full; it comes before metadata.")


class ChatChoice(BaseModel):
    """The completion."""

    index: int
    message: dict[str, Any]
    finish_reason: Literal["stop"]
    logprobs: None = None


class ChatCompletion(BaseModel):
    """A completion."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    usage: dict[str, int] = Field(description="Counted in words, not in tokens of a model.")
    consilium: dict[str, Any] = Field(description="Id, status and policies of the answer.")


class ModelView(BaseModel):
    """A model: the product, over all collections or one."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsView(BaseModel):
    """All models."""

    object: Literal["list"]
    data: list[ModelView]
