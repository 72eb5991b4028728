"""Two calm themes of our own, one dark and one light, beside those of Textual."""

from typing import Final

from textual.theme import Theme

SLATE: Final = Theme(
    name="slate",
    primary="#7aa2c8",
    secondary="#8fa9a0",
    accent="#dcb46e",
    warning="#dca561",
    error="#d9818a",
    success="#93bf8f",
    foreground="#d3d7de",
    background="#15171c",
    surface="#1b1e24",
    panel="#272b33",
    dark=True,
    variables={"border-blurred": "#3a404b", "scrollbar": "#3f4753", "scrollbar-background": "#1b1e24"},
)
PAPER: Final = Theme(
    name="paper",
    primary="#2f628f",
    secondary="#4c6b60",
    accent="#8a5a00",
    warning="#8f5a12",
    error="#a63443",
    success="#2f6b33",
    foreground="#26292e",
    background="#f1eee7",
    surface="#faf8f3",
    panel="#e4dfd3",
    dark=False,
    variables={"border-blurred": "#c9c2b2", "scrollbar": "#bdb6a6", "scrollbar-background": "#faf8f3"},
)
