"""The command palette: every binding that is active where it was opened."""

from collections.abc import Iterator
from functools import partial

from textual.binding import ActiveBinding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape


class BindingCommands(Provider):
    """Offers the active bindings by name."""

    def _bindings(self) -> Iterator[tuple[str, ActiveBinding]]:
        """Yield each command once, with its keys in words."""
        keys: dict[str, list[str]] = {}
        first: dict[str, ActiveBinding] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.description and not binding.system and active.enabled:
                keys.setdefault(binding.action, []).append(self.app.get_key_display(binding))
                first.setdefault(binding.action, active)
        for action, active in first.items():
            yield " ".join(keys[action]), active

    async def discover(self) -> Hits:
        """Offer everything."""
        for keys, active in self._bindings():
            title = f"{active.binding.description}  ({keys})"
            yield DiscoveryHit(Content(title), partial(self._run, active), text=title, help=_help(active))

    async def search(self, query: str) -> Hits:
        """Offer what matches."""
        matcher = self.matcher(query)
        for keys, active in self._bindings():
            title = f"{active.binding.description}  ({keys})"
            # Textual's own highlighting of the match would read the title as markup.
            if (score := matcher.match(title)) > 0:
                yield Hit(score, Content(title), partial(self._run, active), text=title, help=_help(active))

    async def _run(self, active: ActiveBinding) -> None:
        await self.app.run_action(active.binding.action, active.node)


def _help(active: ActiveBinding) -> str:
    # The palette reads help as markup, and a code's title comes from a user's codebook.
    return escape(active.binding.tooltip)
