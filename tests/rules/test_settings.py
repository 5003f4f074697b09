"""Every setting is explained where an operator looks for it."""

from pathlib import Path

import pytest

from config.settings import Settings

OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_is_in_the_operating_guide(name):
    assert f"`URA_{name.upper()}`" in OPERATING.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_says_what_it_means(name):
    assert Settings.model_fields[name].description.endswith(".")
