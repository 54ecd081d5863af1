"""What a source says, from its text alone."""

import ast
from textwrap import dedent

from guessmodel.loading.outline import Import, Outline, outline


def outlined(text: str) -> Outline:
    return outline(ast.parse(dedent(text)))


def test_imports_wherever_they_stand() -> None:
    found = outlined(
        """
        import a.b, c as d
        from .e import f
        from . import g
        def function():
            try:
                from h import i
            except ImportError:
                import j
        class K:
            import k
        """
    )
    assert list(found.imports) == [
        Import("a.b", 0, 2),
        Import("c", 0, 2),
        Import("e", 1, 3),
        Import("e.f", 1, 3),
        Import("", 1, 4),
        Import("g", 1, 4),
        Import("h", 0, 7),
        Import("h.i", 0, 7),
        Import("j", 0, 9),
        Import("k", 0, 11),
    ]


def test_lines_that_bind_a_name() -> None:
    found = outlined(
        """
        a = b = (
            1
        )
        a += 1
        c["x"], d = 1, 2
        for e in f:
            g = 1
        else:
            g = 2
        while True:
            if h:
                i: int = 1
        def j():
            k = 1
        """
    )
    assert found.spans["a"] == [(2, 4), (5, 5)]
    assert found.spans["b"] == [(2, 4)]
    assert found.spans["c[x]"] == found.spans["d"] == [(6, 6)]
    assert "k" not in found.spans
    assert found.looped == {"e", "g", "i"}


def test_texts_below_names() -> None:
    found = outlined(
        '''
        """Of the module."""
        a = 1
        """Of a,
            on two lines."""
        b, c = 1, 2
        """Of both."""
        with x:
            d: int = 1
            """Of d."""
        e = 1
        f"no text {e}"
        def g():
            h = 1
            """Of a local."""
        '''
    )
    assert found.doc == "Of the module."
    assert found.docs == {
        "a": "Of a,\non two lines.",
        "b": "Of both.",
        "c": "Of both.",
        "d": "Of d.",
    }
