"""Every writer is killed before each of its steps; the next run ends as if nothing had happened.

A process without threads forks a child for each step. The child counts what it does to files (by
Python's own audit events) and ends itself, without any cleaning up, before the step in question.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs fork")

HARNESS = """
import json, os, shutil, signal, sys, warnings
from pathlib import Path

folder, every = Path(sys.argv[1]), int(sys.argv[2])
EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.chmod",
          "shutil.rmtree", "os.truncate")
{work}

def run(stop):
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    count = 0
    def hook(event, args):
        nonlocal count
        if event in EVENTS and any(str(folder) in str(arg) for arg in args):
            count += 1
            if count == stop:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    code = 1
    try:
        work()
        code = 0
    except BaseException as error:
        print("ERROR", stop, type(error).__name__, error, file=sys.stderr)
    finally:
        if stop is None:
            (folder.parent / "count").write_text(str(count))
        os._exit(code)

def begin():
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    before()

def listed():
    return {{str(path.relative_to(folder)): canonical(path) for path in sorted(folder.rglob("*"))
            if path.is_file()}}

def canonical(path):
    data = path.read_bytes()
    if path.name == ".zmetadata":  # an order of its own
        return json.dumps(json.loads(data), sort_keys=True)
    return data.hex()

begin()
assert run(None) == 0
expected, steps = listed(), int((folder.parent / "count").read_text())
tried, odd = 0, []
for stop in range(1, steps + 1):
    if stop % every and stop <= steps - {last}:
        continue
    begin()
    run(stop)
    tried += 1
    code = run(None)
    if not finished(code) or listed() != expected:
        odd.append((stop, code, sorted(set(listed()) ^ set(expected))[:4]))
print(json.dumps({{"steps": steps, "tried": tried, "odd": odd}}))
"""

REPLACE = """
from guessmodel.files import replace_file
def before(): (folder / "report.xml").write_text("old")
def work(): replace_file(folder / "report.xml", "new" * 1000)
def finished(code): return code == 0
"""
NEW = """
from guessmodel.files import create_file
def before(): pass
def work():
    if not (folder / "coffee.py").exists():
        create_file(folder / "coffee.py", "text")
    else:
        from guessmodel.files import replace_file
        replace_file(folder / "coffee.py", "text")
def finished(code): return code == 0
"""
REPORT = """
import guessmodel.report.pictures as pictures
import guessmodel.report.files as files
import guessmodel.report.verify
from guessmodel.report.files import Options, write
SVG = {{"file": "prices/price.svg", "kind": "density", "quantity": "price", "alt": "x"}}
pictures.drawn = lambda *_: ([SVG], {{"prices/price.svg": "<svg/>"}})
source = folder.parent / "prices.py"
source.write_text("import guessmodel as gm\\nprice = gm.normal(5, 8, 'USD')\\n")
def before(): pass
def work(): write([source], folder, Options(64))
def finished(code): return code == 0
"""
STORE = """
import xarray, zarr, zarr.storage
import guessmodel as gm
import guessmodel.simulation.store
x = gm.normal(0, 1, name="x")
model = gm.Model(x=x, lost=gm.sqrt(x))
def before(): pass
def work(): model.sample(512, store=folder / "draws.zarr", threads=1)
def finished(code):
    # All was done, but for the word of it: the second run says that the store is there.
    return code == 0 or (folder / "draws.zarr" / ".zmetadata").exists()
"""


@pytest.mark.parametrize(
    ("work", "every", "last"),
    [(REPLACE, 1, 0), (NEW, 1, 0), (REPORT, 12, 2), (STORE, 40, 8)],
    ids=["replace", "new", "report", "store"],
)
def test_the_next_run_ends_as_if_nothing_had_happened(
    tmp_path: Path, work: str, every: int, last: int, long: bool
) -> None:
    code = HARNESS.format(work=work.format(), last=last)
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            code,
            str(tmp_path / "files"),
            str(1 if long else every),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["odd"] == [], done.stderr
    assert found["tried"] >= 4
