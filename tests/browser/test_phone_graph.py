"""The graph of a page on a phone, where not all of it can be read at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from guessmodel.report import write

Open = Callable[..., Page]


@pytest.mark.parametrize("answer", [0, 1, 2, 4, 7, 8])
def test_it_begins_with_whole_columns_and_the_answer(
    opened: Open, tmp_path: Path, answer: int
) -> None:
    lines = ["import guessmodel as gm", "x0 = gm.lognormal(1, 2)"]
    lines += [f"x{i} = x{i - 1} * 2" for i in range(1, 9)]
    (tmp_path / "chain.py").write_text("\n".join([*lines, f"gm.headline(x{answer})"]))
    write([tmp_path / "chain.py"], tmp_path)
    phone = opened(str(tmp_path / "chain.html"), 390)
    frame = phone.locator(".canvas").bounding_box()
    assert frame is not None
    boxes = phone.evaluate(
        """[...document.querySelectorAll("[data-box]")].map((each) => {
          const { left, right } = each.firstElementChild.getBoundingClientRect();
          return [each.dataset.box, left, right];
        })"""
    )
    low, high = frame["x"], frame["x"] + frame["width"]
    seen = {name: (left, right) for name, left, right in boxes if right > low and left < high}
    assert f"x{answer}" in seen
    assert len(seen) >= 3
    assert all(left >= low and right <= high for left, right in seen.values())
