"""Files of a report: the same again, each whole or not at all, none left without a word."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from guessmodel.errors import ModelError, UsageError
from guessmodel.report import read, verify, write
from guessmodel.report.files import Options

MODEL = "import guessmodel as gm\nprice = gm.normal(5, 8, 'USD')\ncost = gm.exp(price / price)\n"
OTHER = "import guessmodel as gm\nrent = gm.uniform(5, 8, 'USD')\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "prices.py").write_text(MODEL)
    (tmp_path / "models" / "rents.py").write_text(OTHER)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_models_give_the_same_bytes(reports: Path, tmp_path: Path) -> None:
    # In another process, with other hashes of strings, and into a folder that is not empty.
    (tmp_path / "lunch").mkdir()
    (tmp_path / "lunch.json").write_text("{}")
    command = [sys.executable, "-m", "guessmodel", "report", "models", "-o", str(tmp_path)]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run(command, cwd=reports, env=environment, check=True, capture_output=True)
    assert contents(tmp_path) == contents(reports / "reports")


def test_what_is_written(reports: Path) -> None:
    found = {name for name in contents(reports / "reports") if not name.endswith(".svg")}
    assert found == {
        *(f"{name}.{kind}" for name in ("lunch", "hostile") for kind in ("json", "md", "html")),
        "index.html",
        "README.md",
    }
    for name in ("lunch", "hostile"):
        files = {picture["file"] for picture in read(reports / f"reports/{name}.json")["pictures"]}
        assert files == {x for x in contents(reports / "reports") if x.startswith(f"{name}/")}


def test_pictures_that_are_no_more_are_deleted_and_other_files_kept(folder: Path) -> None:
    model, target = folder / "models" / "prices.py", folder / "reports"
    model.write_text("import guessmodel as gm\nold = gm.normal(5, 8, 'USD')\n")
    write([model], target)
    (target / "prices" / "mine.svg").write_text("mine")
    assert (target / "prices" / "old-density.svg").is_file()
    model.write_text("import guessmodel as gm\nnew = gm.normal(5, 8, 'USD')\n")
    write([model], target)
    names = {path.name for path in (target / "prices").iterdir()}
    assert {"new-density.svg", "mine.svg"} <= names and "old-density.svg" not in names


def test_a_former_report_cannot_delete_elsewhere(folder: Path) -> None:
    model, target = folder / "models" / "prices.py", folder / "reports"
    write([model], target)
    precious = folder / "precious.svg"
    precious.write_text("precious")
    made = read(target / "prices.json")
    made["pictures"].append({**made["pictures"][0], "file": "../precious.svg"})
    made["pictures"].append({**made["pictures"][0], "file": str(precious)})
    (target / "prices.json").write_text(json.dumps(made))
    write([model], target)
    assert precious.read_text() == "precious"


def test_reports_of_other_models_stay_and_are_named(folder: Path) -> None:
    target = folder / "reports"
    assert write([folder / "models"], target).remarks == ()
    (folder / "models" / "rents.py").unlink()
    outcome = write([folder / "models"], target)
    assert outcome.remarks == (
        f"{target / 'rents'}.json is of no model given; if there is none any more, delete "
        "rents.json, rents.md, rents.html and the folder rents",
    )
    assert "rents.html" in (target / "index.html").read_text()
    for name in ("rents.json", "rents.md", "rents.html"):
        (target / name).unlink()
    shutil.rmtree(target / "rents")
    assert write([folder / "models"], target).remarks == ()
    assert "rents" not in (target / "index.html").read_text()


def test_one_model_of_several_keeps_the_index_over_all(folder: Path) -> None:
    target = folder / "reports"
    write([folder / "models"], target)
    before = contents(target)
    write([folder / "models" / "prices.py"], target)
    assert contents(target) == before


def test_models_that_would_share_a_report(folder: Path) -> None:
    (folder / "more").mkdir()
    shutil.copy(folder / "models" / "prices.py", folder / "more" / "Prices.py")
    with pytest.raises(UsageError, match="would share a report; rename one of them"):
        write([folder / "models", folder / "more"], folder / "reports")
    (folder / "more" / "index.py").write_text(MODEL)
    with pytest.raises(UsageError, match="would take the place of the index; rename it"):
        write([folder / "more" / "index.py"], folder / "reports")
    assert not (folder / "reports").exists()


def test_a_model_that_does_not_run(folder: Path) -> None:
    (folder / "models" / "prices.py").write_text(MODEL + "x = 1 / 0\n")
    with pytest.raises(ModelError, match=r"prices\.py:4"):
        write([folder / "models" / "prices.py"], folder / "reports")
    assert contents(folder / "reports") == {}


def test_files_that_are_no_reports(folder: Path) -> None:
    target = folder / "reports"
    target.mkdir()
    (target / "notes.json").write_text("[1, 2")
    with pytest.raises(ModelError, match=r"notes\.json:1: no report, Expecting ',' delimiter"):
        write([folder / "models" / "rents.py"], target)
    (target / "notes.json").write_text("[1, 2]")
    with pytest.raises(ModelError, match=r"notes\.json is no report; delete it"):
        write([folder / "models" / "rents.py"], target)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_whole_files(folder: Path, stop: signal.Signals) -> None:
    shutil.copy(folder / "models" / "prices.py", folder / "models" / "prices0.py")
    # The next one waits for the signal.
    waiting = "import sys\nimport time\nsys.stderr.write('here\\n')\nsys.stderr.flush()\n"
    (folder / "models" / "prices1.py").write_text(waiting + "time.sleep(600)\n" + MODEL)
    target = folder / "reports"
    write([folder / "models" / "prices.py"], target)
    before = contents(target)
    paths = sorted(f"models/{path.name}" for path in (folder / "models").iterdir())
    command = [sys.executable, "-m", "guessmodel", "report", *paths, "-o", "reports"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert process.stderr.readline() == "here\n"
    process.send_signal(stop)
    _, err = process.communicate(timeout=60)
    assert process.returncode == (130 if stop is signal.SIGINT else -stop)
    assert err == ("interrupted\n" if stop is signal.SIGINT else "")
    after = contents(target)
    assert "index.html" in after and after.keys() > before.keys()
    assert "prices0.html" in after and "rents.html" not in after  # it did stop midway
    for name, content in after.items():
        if name.rpartition("/")[2].startswith("."):  # what a kill leaves has a name of its own
            assert stop is signal.SIGKILL
        elif name.endswith(".json"):
            json.loads(content)
        else:
            ends = (b"</html>\n", b"</svg>\n", b"</sub>\n")
            assert content.endswith(ends), name
    assert {name: after[name] for name in before} == before


def test_verify(folder: Path) -> None:
    target = folder / "reports"
    with pytest.raises(UsageError, match="there is no folder"):
        verify([folder / "models"], target)
    write([folder / "models"], target)
    before = contents(target)
    assert verify([folder / "models"], target).differences == ()
    assert contents(target) == before

    page = target / "prices.md"
    page.write_text(page.read_text().replace("USD", "EUR"))
    (target / "rents.md").unlink()
    (target / "rents.html").unlink()  # pages are made anew wherever they are wanted
    assert verify([folder / "models"], target).differences == (
        f"{page} does not show what the JSON beside it holds",
        f"{target / 'rents.md'} is missing",
    )


def test_verify_sees_a_model_that_has_changed(folder: Path) -> None:
    target, model = folder / "reports", folder / "models" / "prices.py"
    write([folder / "models"], target)
    model.write_text(MODEL.replace("5, 8", "5, 9").replace("price =", "'''Doc.'''\nprice ="))
    found = verify([folder / "models"], target).differences
    assert any(".mean was 6.5 and is 7.0" in text for text in found)
    (folder / "models" / "rents.py").unlink()
    last = verify([model], target).differences[-1]
    assert last.startswith(f"{target / 'rents'}.json is of no model given")


def test_verify_sees_a_model_without_report_and_an_index_that_is_old(folder: Path) -> None:
    target = folder / "reports"
    write([folder / "models" / "prices.py"], target)
    differences = verify([folder / "models"], target).differences
    assert differences == (f"there is no report of rents in {target}",)
    (target / "README.md").write_text("old")
    assert verify([folder / "models" / "prices.py"], target).differences == (
        f"{target / 'README.md'} does not show what the JSON beside it holds",
    )


def test_verify_sees_a_picture_that_is_missing(folder: Path) -> None:
    target = folder / "reports"
    write([folder / "models"], target)
    (target / "rents" / "rent-density.svg").unlink()
    assert verify([folder / "models"], target).differences == (
        f"{target / 'rents' / 'rent-density.svg'} is missing",
    )


def test_progress(folder: Path) -> None:
    told: list[tuple[float, int, str]] = []
    write([folder / "models"], folder / "reports", progress=lambda *step: told.append(step))
    assert {step[1] for step in told} == {2}
    parts = [step[0] for step in told]
    assert parts == sorted(parts) and parts[0] == 0.0 and parts[-1] == 2.0
    assert list(dict.fromkeys(step[2] for step in told)) == ["prices", "rents"]


def test_a_long_name_is_cut_in_names_of_files(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text(
        "import guessmodel as gm\n"
        "a = gm.normal(1, 2)\n"
        "total = gm.stack({'p': a, 'q': 2 * a}, dim='part')\n"
        f"{300 * 'x'} = a * gm.lognormal(1, 2)\n"
        f"{300 * 'x'}y = a * gm.lognormal(1, 3)\n"
    )
    done = write([tmp_path / "long.py"], tmp_path / "out", Options(samples=1024))
    pictures = [file.name for file in done.files if file.suffix == ".svg"]
    assert len(set(pictures)) == len(pictures) == 8
    assert all(len(name) <= 110 for name in pictures)
    assert not verify([tmp_path / "long.py"], tmp_path / "out").differences
