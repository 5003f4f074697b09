"""Fits the correction by which Albanian and Serbian questions come near what answers them.

Two lessons at once: a sentence comes near its English twin as the uncorrected model reads it, and a
question nearer to the passage that answers it than to the others of the same report, and to what
else a library holds in the asker's own language. Passages are never corrected, so their vectors are
made once. LoRA is peft's; torch does the rest.
"""

import copy
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from knowledge import lessons
from knowledge.adapter import DOWN, MODEL, UP
from knowledge.adapter_examples import STARTERS, Ask, Examples, Pair, starter
from knowledge.encoder import SentenceEncoder
from knowledge.late import SCALE
from knowledge.lessons import BATCH, Batch
from knowledge.ranking import FULL

# Chosen on the tune half of tests/questions/reports.jsonl; decision 0004.
EPOCHS = 3
RANK = 16
RATE = 2e-4
WARM_UP = 40
LAST_RATE = 1e-4
LAST_SHARE_OF_RATE = 0.03
# How sharply twins, and right passages, must stand out.
TWIN_TEMPERATURE = 0.05
PASSAGE_TEMPERATURE = 0.02
# Among the passages of a report stand so many starter passages in the language of who asks, and
# among those so many of a report: what answers leads in whatever language it is.
OTHERS = 40
# Weight of mere nearness beside standing out.
NEARNESS = 5.0
LAYERS = ("query", "key", "value", "dense")
LONGEST = 96
SEED = 1

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class States:
    """What the model makes of texts: vectors (n, d), token states (n, t, d), their mask (n, t)."""

    vectors: Tensor
    tokens: Tensor
    mask: Tensor


def fit(
    encoder: SentenceEncoder, model_name: str, examples: Examples, path: Path, told: Told
) -> None:
    """Fit the correction and write it to `path`.

    Takes an hour on two cores with bfloat16. The same examples on the same kind of machine give the
    same file.

    Args:
        encoder: The uncorrected model.
        model_name: Its name, as its manifest has it; the correction is used with no other.
        examples: What to fit to.
        path: Where to write.
        told: Told after each step how many are done, and how many there are.
    """
    from peft import LoraConfig, get_peft_model  # noqa: PLC0415 - only this command needs it

    random.seed(SEED)
    torch.manual_seed(SEED)
    teacher = _Teacher(encoder, examples)
    config = LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules=list(LAYERS), lora_dropout=0.05)
    student = get_peft_model(copy.deepcopy(encoder.inner), config)
    student.train()
    first, last = lessons.first(examples, EPOCHS), lessons.last(examples)
    whole = len(first) + len(last)
    for done in _taught(teacher, student, first, RATE):
        told(done, whole)
    before = [weight.detach().clone() for weight in _learning(student)]
    for done in _taught(teacher, student, last, LAST_RATE):
        told(len(first) + done, whole)
    # The mean of both is better at reports than the last, and at starter documents than the first.
    with torch.no_grad():
        for weight, earlier in zip(_learning(student), before, strict=True):
            weight.lerp_(earlier, 0.5)
    _write(student, model_name, path)


def _taught(
    teacher: "_Teacher",
    student: Any,
    batches: Sequence[Batch],
    rate: float,
) -> Iterator[int]:
    """Teach the student one lesson; yield after each batch how many are done."""
    weights = _learning(student)
    optimiser = torch.optim.AdamW(weights, lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: (
            min(1, (step + 1) / WARM_UP) * max(LAST_SHARE_OF_RATE, 1 - step / len(batches))
        ),
    )
    for done, batch in enumerate(batches, start=1):
        loss = teacher.loss(student, batch)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        schedule.step()
        yield done


def _learning(student: Any) -> list[Tensor]:
    return [one for one in student.parameters() if one.requires_grad]


class _Teacher:
    """Knows how the uncorrected model reads English sentences and passages, and sets the tasks."""

    def __init__(self, encoder: SentenceEncoder, examples: Examples) -> None:
        self._tokenizer = encoder.tokenizer
        self._skip = encoder.prompt_length
        self._prompt = encoder.prompt
        self._pools = {
            name: _as_states(*encoder.passage_states(texts))
            for name, texts in examples.pools.items()
        }
        twins = [*(pair[0] for pair in examples.pairs), *(ask.english for ask in examples.asks)]
        english = [text for text in dict.fromkeys(twins) if text]
        self._reports = [name for name in examples.pools if name not in STARTERS]
        self._english: dict[str, tuple[Tensor, Tensor]] = {}
        with torch.no_grad():
            for start in range(0, len(english), BATCH):
                texts = english[start : start + BATCH]
                states = self._read(encoder.inner, texts)
                for place, text in enumerate(texts):
                    count = int(states.mask[place].sum())
                    self._english[text] = states.vectors[place], states.tokens[place, :count]

    def loss(self, student: Any, batch: Batch) -> Tensor:
        """Return how far the student is from what `batch` teaches."""
        if isinstance(batch[0], Ask):
            return self._loss_of_asks(student, [one for one in batch if isinstance(one, Ask)])
        return self._loss_of_pairs(student, [one for one in batch if not isinstance(one, Ask)])

    def _loss_of_pairs(self, student: Any, pairs: Sequence[Pair]) -> Tensor:
        read = self._read(student, [other for _, other in pairs])
        return self._apart_from_twins(read, [english for english, _ in pairs])

    def _apart_from_twins(self, read: States, english: Sequence[str]) -> Tensor:
        """Return how far texts are from their English twins, and how near to those of others."""
        twins = [self._english[text] for text in english]
        vectors = torch.stack([vector for vector, _ in twins])
        late = self._late(read, *_padded([tokens for _, tokens in twins]))
        # The same English sentence stands for its Albanian and its Serbian twin.
        same = torch.tensor([[one == other for other in english] for one in english])
        same.fill_diagonal_(fill_value=False)
        right = torch.arange(len(english))
        loss = torch.zeros(())
        for nearness in (read.vectors @ vectors.T, late):
            apart = nearness.masked_fill(same, -1.0) / TWIN_TEMPERATURE
            near = (1 - nearness.diagonal()).mean()
            loss = loss + functional.cross_entropy(apart, right) + NEARNESS * near
        return loss

    def _loss_of_asks(self, student: Any, asks: Sequence[Ask]) -> Tensor:
        read = self._read(student, [ask.text for ask in asks])
        pool = self._pool(asks[0])
        right = torch.tensor([ask.place for ask in asks])
        cosines = read.vectors @ pool.vectors.T
        late = self._late(read, pool.tokens, pool.mask)
        # As passages are ranked: late interaction counts fully, the cosine a part.
        whole = (FULL.meaning * cosines + FULL.tokens * late) / PASSAGE_TEMPERATURE
        alone = cosines / PASSAGE_TEMPERATURE
        loss = functional.cross_entropy(whole, right) + 0.5 * functional.cross_entropy(alone, right)
        if asks[0].english:
            loss = loss + self._apart_from_twins(read, [ask.english for ask in asks])
        return loss

    def _pool(self, ask: Ask) -> States:
        """Return the passages that a question is asked of, with others after them."""
        own = starter(ask.language)
        pool = self._pools[ask.pool]
        if ask.pool in STARTERS and ask.pool != own:
            # The asker's own starter documents say the same as those asked here.
            return pool
        others = (
            [own] if ask.pool != own else random.sample(self._reports, min(1, len(self._reports)))
        )
        for other in others:
            if other in self._pools:
                pool = _together(pool, _sample(self._pools[other], OTHERS))
        return pool

    def _read(self, model: Any, texts: Sequence[str]) -> States:
        batch = self._tokenizer(
            [self._prompt + text for text in texts],
            padding=True,
            truncation=True,
            max_length=LONGEST,
            return_tensors="pt",
        )
        mask = batch["attention_mask"]
        with torch.autocast("cpu", torch.bfloat16):
            hidden = model(input_ids=batch["input_ids"], attention_mask=mask).last_hidden_state
        hidden = hidden.float()
        counted = mask.unsqueeze(-1).float()
        mean = (hidden * counted).sum(1) / counted.sum(1)
        return States(
            functional.normalize(mean, dim=-1), functional.normalize(hidden, dim=-1), mask
        )

    def _late(self, read: States, tokens: Tensor, mask: Tensor) -> Tensor:
        """Return the (n, m) late interaction of n questions with m texts, as in `late`."""
        asked, own = read.tokens[:, self._skip :], read.mask[:, self._skip :].float()
        last = (read.mask.sum(1) - 1 - self._skip).clamp(min=0)
        own = own.scatter(1, last.unsqueeze(1), 0.0)
        count, length, size = asked.shape
        cosines = asked.reshape(-1, size) @ tokens.reshape(-1, size).T
        shaped = cosines.view(count, length, *mask.shape).masked_fill(mask[None, None] == 0, -1)
        best = shaped.max(-1).values
        return (best * own.unsqueeze(-1)).sum(1) / own.sum(1).clamp(min=1).unsqueeze(-1)


def _as_states(vectors: Any, tokens: Sequence[Any]) -> States:
    padded, mask = _padded([torch.from_numpy(one).float() / SCALE for one in tokens])
    return States(torch.from_numpy(vectors), padded, mask)


def _sample(pool: States, count: int) -> States:
    chosen = random.sample(range(len(pool.mask)), min(count, len(pool.mask)))
    return States(pool.vectors[chosen], pool.tokens[chosen], pool.mask[chosen])


def _together(first: States, second: States) -> States:
    longest = max(first.mask.shape[1], second.mask.shape[1])
    wide = [
        (
            functional.pad(one.tokens, (0, 0, 0, longest - one.mask.shape[1])),
            functional.pad(one.mask, (0, longest - one.mask.shape[1])),
        )
        for one in (first, second)
    ]
    return States(
        torch.cat([first.vectors, second.vectors]),
        torch.cat([tokens for tokens, _ in wide]),
        torch.cat([mask for _, mask in wide]),
    )


def _padded(tokens: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    padded = torch.nn.utils.rnn.pad_sequence(list(tokens), batch_first=True)
    mask = torch.zeros(padded.shape[:2])
    for place, one in enumerate(tokens):
        mask[place, : len(one)] = 1
    return padded, mask


def _write(student: Any, model_name: str, path: Path) -> None:
    from safetensors.torch import save_file  # noqa: PLC0415 - slow to load

    factors: dict[str, Tensor] = {}
    for name, layer in student.base_model.model.named_modules():
        if hasattr(layer, "lora_A"):
            down, up = layer.lora_A["default"].weight, layer.lora_B["default"].weight
            scaled = up.detach() * layer.scaling["default"]
            factors[name + DOWN] = down.detach().half().contiguous()
            factors[name + UP] = scaled.half().contiguous()
    save_file(factors, str(path), metadata={MODEL: model_name})
