"""A Sphinx extension: formulas become MathML when the book is built, so no page loads a script."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

__all__ = ["setup"]


def _inline(writer: Any, node: nodes.math) -> None:  # noqa: ANN401 - Sphinx's own writer
    writer.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _block(writer: Any, node: nodes.math_block) -> None:  # noqa: ANN401 - Sphinx's own writer
    writer.body.append(
        f'<div class="math" tabindex="0">{convert(node.astext(), display="block")}</div>'
    )
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:  # noqa: ANN401 - Sphinx's application
    """Register the renderer under the name that ``_config.yml`` gives."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
