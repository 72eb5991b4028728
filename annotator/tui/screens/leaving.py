"""What is asked before leaving: only when something would be lost."""

from annotator.tui.screens.sheets import Choice, ChoiceSheet
from annotator.tui.wording import counted

LEAVE = 0
"""The index of the choice to leave."""


def leave_sheet(unsaved: int, *, has_loose_draft: bool) -> ChoiceSheet:
    """Ask whether to leave all the same."""
    reasons: list[str] = []
    if unsaved:
        reasons.append(f"{counted(unsaved, 'label')} could not be saved and would be lost")
    if has_loose_draft:
        reasons.append("evidence, a tick or a note is not part of any label and would be lost")
    title = "; ".join(reasons)
    return ChoiceSheet(title[:1].upper() + title[1:], [Choice(("q", "y"), "q", "leave all the same")])
