"""A Sphinx extension: what a build asks for hundreds of times is looked up once.

A process that makes several books remembers it from one to the next: all of it is the same
whatever the book says, a function of a word or of an entry of the bibliography alone.
"""

from __future__ import annotations

from typing import Any

from pybtex.backends.plaintext import Backend
from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.richtext import BaseText
from pybtex.style import FormattedEntry
from pybtex.style.formatting.plain import Style
from sphinx.search.en import SearchEnglish

__all__ = ["RememberedStems", "RememberedStyle", "setup"]

_stems: dict[str, str] = {}
_texts: dict[tuple[str, str, str], BaseText] = {}


class RememberedStems(SearchEnglish):
    """English as Sphinx's search knows it; a word that comes again keeps its stem."""

    def stem(self, word: str) -> str:
        """The stem of a word.

        >>> RememberedStems({}).stem("accounts")
        'account'
        """
        if word not in _stems:
            _stems[word] = super().stem(word)
        return _stems[word]


class RememberedStyle(Style):
    """The plain style of references; an entry that comes again is set once."""

    def format_entry(self, label: str, entry: Entry, bib_data: object = None) -> FormattedEntry:
        """An entry as it is printed, under its label."""
        same = (entry.key, label, repr(entry))
        if same not in _texts:
            _texts[same] = super().format_entry(label, entry, bib_data).text
        return FormattedEntry(entry.key, _texts[same], label)


def setup(app: Any) -> dict[str, bool]:  # noqa: ANN401 - Sphinx's application
    """Register what is remembered.

    Each citation asks for its writer by name, and pybtex reads what every installed package
    declares to find it; one that is registered is found at once.
    """
    app.add_search_language(RememberedStems)
    register_plugin("pybtex.backends", "plaintext", Backend, force=True)
    register_plugin("pybtex.style.formatting", "plain", RememberedStyle, force=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
