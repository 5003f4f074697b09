"""Writes sentence-transformers folders: from the packed weight file, or from a named model."""

import shutil
import unicodedata
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from transformers.utils import logging as transformers_logging

from knowledge.weights import Pieces, Sizes, WeightFile

# The prefixes the model was trained with. Source: its model card, intfloat/multilingual-e5-small.
PROMPTS = {"query": "query: ", "document": "passage: "}

# What SentencePiece writes for a blank.
BLANK = "\u2581"

# How the tensors of one layer are called: our file's name, then the network's.
LAYER_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
LAYER_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def unpack(weights: Path, folder: Path) -> None:
    """Write the model in the file `weights` to `folder`, in full precision.

    Takes about 15 seconds and 2 GB of memory, once. Files in `folder` are overwritten.

    Raises:
        NotAWeightFile: `weights` holds something else.
    """
    transformers_logging.disable_progress_bar()
    file = WeightFile(weights)
    bare = folder / "bare"
    _network(file).save_pretrained(bare)
    _tokenizer(file.pieces, file.sizes.positions).save_pretrained(bare)
    words = Transformer(str(bare), max_seq_length=file.sizes.positions)
    pooling = Pooling(file.sizes.hidden, "mean")
    model = SentenceTransformer(
        modules=[words, pooling, Normalize()], prompts=dict(PROMPTS), device="cpu"
    )
    model.save(str(folder), create_model_card=False)
    shutil.rmtree(bare)


def save_named(source: str, folder: Path) -> None:
    """Write the model that `source`, a hub name or a local path, names to `folder`, as float32.

    The folders of the e5 family on the hub do not carry the prompts they were trained with; they
    are added, as without them similarities are worth little.

    Raises:
        OSError, ValueError, RuntimeError: As the libraries below report a model they cannot load.
    """
    transformers_logging.disable_progress_bar()
    model = SentenceTransformer(source, device="cpu").float()
    if "e5" in source.casefold() and not any(model.prompts.values()):
        model.prompts = dict(PROMPTS)
    model.save(str(folder), create_model_card=False)


def _network(file: WeightFile) -> BertModel:
    sizes = file.sizes
    network = BertModel(_configuration(sizes, file.pieces.padding))
    state = dict.fromkeys(network.state_dict())
    state.update(_embeddings(file))
    for layer in range(sizes.layers):
        state.update(_layer(file, layer))
    # The pooler is not part of the model and never used; zeros keep the folder reproducible.
    state["pooler.dense.weight"] = torch.zeros(sizes.hidden, sizes.hidden)
    state["pooler.dense.bias"] = torch.zeros(sizes.hidden)
    network.load_state_dict(state, strict=True)
    return network


def _configuration(sizes: Sizes, padding: int) -> BertConfig:
    return BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.types,
        layer_norm_eps=sizes.epsilon,
        hidden_act="gelu",
        pad_token_id=padding,
    )


def _embeddings(file: WeightFile) -> dict[str, torch.Tensor]:
    sizes = file.sizes
    # Only the first of the token types is stored: sentences are always of the first type.
    types = torch.zeros(sizes.types, sizes.hidden)
    stored = torch.from_numpy(file.plain("emb.type").reshape(-1, sizes.hidden))
    types[: len(stored)] = stored
    return {
        "embeddings.word_embeddings.weight": torch.from_numpy(
            file.packed("emb.word", sizes.hidden)
        ),
        "embeddings.position_embeddings.weight": torch.from_numpy(
            file.plain("emb.pos").reshape(-1, sizes.hidden)
        ),
        "embeddings.token_type_embeddings.weight": types,
        "embeddings.LayerNorm.weight": torch.from_numpy(file.plain("emb.ln.w")),
        "embeddings.LayerNorm.bias": torch.from_numpy(file.plain("emb.ln.b")),
    }


def _layer(file: WeightFile, layer: int) -> dict[str, torch.Tensor]:
    tensors = {}
    before = f"encoder.layer.{layer}."
    for short, long in LAYER_MATRICES.items():
        columns = file.sizes.feed_forward if short == "fo" else file.sizes.hidden
        matrix = file.packed(f"l{layer}.{short}.w", columns)
        tensors[f"{before}{long}.weight"] = torch.from_numpy(matrix)
        tensors[f"{before}{long}.bias"] = torch.from_numpy(file.plain(f"l{layer}.{short}.b"))
    for short, long in LAYER_NORMS.items():
        tensors[f"{before}{long}.weight"] = torch.from_numpy(file.plain(f"l{layer}.{short}.w"))
        tensors[f"{before}{long}.bias"] = torch.from_numpy(file.plain(f"l{layer}.{short}.b"))
    return tensors


def _tokenizer(pieces: Pieces, positions: int) -> PreTrainedTokenizerFast:
    pairs = list(zip(pieces.texts, pieces.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(pairs, unk_id=pieces.unknown, byte_fallback=False))
    tokenizer.normalizer = _normaliser(pieces.rewritten)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(BLANK, "always", split=False)
    tokenizer.decoder = decoders.Metaspace(BLANK, "always")
    begin, end = pieces.texts[pieces.begin], pieces.texts[pieces.end]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, pieces.begin), (end, pieces.end)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=begin,
        cls_token=begin,
        eos_token=end,
        sep_token=end,
        unk_token=pieces.texts[pieces.unknown],
        pad_token=pieces.texts[pieces.padding],
        model_max_length=positions,
    )


def _normaliser(rewritten: dict[str, str]) -> normalizers.Normalizer:
    """Return NFKC plus the few characters (45) that the model's own table treats otherwise."""
    steps: list[normalizers.Normalizer] = []
    for wanted in ("", " "):
        own = [
            character
            for character, becomes in rewritten.items()
            if becomes == wanted and unicodedata.normalize("NFKC", character) != becomes
        ]
        if own:
            members = "".join(f"\\x{{{ord(character):X}}}" for character in sorted(own))
            steps.append(normalizers.Replace(Regex(f"[{members}]"), wanted))
    steps.append(normalizers.NFKC())
    steps.append(normalizers.Replace(Regex(" {2,}"), " "))
    return normalizers.Sequence(steps)
