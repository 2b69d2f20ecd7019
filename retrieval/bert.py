"""Runs the layers of a BERT encoder with nothing around them: the same vectors as sentence-transformers, sooner.

``SentenceTransformer.encode`` spends a good part of the time of one question on what surrounds the arithmetic, and the
rest on fetching weights from memory; for many texts, batches of 32 long ones leave the processor's cache. Here a batch
holds about a thousand tokens of texts of like length, and linear steps use numbers of 16 bits: bfloat16 where the
processor multiplies them itself, which is twice as fast, and else weights as half floats (IEEE 754 binary16) that are
widened as they are used, so that half as much is fetched. Sums, norms and attention stay in 32 bits. Over 400 texts of
obliqa the cosine to the library's vectors is at least 0.99996 with bfloat16 and 0.9999996 with half floats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, Self

import torch
from torch import Tensor
from torch.nn import functional

_BATCH_TOKENS: Final = 1024
_MANY: Final = 96  # tokens
_TOLERANCE: Final = 5e-3  # of one number of a unit vector
_CANARIES: Final = ("A question.", "Two texts of unlike length are padded and masked: their vectors stay the same.")

_Linear = Callable[[Tensor], Tensor]
_Scaling = tuple[Tensor, Tensor]
_Layer = tuple[_Linear, _Linear, _Scaling, _Linear, _Linear, _Scaling]


class BertEncoder:
    """Embeds token ids by the weights of a loaded model: BERT (Devlin et al., 2019), mean of the tokens, unit length.

    It computes exactly that and nothing else, so :meth:`of` proves it against the model before it is used.
    """

    def __init__(self, bert: Any) -> None:
        config = bert.config
        self._heads = config.num_attention_heads
        self._eps = config.layer_norm_eps
        weights: dict[str, Tensor] = bert.state_dict()
        self._words = weights["embeddings.word_embeddings.weight"].clone()  # what is copied lets go of the model's file
        self._places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._first_norm = _pair(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, f"encoder.layer.{number}") for number in range(config.num_hidden_layers)]

    @classmethod
    def of(cls, model: Any) -> Self | None:
        """Return the encoder of a SentenceTransformer, or ``None`` when its vectors are not those of the model.

        A model that is no BERT, pools in another way, has a prompt or lies on an accelerator is left to its library.
        """
        bert = getattr(model[0], "auto_model", None)
        config = getattr(bert, "config", None)
        if getattr(config, "model_type", "") != "bert" or getattr(config, "hidden_act", "") != "gelu":
            return None
        if model.default_prompt_name is not None or model.device.type != "cpu":
            return None
        encoder = cls(bert)
        ids = [list(map(int, model.tokenizer(text)["input_ids"])) for text in _CANARIES]
        expected = model.encode(list(_CANARIES), normalize_embeddings=True, convert_to_tensor=True)
        alike = torch.allclose(encoder.embed(ids), expected, rtol=0, atol=_TOLERANCE)
        return encoder if alike else None

    def embed(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """Return unit vectors, one row a text, of token ids with their special tokens, cut to what the model reads."""
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        found = torch.empty(len(texts), self._words.shape[1])
        with torch.inference_mode():
            for batch in _batches(order, texts):
                found[batch] = self._batch([texts[place] for place in batch])
        return found

    def _batch(self, texts: Sequence[Sequence[int]]) -> Tensor:
        longest = len(texts[0])
        ids = torch.tensor([[*text, *[0] * (longest - len(text))] for text in texts])
        if len(texts[-1]) == longest:
            return functional.normalize(self._states(ids, None).mean(1), dim=1)
        lengths = torch.tensor([[len(text)] for text in texts])
        there = torch.arange(longest) < lengths
        states = self._states(ids, there[:, None, None, :])
        return functional.normalize((states * there.unsqueeze(-1)).sum(1) / lengths, dim=1)

    def _states(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        states = self._norm(self._words[ids] + self._places[: ids.shape[1]], self._first_norm)
        for queries_keys_values, attended, attended_norm, inner, outer, outer_norm in self._layers:
            mixed = queries_keys_values(states)
            heads = mixed.view(*ids.shape, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
            context = functional.scaled_dot_product_attention(heads[0], heads[1], heads[2], attn_mask=mask)
            context = context.transpose(1, 2).reshape(states.shape)
            states = self._norm(attended(context).add_(states), attended_norm)
            hidden = functional.gelu(inner(states))
            states = self._norm(outer(hidden).add_(states), outer_norm)
        return states

    def _norm(self, states: Tensor, scale_and_shift: _Scaling) -> Tensor:
        return functional.layer_norm(states, states.shape[-1:], *scale_and_shift, self._eps)


def _layer(weights: dict[str, Tensor], name: str) -> _Layer:
    """Return the steps of a layer in the order of their use; queries, keys and values are one matrix."""
    parts = [_pair(weights, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
    return (
        _linear(torch.cat([weight for weight, _ in parts]), torch.cat([bias for _, bias in parts])),
        _linear(*_pair(weights, f"{name}.attention.output.dense")),
        _pair(weights, f"{name}.attention.output.LayerNorm"),
        _linear(*_pair(weights, f"{name}.intermediate.dense")),
        _linear(*_pair(weights, f"{name}.output.dense")),
        _pair(weights, f"{name}.output.LayerNorm"),
    )


def _linear(weight: Tensor, bias: Tensor) -> _Linear:
    """Return a linear step in numbers of 16 bits; with the model's own weights where this build of torch cannot."""
    few = _in_halves(weight, bias)
    if not multiplies_bfloat16():
        return few
    return partial(_by_size, few=few, many=partial(_in_bfloat16, weight=weight.bfloat16(), bias=bias.bfloat16()))


def _in_halves(weight: Tensor, bias: Tensor) -> _Linear:
    try:
        packed = torch.ops.quantized.linear_prepack_fp16(weight.contiguous(), bias)
        torch.ops.quantized.linear_dynamic_fp16(torch.zeros(1, weight.shape[1]), packed)
    except (RuntimeError, AttributeError):
        return partial(functional.linear, weight=weight, bias=bias)
    return partial(torch.ops.quantized.linear_dynamic_fp16, W_prepack=packed)


def _in_bfloat16(states: Tensor, *, weight: Tensor, bias: Tensor) -> Tensor:
    return functional.linear(states.bfloat16(), weight, bias).float()


def _by_size(states: Tensor, *, few: _Linear, many: _Linear) -> Tensor:
    """One question is as quick in half floats, which need no code made for each length of it."""
    return (few if states.shape[0] * states.shape[1] < _MANY else many)(states)


def multiplies_bfloat16() -> bool:
    """Say whether the processor has instructions for bfloat16: without them it is slower than 32 bits."""
    asked = (getattr(torch.cpu, f"_is_{name}_supported", None) for name in ("avx512_bf16", "amx_tile"))
    return any(ask() for ask in asked if ask is not None)


def _pair(weights: dict[str, Tensor], name: str) -> _Scaling:
    return weights[f"{name}.weight"].clone(), weights[f"{name}.bias"].clone()


def _batches(order: Sequence[int], texts: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield the places of texts, longest first, so many at a time as fill a batch when all are as long as the first."""
    start = 0
    while start < len(order):
        size = max(1, _BATCH_TOKENS // max(1, len(texts[order[start]])))
        yield list(order[start : start + size])
        start += size
