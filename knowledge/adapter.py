"""A small correction of the model's layers that brings questions nearer to what answers them.

Fitted by `python -m knowledge fit-adapter`. Passages are encoded without it, so that a new one asks
for no new index. Decision 0004 has the measurements.
"""

import copy
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("question_adapter.safetensors")
# A layer's correction is the product of two thin matrices; these end their names in the file.
DOWN, UP = ".down", ".up"
# The model that the file was fitted to, as its manifest names it.
MODEL = "model"


def fits(path: Path, model: str) -> bool:
    """Return whether there is a correction in `path`, and it was fitted to the model so named."""
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - slow to load

    try:
        with safe_open(str(path), framework="pt") as file:
            return bool((file.metadata() or {}).get(MODEL) == model)
    except (OSError, SafetensorError):
        return False


def corrected(model: Any, path: Path) -> Any:
    """Return a copy of a sentence-transformers model with the correction in `path` added.

    The copy shares tokenizer and word embeddings, four fifths of the model, with the original.
    """
    from safetensors.torch import load_file  # noqa: PLC0415 - slow to load

    inner = model[0].auto_model
    shared = [model.tokenizer, *inner.embeddings.parameters()]
    twin = copy.deepcopy(model, {id(one): one for one in shared})
    layers = dict(twin[0].auto_model.named_modules())
    factors = load_file(str(path))
    for name, down in factors.items():
        if name.endswith(DOWN):
            layer = name.removesuffix(DOWN)
            change = factors[layer + UP].float() @ down.float()
            weight = layers[layer].weight.data
            weight += change.to(weight.dtype)
    return twin
