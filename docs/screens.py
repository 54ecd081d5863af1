"""Draw the pictures of pages in the documentation: of reports and of the studio, in Chromium.

    python docs/screens.py

Each PNG holds, as its description, the answer of the page in words, which a test compares with that
of the model.
"""

import io
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page, sync_playwright

import guessmodel as gm
from guessmodel.report import document, write
from guessmodel.report.answers import lead

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from live_studio import Server, typed
from pages import blocks

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
REPORTED, EDITED = ROOT / "models" / "largest_deployment.py", ROOT / "models" / "development.py"
SIZE = {"width": 1180, "height": 760}
COLORS = 96  # of the palette; a page has few, and the file is a third of the size


def main() -> None:
    with opened() as page, TemporaryDirectory() as folder:
        support, assistant = tutorial(Path(folder)), readme(Path(folder))
        shown = ((REPORTED, "report"), (support, "tutorial"), (assistant, "assistant"))
        for model, name in shown:
            write([model], Path(folder) / "reports")
            page.goto((Path(folder) / "reports" / f"{model.stem}.html").as_uri())
            keep(page, IMAGES / f"{name}.png", model)
        server = Server(EDITED)
        try:
            page.goto(server.address)
            typed(page, "runs", "1 to 3")
            page.locator(".edits li").wait_for()
            keep(page, IMAGES / "studio.png", EDITED)
        finally:
            server.end()


def tutorial(folder: Path) -> Path:
    """The model of the tutorial when it is reported, as a file."""
    page = (ROOT / "docs" / "tutorial.md").read_text()
    file = folder / "support.py"
    headlines = re.search(r"<<'END'\n((?:.*\n)*?)END\n", page)
    assert headlines is not None
    file.write_text(models(page)[-1] + headlines[1])
    return file


def readme(folder: Path) -> Path:
    """The model of README, as a file."""
    file = folder / "assistant.py"
    file.write_text(models((ROOT / "README.md").read_text())[0])
    return file


def models(page: str) -> list[str]:
    """The model files that a page shows."""
    return [each[2] for each in blocks(page) if each[1] == "python" and each[2][:3] == '"""']


@contextmanager
def opened() -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("there is no chromium; apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        browser.close()


def keep(page: Page, file: Path, model: Path) -> None:
    """The first screen of a page, in few colours, with the answer in words."""
    page.wait_for_timeout(1500)  # pictures follow an edit
    page.evaluate("scrollTo(0, 0)")
    told = PngInfo()
    told.add_itxt("Description", lead(document(gm.Model.from_file(model))))
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.quantize(COLORS, dither=Image.Dither.NONE).save(file, optimize=True, pnginfo=told)
    print(f"wrote {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
