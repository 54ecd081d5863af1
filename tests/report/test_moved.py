"""What moved since the reports that are committed."""

import copy
import subprocess
from pathlib import Path
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.report import Document, Options, document, write
from guessmodel.report.markdown import markdown
from guessmodel.report.moved import moved, moved_page

FIRST = '''"""A plan."""
import guessmodel as gm
price = gm.normal(5, 8, "USD/hour", source="two offers")
hours = gm.lognormal({"north": (10, 40), "south": (20, 30)}, unit="hour", dim="site")
total = (price * hours).sum("site")
gm.claim(total, mean="297 USD", rtol=0.05, source="a blog")
'''
SECOND = 'import guessmodel as gm\n"""Another."""\nrent = gm.uniform(5, 8, "USD")\n'


def made(**changed: Any) -> Document:
    low, high = changed.pop("rent", (5, 8))
    price = gm.normal(1, 2, "USD", source=changed.pop("source", None))
    return document(gm.Model(rent=gm.uniform(low, high, "USD"), price=price), samples=4096)


def repository(folder: Path) -> Path:
    """Two models whose reports are committed."""
    (folder / "models").mkdir()
    (folder / "models" / "plan.py").write_text(FIRST)
    (folder / "models" / "other.py").write_text(SECOND)
    git(folder, "init", "-q")
    report(folder)
    commit(folder)
    return folder


def git(folder: Path, *words: str) -> str:
    own = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words]
    return subprocess.run(own, cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")


def report(folder: Path, against: str | None = None) -> Path | None:
    options = Options(samples=4096, against=against)
    return write([folder / "models"], folder / "reports", options).moved


def test_only_what_an_edit_moves_changes_and_is_told(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    assert report(folder) is None  # nothing moved, and no file differs
    assert git(folder, "status", "--short") == ""
    plan, other = folder / "models" / "plan.py", folder / "models" / "other.py"
    plan.write_text(FIRST.replace("(20, 30)", "(20, 33)"))
    other.write_text(SECOND + "# a comment\n")
    path = report(folder)
    assert path is not None
    changed = {line[3:] for line in git(folder, "status", "--short", "reports").splitlines()}
    assert changed == {
        "reports/README.md",
        "reports/index.html",
        "reports/plan.html",
        "reports/plan.json",
        "reports/plan.md",
        "reports/plan/total-cumulative-distribution.svg",
        "reports/plan/total-density.svg",
        "reports/plan/total-tornado.svg",
        "reports/what-moved.md",
    }
    text = path.read_text()
    assert "1 of 2 models differ from the reports of the last commit." in text
    assert "Nothing moved in other." in text
    # The means of lognormals by their 5th and 95th percentile: 24.68 and 25.99 hours.
    assert "**hours[south]** | 24.68 hour | 25.99 hour | +5.3% | 20 to 30 | 20 to 33 |" in text
    assert "north" not in text and "price" not in text
    assert report(folder) == path and path.read_text() == text  # the same again
    commit(folder)
    assert report(folder) is None and not path.exists()
    assert report(folder, "HEAD~1") == path and "+5.3%" in path.read_text()


def test_a_revision_that_is_none(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    with pytest.raises(UsageError, match="--against nono: the repository has no such revision"):
        report(folder, "nono")


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "plan.py").write_text(FIRST)
    with pytest.raises(UsageError, match="--against HEAD: .* lies in no repository of git"):
        report(tmp_path, "HEAD")
    assert report(tmp_path) is None


def test_reports_of_a_former_format_are_not_compared(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    path = folder / "reports" / "plan.json"
    path.write_text(path.read_text().replace('"version": 2', '"version": 1'))
    commit(folder)
    assert report(folder) is None


def test_moved_beyond_the_errors_and_within_them() -> None:
    before = made()
    assert moved(before, made()) == []
    (found,) = moved(before, made(rent=(5, 9)))
    assert (found.title, found.significant, round(found.change, 4)) == ("rent", True, 0.0769)
    near = copy.deepcopy(before)
    mean: Any = near["quantities"]["price"]["mean"]
    mean |= {"value": 1.5004, "low": 1.4995, "high": 1.5013}
    (doubtful,) = moved(near, before)
    assert (doubtful.title, doubtful.significant) == ("price", False)
    text = markdown(moved_page({"m": near}, {"m": before}, "x"))
    assert "1 more, 1 of them within the sampling errors" in text


def test_what_is_said_in_words() -> None:
    before, now = made(), made(source="a blog")
    now["quantities"]["added"] = now["quantities"].pop("rent")  # type: ignore[attr-defined]
    claim: Any = {"quantity": "price", "statistic": "mean", "published": "2 USD", "source": None}
    before["claims"] = [{**claim, "verdict": "holds", "as_expected": True}]
    now["claims"] = [
        {**claim, "verdict": "falls short", "as_expected": False},
        {**claim, "published": "3 USD", "verdict": "holds", "as_expected": True},
    ]
    text = markdown(moved_page({"m": before, "gone": before}, {"m": now, "come": now}, "x"))
    for words in (
        "New: added.",
        "Removed: rent.",
        "price: the source none → a blog.",
        "Claim on price, mean 2 USD: holds → falls short (not as expected).",
        "New claim: price, mean 3 USD: holds.",
        "## gone\n\nRemoved.",
        "## come\n\nNew model.",
    ):
        assert words in text


def test_texts_of_models_stay_text() -> None:
    before, now = made(), made(source="<script>alert(1)</script> [x](javascript:alert(2))")
    text = markdown(moved_page({"m": before}, {"m": now}, "<b>x</b>"))
    assert "<script>" not in text and "<b>" not in text and "[x](" not in text


def test_models_that_came_or_went_are_counted_apart_and_keep_their_order() -> None:
    before, now = made(), made(source="a blog")
    gone = {f"gone{number}": before for number in range(9, 0, -1)}  # no order of a set
    page = moved_page(
        {**gone, "a": before, "b": before}, {"a": now, "b": before, "c": now, "d": now}, "x"
    )
    assert page.lead == "1 of 2 models differ from the reports of x; 2 new; 9 removed."
    assert [section.title for section in page.sections] == ["a", "c", "d", *gone]


def with_mean(value: float, scale: float = 1.0) -> Document:
    """Numbers of `rent`, all times `scale`, and its mean."""
    found = copy.deepcopy(made())
    for key in ("mean", "p5", "p50", "p95"):
        entry: Any = found["quantities"]["rent"][key]  # type: ignore[literal-required]
        entry |= {each: entry[each] * scale for each in ("value", "low", "high")}
    mean: Any = found["quantities"]["rent"]["mean"]
    mean |= {"value": value, "low": value - abs(value) / 1e3, "high": value + abs(value) / 1e3}
    return found


@pytest.mark.parametrize(
    ("before", "now", "text"),
    [
        (10.0, 12.0, "+20%"),
        (-10.0, -12.0, "−20%"),  # it fell
        (-10.0, -8.0, "+20%"),
        (-1.0, 1.0, "+200%"),
        (1.0, -1.0, "−200%"),
        (1.0, 20.0, "× 20"),
        (-1.0, -20.0, "× 20"),
        (-1.0, 19.0, "+2000%"),  # no factor: the sign is another
        (1.0, -19.0, "−2000%"),
        (2.0, 0.0, "−100%"),
        (0.0, 2.0, ""),
    ],
)
def test_the_change_of_a_mean_has_its_sign(before: float, now: float, text: str) -> None:
    page = markdown(moved_page({"m": with_mean(before)}, {"m": with_mean(now)}, "x"))
    (row,) = [line for line in page.splitlines() if "**rent**" in line]
    assert row.split("|")[4].strip() == text


@pytest.mark.parametrize("scale", [1e-20, 1.0, 1e20])
def test_what_is_told_does_not_depend_on_the_unit(scale: float) -> None:
    (found,) = moved(with_mean(6.0 * scale, scale), with_mean(7.0 * scale, scale))
    assert found.significant
    # What a sum that cancels leaves on one CPU and on another.
    assert not moved(with_mean(1e-16 * scale, scale), with_mean(-2e-16 * scale, scale))


def with_means(before: Document, **given: tuple[float, float]) -> Document:
    """The same with other means, each with an error on both sides."""
    found = copy.deepcopy(before)
    for name, (value, error) in given.items():
        mean: Any = found["quantities"][name]["mean"]
        mean |= {"value": value, "low": value - error, "high": value + error}
    return found


def several(count: int) -> Document:
    """Quantities `x0`, `x1`, … with the mean 1.5, known exactly."""
    return document(gm.Model({f"x{k}": gm.normal(1, 2, "USD") for k in range(count)}), samples=1024)


def test_results_come_first_then_what_is_certain_then_the_largest_changes() -> None:
    before = several(5)
    before["quantities"]["x0"]["main"] = False
    now = with_means(
        before, x0=(3.0, 0.0), x1=(1.515, 0.0), x2=(1.65, 0.2), x3=(1.6, 0.0), x4=(1.2, 0.0)
    )
    assert [each.title for each in moved(before, now)] == ["x4", "x3", "x1", "x2", "x0"]


@pytest.mark.parametrize(("now", "significant"), [(1.539, False), (1.541, True), (1.459, True)])
def test_beyond_the_errors_is_more_than_both_together(now: float, significant: bool) -> None:
    before = with_means(several(1), x0=(1.5, 0.01))
    (found,) = moved(before, with_means(before, x0=(now, 0.01)))
    assert found.significant == significant


def test_long_tables_are_folded() -> None:
    before = several(15)
    changes = {f"x{k}": (1.6 + k / 100, 0.0) for k in range(14)}
    now = with_means(before, **changes, x14=(1.51, 0.1))
    text = markdown(moved_page({"m": before}, {"m": now}, "x"))
    above, below = text.split("3 more, 1 of them within the sampling errors")
    rows = [part.count("| **x") for part in (above, below)]
    assert rows == [12, 3]
    assert "**x13**" in above and "**x0**" in below and "**x14**" in below


def test_what_does_not_compare_is_told_in_words() -> None:
    site = gm.normal({"north": (1, 2), "south": (3, 4)}, dim="site", unit="USD")
    other = gm.normal({"north": (1, 3), "east": (3, 4)}, dim="site", unit="USD")
    before = document(
        gm.Model(cost=site, share=gm.normal(0.2, 0.4), rent=gm.uniform(5, 8, "USD")), samples=1024
    )
    now = document(
        gm.Model(cost=other, share=gm.uniform(0, 1) < 0.4, rent=gm.normal(4, 9, "EUR")), samples=512
    )
    found = moved(before, now)
    assert [each.title for each in found] == ["cost[north]"]  # the mean of 1.5 is 2
    assert found[0].change == pytest.approx(1 / 3)
    text = markdown(moved_page({"m": before}, {"m": now}, "x"))
    for words in (
        "Sampled otherwise: samples 1024 → 512.",
        "cost: other labels.",
        "rent: the unit USD → EUR.",
        "rent: uniform → normal.",
    ):
        assert words in text


def test_a_probability_is_in_percent_and_has_no_interval() -> None:
    before, now = (document(gm.Model(rain=gm.uniform(0, 1) < p), samples=1024) for p in (0.3, 0.4))
    text = markdown(moved_page({"m": before}, {"m": now}, "x"))
    assert "| **rain** | 30% | 40% | +33% |  |  |" in text


def test_claims_are_told_apart_by_scenario_and_source() -> None:
    before, now = made(), made()
    claim: Any = {"quantity": "price", "statistic": "mean", "published": "2 USD", "source": None}
    held = {**claim, "verdict": "holds", "as_expected": True}
    short = {**claim, "verdict": "falls short", "as_expected": True}
    before["claims"] = [held, {**short, "scenario": "cheap"}, {**held, "source": "a blog"}]
    now["claims"] = [{**short, "scenario": "cheap"}, held]  # in another order
    text = markdown(moved_page({"m": before}, {"m": now}, "x"))
    assert text.count("laim") == 1
    assert "Claim withdrawn: price, mean 2 USD, which was: holds." in text
