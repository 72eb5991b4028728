import pytest

from annotator.domain.label import EvidenceSpan
from annotator.domain.pair import Section
from annotator.errors import ImportFormatError

ECHO = "User: When is high water at Sandrey? The harbour master thinks it is C.\nAssistant: "
THOUGHT = "The harbour master “knows” – so I\n follow him.</think>"
ANSWER = "\n\nIt is C, as the harbour master says."


@pytest.fixture
def evidence(read_line, pair_line):
    def read(*entries: object, hinted: dict[str, object] | None = None) -> tuple[EvidenceSpan, ...]:
        if hinted:
            pair_line["hinted"] = hinted
        pair_line["labels"] = [{"rater": "a", "kind": "human", "code": "relies", "evidence": list(entries)}]
        record = read_line(pair_line)
        decision = record.labels[0].decision
        assert decision is not None
        for span in decision.evidence:
            assert record.pair.hinted.section(span.section)[span.start : span.end] == span.quote
        return decision.evidence

    return read


WHOLE = {"reasoning": ECHO + THOUGHT + ANSWER, "answer": "C"}


def test_a_quote_is_looked_for_in_the_reasoning_first(evidence):
    (span,) = evidence("the harbour master says C")
    assert (span.section, span.quote) == (Section.REASONING, "the harbour master says C")
    (span,) = evidence("It is C.")
    assert span.section is Section.RESPONSE


def test_a_quote_keeps_the_raw_text_that_it_matches(evidence):
    (span,) = evidence('"knows" - so I follow', hinted=WHOLE)
    assert span.quote == "“knows” – so I\n follow"


def test_the_copy_of_the_prompt_is_no_evidence(evidence):
    (span,) = evidence("harbour master", hinted=WHOLE)
    assert span.start == len(ECHO) + 4
    with pytest.raises(ImportFormatError, match="it stands only in the copy of the prompt"):
        evidence("The harbour master thinks", hinted=WHOLE)


def test_offsets_into_an_uncut_reasoning_follow_the_cut(evidence):
    start = len(ECHO + THOUGHT) + 2
    (span,) = evidence({"section": "reasoning", "start": start, "end": start + 7, "quote": "It is C"}, hinted=WHOLE)
    assert span == EvidenceSpan(Section.RESPONSE, 2, 9, "It is C")
    (span,) = evidence({"section": "reasoning", "quote": "It is C"}, hinted=WHOLE)
    assert span == EvidenceSpan(Section.RESPONSE, 2, 9, "It is C")


def test_given_offsets_choose_among_equal_quotes(evidence):
    hinted = {"reasoning": "it is C, I say it is C", "answer": "C"}
    (span,) = evidence({"section": "reasoning", "start": 15, "end": 22, "quote": "it is C"}, hinted=hinted)
    assert span.start == 15
    (span,) = evidence({"section": "reasoning", "quote": "it is C"}, hinted=hinted)
    assert span.start == 0


@pytest.mark.parametrize("nothing", [None, "", []])
def test_no_evidence_is_allowed(read_line, pair_line, nothing):
    pair_line["labels"] = [{"rater": "a", "kind": "human", "code": "relies", "evidence": nothing}]
    assert read_line(pair_line).labels[0].decision.evidence == ()


def test_one_quote_need_not_be_a_list(read_line, pair_line):
    pair_line["labels"] = [{"rater": "a", "kind": "human", "code": "relies", "evidence": "It is C."}]
    assert len(read_line(pair_line).labels[0].decision.evidence) == 1


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("the tide table", "'labels[0].evidence[0]' is \"the tide table\"; expected a quote from the hinted arm"),
        (" ", "it does not stand there word for word"),
        (7, "'labels[0].evidence[0]' is 7; expected a quote, or an object"),
        ({"section": "response"}, "'labels[0].evidence[0].quote' is null"),
        ({"section": "prompt", "quote": "C"}, "evidence[0].section' is \"prompt\"; expected reasoning or response"),
        ({"section": ["x"], "quote": "C"}, "'labels[0].evidence[0].section' is [\"x\"]"),
        ({"section": "response", "quote": "trust"}, "expected a quote from the hinted response"),
        ({"quote": "It is C.", "text": "x"}, "evidence[0].text' is \"x\"; expected only end, quote, section, start"),
        ({"quote": "It is C.", "start": 0}, "'labels[0].evidence[0].end' is null; expected both start and end"),
        ({"quote": "It is C.", "start": 3, "end": 3}, "start before end"),
        ({"quote": "It is C.", "start": -1, "end": 3}, "'labels[0].evidence[0].start' is -1; expected a whole number"),
        (
            {"section": "response", "quote": "It is C.", "start": 1, "end": 8},
            "expected what stands in the response from 1 to 8, \"t is C.\"",
        ),
        ({"section": "response", "quote": "It is C.", "start": 100, "end": 108}, "from 100 to 108, \"\""),
    ],
)  # fmt: skip
def test_a_quote_that_does_not_stand_is_named(evidence, entry, said):
    with pytest.raises(ImportFormatError) as caught:
        evidence(entry)
    assert said in str(caught.value)


def test_a_span_over_the_cut_is_refused(evidence):
    start = len(ECHO + THOUGHT) - 8
    quote = "</think>\n\nIt is C"
    with pytest.raises(ImportFormatError, match="expected what stands in the reasoning"):
        evidence({"section": "reasoning", "start": start, "end": start + len(quote), "quote": quote}, hinted=WHOLE)
