"""What of a text becomes a link."""

import pytest

from guessmodel.report.inline import inlines


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("https://example.org/a_(b)?c=d#e.", ["https://example.org/a_(b)?c=d#e"]),
        ("(see http://example.org)", ["http://example.org"]),
        ("doi:10.1000/182, page 3", ["https://doi.org/10.1000/182"]),
        ("arXiv:2203.15556v2", ["https://arxiv.org/abs/2203.15556v2"]),
        ("javascript:alert(1) JAVASCRIPT:x data:text/html,x //x.org www.x.org", []),
        ('https://x.org/"onclick="alert(1)', ["https://x.org/"]),
        ("https://x.org/<script>", ["https://x.org/"]),
        ("https://", []),
        ("`https://x.org`", []),
    ],
)
def test_targets(text: str, targets: list[str]) -> None:
    found = list(inlines(text))
    assert [piece.target for piece in found if piece.target] == targets
    plain = "".join(f"`{piece.text}`" if piece.code else piece.text for piece in found)
    assert plain == text
