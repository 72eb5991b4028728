"""Display offsets and raw offsets are two names for one place."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.display import display_safe
from annotator.tui.widgets.trace_view.document import SPACER, Document, Part, PartKind, Stretch

raw_texts = st.text(max_size=60)


def two_sections(reasoning: str, response: str) -> Document:
    return Document(
        [
            Part(PartKind.BANNER, "a remark"),
            Part(PartKind.TEXT, display_safe(reasoning), "reasoning", reasoning),
            SPACER,
            Part(PartKind.DIVIDER, "response"),
            Part(PartKind.TEXT, display_safe(response), "response", response),
        ]
    )


@given(raw_texts, raw_texts, st.data())
def test_a_stretch_goes_to_the_display_and_back(reasoning: str, response: str, data: st.DataObject) -> None:
    document = two_sections(reasoning, response)
    section, raw = data.draw(st.sampled_from([("reasoning", reasoning), ("response", response)]))
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    low, high = document.display_offset(section, start), document.display_offset(section, end)
    assert document.text[low:high] == display_safe(raw)[start:end]
    assert document.stretches(low, high) == ([Stretch(section, start, end)] if start < end else [])
    if start < end:
        assert document.raw(Stretch(section, start, end)) == raw[start:end]


@given(raw_texts, raw_texts)
def test_the_whole_display_shows_every_section_once(reasoning: str, response: str) -> None:
    document = two_sections(reasoning, response)
    shown = {stretch.section: document.raw(stretch) for stretch in document.stretches(0, len(document.text))}
    assert shown == {name: raw for name, raw in (("reasoning", reasoning), ("response", response)) if raw}


@given(raw_texts, raw_texts, st.data())
def test_every_offset_belongs_to_a_part(reasoning: str, response: str, data: st.DataObject) -> None:
    document = two_sections(reasoning, response)
    offset = data.draw(st.integers(0, len(document.text)))
    low, high = document.part_bounds(offset)
    assert low <= offset <= high
    assert document.text[low:high] == document.part_at(offset).text


def test_dividers_and_banners_stand_for_no_raw_text() -> None:
    document = two_sections("abc", "def")
    assert document.stretches(0, len("a remark")) == []
    divider = document.text.index("response")
    assert document.stretches(divider, divider + len("response")) == []
