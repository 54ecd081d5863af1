"""Links from a page to files of the checkout that are no pages become links to the repository."""

import os
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

ROOT = Path(__file__).parents[2]
REPOSITORY = os.environ.get("GUESSMODEL_REPOSITORY", "")
"""Address of the repository's files, such as `https://host/owner/name/blob/main`; without it the
links lead nowhere, and their text stays."""


class Outside(SphinxTransform):
    """Runs before references are resolved."""

    default_priority = 5

    def apply(self, **kwargs: Any) -> None:
        from sphinx.addnodes import download_reference, pending_xref

        here = Path(self.env.doc2path(self.env.docname)).parent
        for node in [
            *self.document.findall(pending_xref),
            *self.document.findall(download_reference),
        ]:
            target = str(node.get("reftarget", ""))
            path = (here / target.partition("#")[0]).resolve()
            inside = path.is_relative_to(ROOT / "docs")
            if not target or not path.is_relative_to(ROOT) or (inside and path.suffix == ".md"):
                continue
            if not path.exists():
                continue
            text = node.astext()
            address = f"{REPOSITORY}/{path.relative_to(ROOT)}"
            new: nodes.Node = (
                nodes.reference("", text, refuri=address) if REPOSITORY else nodes.literal("", text)
            )
            node.replace_self(new)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_transform(Outside)
    return {"parallel_read_safe": True}
