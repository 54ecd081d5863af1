"""Write anew what README and docs show of commands: what they print, and their pictures.

    python docs/outputs.py [PAGE…]

A page names each picture and the command that draws it; `tests/helpers/pages.py` follows the pages.
With no page named the pictures that no command draws come too: that of deployment, and those of
reports and of the studio, for which there must be a Chromium. `tests/test_pages.py` tests that all
are true.
"""

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from pages import PAGES, Step, followed


def write(page: Path) -> None:
    """A page, with what its commands print and draw today."""
    text = page.read_text()
    with TemporaryDirectory() as folder:
        for step in followed(page, Path(folder)):
            print(f"{page.name}: guessmodel {step.title}", flush=True)
            text = shown(text, step, run(step, Path(folder)))
    page.write_text(text)


def run(step: Step, folder: Path) -> str:
    environment = {**os.environ, "COLUMNS": "118"}
    command = [sys.executable, "-m", "guessmodel", *step.words]
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def shown(text: str, step: Step, printed: str) -> str:
    """The page with what a step printed and drew."""
    if step.shown is not None:
        assert text.count(step.shown) == 1, step.title
        text = text.replace(step.shown, "\n".join(map(str.rstrip, printed.splitlines())) + "\n")
    if step.picture is not None:
        assert step.image is not None
        step.image.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(step.picture, step.image)
        title = re.search("<title>(.*)</title>", step.picture.read_text())
        assert title is not None
        text = text.replace(f"![{step.alt}](", f"![{html.unescape(title[1])}](")
    return text


if __name__ == "__main__":
    for name in map(Path, sys.argv[1:] or PAGES):
        write(name.resolve())
    for script in () if sys.argv[1:] else ("deployment.py", "screens.py"):
        subprocess.run([sys.executable, str(Path(__file__).parent / script)], check=True)
