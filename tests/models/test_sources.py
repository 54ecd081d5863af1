"""References."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PATH = Path(__file__).parents[2] / "models" / "sources.py"


@pytest.fixture(scope="module")
def sources() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sources_under_test", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[spec.name]
    return module


def test_a_reference_cites_a_place(sources: ModuleType) -> None:
    assert sources.cottier("note 32") == "Cottier (2022), note 32"


def test_a_citation_names_what_is_cited_there(sources: ModuleType) -> None:
    text = sources.cottier("note 38", sources.leopold, sources.barr)
    assert text == "Cottier (2022), note 38, citing Leopold (2019) and Barr (2019)"


def test_a_reference_reads_as_an_entry_of_a_list(sources: ModuleType) -> None:
    assert str(sources.villalobos) == (
        "Villalobos and Atkinson (2023). Trading off compute in training and inference. "
        "Epoch AI, 28 July 2023."
    )


def test_the_list_is_complete_and_each_title_has_its_year(sources: ModuleType) -> None:
    listed = sources.REFERENCES
    defined = {x for x in vars(sources).values() if isinstance(x, sources.Reference)}
    assert set(listed) == defined
    assert all(
        reference.date[-4:] in reference.short or "corrected" in reference.date
        for reference in listed
    )


def test_the_documents_that_the_models_reproduce_are_there(sources: ModuleType) -> None:
    dates = {r.date for r in (sources.soerenmind, sources.cottier, sources.villalobos)}
    assert dates == {
        "23 October 2021",
        "21 December 2022, corrected 25 February 2023",
        "28 July 2023",
    }


def test_the_reason_for_guesstimates_interval_stands_there(sources: ModuleType) -> None:
    assert "guesstimate_interval=" in (sources.__doc__ or "")
