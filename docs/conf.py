"""The site of the documentation, by Sphinx: `sphinx-build -W docs public`."""

import sys
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "extensions"))

project = "guessmodel"
copyright = "the guessmodel developers"
html_title = "guessmodel"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "reference",
    "outside",
]
exclude_patterns = ["extensions"]
html_theme = "furo"
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "monokai"

myst_heading_anchors = 4
# JSON with "…" in it and diagrams that GitHub draws are shown as they are.
suppress_warnings = ["misc.highlighting_failure"]
# Prompts and answers are not copied with the commands.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

# In docstrings `x` is code.
default_role = "code"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_rtype = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
python_maximum_signature_line_length = 80


def escaped(_: Sphinx, kind: str, name: str, it: object, options: object, lines: list[str]) -> None:
    """Shapes such as (*labels, draws) are no emphasis."""
    lines[:] = [line.replace("(*", "(\\*") for line in lines]


def setup(app: Sphinx) -> None:
    app.connect("autodoc-process-docstring", escaped)
