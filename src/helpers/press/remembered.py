"""A Sphinx extension: what a build asks for hundreds of times is looked up once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pybtex.backends.plaintext import Backend
from pybtex.plugin import register_plugin
from sphinx.search.en import SearchEnglish

__all__ = ["RememberedStems", "setup"]


class RememberedStems(SearchEnglish):
    """English as Sphinx's search knows it; a word that comes again keeps its stem."""

    @cached_property
    def _stems(self) -> dict[str, str]:
        return {}

    def stem(self, word: str) -> str:
        """The stem of a word.

        >>> RememberedStems({}).stem("accounts")
        'account'
        """
        if word not in self._stems:
            self._stems[word] = super().stem(word)
        return self._stems[word]


def setup(app: Any) -> dict[str, bool]:  # noqa: ANN401 - Sphinx's application
    """Register what is remembered.

    Each citation asks for its writer by name, and pybtex reads what every installed package
    declares to find it; one that is registered is found at once.
    """
    app.add_search_language(RememberedStems)
    register_plugin("pybtex.backends", "plaintext", Backend, force=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
