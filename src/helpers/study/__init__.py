"""What a client sent: opened, checked and typed; nothing else reads client files."""

from __future__ import annotations

from helpers.study.findings import Note
from helpers.study.opening import check_client, open_study
from helpers.study.scores import Outcome
from helpers.study.study import Study
from helpers.study.template import new_client

__all__ = ["Note", "Outcome", "Study", "check_client", "new_client", "open_study"]
