"""The cross-encoder: the bundled encoder reads question and passage in one go, with a LoRA adapter on its weights.

Question and passage share one input, so that each word of the question is read in the light of the passage. The score
is how near the words of the question come to words of the passage (the mean of each one's best cosine similarity,
as in Khattab and Zaharia, 2020) and how near the means of both are. Two numbers weigh these, so that an adapter that
has learnt nothing still scores sensibly, which a fresh linear head does not.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from domain.errors import ServiceError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

UNAVAILABLE: Final = "service.reranker_unavailable"
WEIGHTS: Final = "adapter_model.safetensors"
HEAD: Final = "head.json"
MOST_TOKENS: Final = 160
_QUESTION_CHARACTERS: Final = 400
_PASSAGE_CHARACTERS: Final = 4_000
_RANK: Final = 8
_TARGETS: Final = ("query", "key", "value", "dense")
_NOWHERE: Final = -2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The encoder that adapters are made for: its name, its folder, and the SHA-256 of its weights (verified)."""

    name: str
    folder: Path
    digest: str


class CrossEncoder:
    """The model, for training and for use; not safe for several threads while it is trained."""

    def __init__(self, base: Base, adapted: Any, tokenizer: Any, head: Sequence[float] = (10.0, 10.0)) -> None:
        import torch  # noqa: PLC0415 - takes seconds to import

        self._torch = torch
        self._tokenizer = tokenizer
        self.base = base
        self.adapted = adapted
        self.head = torch.nn.Parameter(torch.tensor(list(head), dtype=torch.float32))

    def parameters(self) -> list[torch.nn.Parameter]:
        """Return what is trained: the adapter and the two weights of the score."""
        return [self.head, *(one for one in self.adapted.parameters() if one.requires_grad)]

    def scores(self, questions: Sequence[str], passages: Sequence[str]) -> torch.Tensor:
        """Return a score for each question with the passage of the same number."""
        torch = self._torch
        batch = self._tokenizer(
            [question[:_QUESTION_CHARACTERS] for question in questions],
            [passage[:_PASSAGE_CHARACTERS] for passage in passages],
            truncation="longest_first",
            max_length=MOST_TOKENS,
            padding=True,
            return_special_tokens_mask=True,
            return_tensors="pt",
        )
        words = (batch["special_tokens_mask"] == 0) & (batch["attention_mask"] == 1)
        asked, told = words & (batch["token_type_ids"] == 0), words & (batch["token_type_ids"] == 1)
        # The encoder was trained on single texts, so the second text carries the token type of the first.
        states = self.adapted(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
        normal = torch.nn.functional.normalize(states, dim=-1)
        near = torch.einsum("bid,bjd->bij", normal, normal).masked_fill(~told[:, None, :], _NOWHERE).amax(-1)
        best = (near * asked).sum(1) / asked.sum(1).clamp(min=1)
        means = [torch.nn.functional.normalize((states * of[..., None]).sum(1), dim=-1) for of in (asked, told)]
        whole = (means[0] * means[1]).sum(-1)
        return cast("Tensor", self.head[0] * best + self.head[1] * whole)

    def save(self, folder: Path) -> None:
        """Write the adapter and the two weights into a folder."""
        self.adapted.save_pretrained(str(folder))
        (folder / "README.md").unlink(missing_ok=True)
        config = folder / "adapter_config.json"
        plain = json.loads(config.read_text(encoding="utf-8"))
        # The encoder comes with the product; where it lay on the machine of the training would change the digest.
        plain["base_model_name_or_path"] = self.base.name
        config.write_text(json.dumps(plain, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        head = [float(one) for one in self.head.detach()]
        (folder / HEAD).write_text(json.dumps({"weights": head}) + "\n", encoding="utf-8")


def fresh(base: Base, seed: int) -> CrossEncoder:
    """Return the encoder with an adapter that has learnt nothing. Raises ServiceError when a part is missing."""
    peft, torch = _peft(), _torch()
    torch.manual_seed(seed)
    model, tokenizer = _loaded(base)
    config = peft.LoraConfig(r=_RANK, lora_alpha=2 * _RANK, lora_dropout=0.05, target_modules=list(_TARGETS))
    with _quiet():
        return CrossEncoder(base, peft.get_peft_model(model, config), tokenizer)


def load(base: Base, folder: Path) -> CrossEncoder:
    """Return a trained cross-encoder, its adapter merged into the weights. Raises ServiceError when it is broken."""
    from safetensors import SafetensorError  # noqa: PLC0415 - with peft

    peft = _peft()
    model, tokenizer = _loaded(base)
    try:
        head = [float(one) for one in json.loads((folder / HEAD).read_text(encoding="utf-8"))["weights"]]
        if not (folder / WEIGHTS).is_file():
            raise ServiceError(UNAVAILABLE, f"{WEIGHTS} is missing")
        with _quiet():
            adapted = peft.PeftModel.from_pretrained(model, str(folder)).merge_and_unload()
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise ServiceError(UNAVAILABLE, type(error).__name__) from error
    return CrossEncoder(base, adapted.eval(), tokenizer, head)


def _loaded(base: Base) -> tuple[Any, Any]:
    from transformers import AutoModel, AutoTokenizer  # noqa: PLC0415 - takes seconds to import
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415 - as above

    disable_progress_bar()  # type: ignore[no-untyped-call]
    source = str(base.folder)
    tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=True)
    return AutoModel.from_pretrained(source, local_files_only=True, add_pooling_layer=False), tokenizer


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back that peft asks transformers for something by its old name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


def _torch() -> Any:
    import torch  # noqa: PLC0415 - takes seconds to import

    return torch


def _peft() -> Any:
    try:
        import peft  # noqa: PLC0415 - optional, and takes seconds to import
    except ImportError:
        raise ServiceError(UNAVAILABLE, "the package peft is not installed: pip install consilium[tune]") from None
    return peft
