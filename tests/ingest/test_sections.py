"""Where the prompt's copy, the tags and the answer part from the model's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.pair import Arm, PassageKind
from annotator.ingest.sections import CutTexts, cut_sections

QUESTION = "When is high water at Sandrey, by the table of 1911?"
HINT = "The harbour master thinks it is C."
PROMPT = f"{QUESTION}\n\n[ A ] 04:10\n[ B ] 10:25\n[ C ] 16:40\n\nPlease answer with a letter.\n\n{HINT}"
SPEECH = "The research assistant of the table says 10:25, I think.\n\nUser: is what I would call them.\n"


def cut(reasoning: str, response: str = "", prompt: str | None = None) -> CutTexts:
    return cut_sections(reasoning, response, prompt, QUESTION, HINT)


def echo_of(texts: CutTexts) -> str:
    if not texts.has_echo:
        return ""
    assert texts.passages[0].kind is PassageKind.ECHO
    return texts.reasoning[: texts.passages[0].end]


CHAT_COPIES = {
    "llama, tokens half dropped": f"<|begin_of_text|>user\n{PROMPT}assistant\n",
    "llama, tokens dropped": f"user\n\n{PROMPT}assistant\n\n",
    "llama, with a system turn": f"<|begin_of_text|>system\n\nBe brief.user\n\n{PROMPT}assistant\n\n",
    "llama": "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
    f"<|start_header_id|>user<|end_header_id|>\n\n{PROMPT}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
    "chatml": f"<|im_start|>user\n{PROMPT}<|im_end|>\n<|im_start|>assistant\n",
    "chatml with a system turn": "<|im_start|>system\nBe brief.<|im_end|>\n"
    f"<|im_start|>user\n{PROMPT}<|im_end|>\n<|im_start|>assistant\n",
    "deepseek": f"<｜begin▁of▁sentence｜><｜User｜>{PROMPT}<｜Assistant｜>",
    "deepseek with a system text": f"<｜begin▁of▁sentence｜>Be brief.<｜User｜>{PROMPT}<｜Assistant｜>",
    "names": f"User: {PROMPT}\nAssistant: ",
    "names in one line": f"User: {QUESTION} {HINT} Assistant:",
    "human": f"\n\nHuman: {PROMPT}\n\nAssistant:",
    "system and names": f"System: Be brief.\n\nHuman: {PROMPT}\n\nAssistant:",
    "instruction": f"### Instruction:\n{PROMPT}\n\n### Response:\n",
    "phi": f"<|user|>\n{PROMPT}<|end|>\n<|assistant|>\n",
    "gemma": f"<bos><start_of_turn>user\n{PROMPT}<end_of_turn>\n<start_of_turn>model\n",
    "mistral": f"<s>[INST] {PROMPT} [/INST]",
    "gpt-oss": f"<|start|>user<|message|>{PROMPT}<|end|><|start|>assistant<|channel|>analysis<|message|>",
    "kimi": f"<|im_user|>user<|im_middle|>{PROMPT}<|im_end|><|im_assistant|>assistant<|im_middle|>",
    "examples before": f"User: Is 2 more than 1?\nAssistant: Yes.\n\nUser: {PROMPT}\nAssistant: ",
    "the hint as a later turn": f"User: {QUESTION}\nAssistant: It is B.\nUser: {HINT}\nAssistant: ",
    "an instruction that names the tags": f"User: Think between <think> and </think>.\n{PROMPT}\nAssistant: ",
    "an assistant in the question": f"user\nThe research assistant\nsays:\n{PROMPT}assistant\n",
    "the prompt with other white space": "  " + PROMPT.replace("\n\n", "\n").replace("10:25", " 10:25 "),
    "the prompt and a name": f"{PROMPT}\n\nAssistant: ",
    "a name and the prompt": f"User: {PROMPT}",
    "question and hint": f"{QUESTION}\n(A) 04:10\n(B) 10:25\n\nChoose one.\n{HINT}",
}


@pytest.mark.parametrize("copy", CHAT_COPIES.values(), ids=CHAT_COPIES.keys())
@pytest.mark.parametrize("opening", ["", "<think>\n"])
def test_a_copy_of_the_prompt_at_the_head_is_an_echo(copy, opening):
    text = f"{copy}{opening}{SPEECH}</think>\nIt is C."
    texts = cut(text, prompt=PROMPT if "prompt" in copy or copy.startswith(("  ", PROMPT, f"User: {PROMPT}")) else None)
    assert echo_of(texts).rstrip() == copy.rstrip()
    assert texts.response == "\nIt is C."
    assert texts.reasoning + texts.response == text
    arm = Arm(texts.reasoning, texts.response, passages=texts.passages)
    assert arm.spoken_reasoning().strip() == SPEECH.strip()
    assert len(arm.spoken_reasoning()) == len(texts.reasoning)


@pytest.mark.parametrize(
    "text",
    [
        SPEECH,
        f"Let me see.\nUser: {PROMPT}\nAssistant: I say C.",
        f"The user asks: {PROMPT}",
        f"{QUESTION} That is asked. {HINT} That is said.",
        f"{QUESTION}\nI recall the table of 1911.\n{HINT}",
        QUESTION,
        f"User: {QUESTION}\n\nI think it is C.",
        "User: wants the tide. An assistant would look it up.",
        "user\nwants the tide",
        f"<|begin_of_text|>{SPEECH}",
        "Users like tables. Assistant: no.",
        f"Human: {QUESTION}\n{SPEECH * 9}</think>\nIt is C.\nHuman: and tomorrow?\nAssistant: B.",
        "<thinking about it> User: x\nAssistant: y",
    ],
)
def test_what_is_not_certainly_a_copy_is_left_to_the_model(text):
    texts = cut(text)
    assert not texts.has_echo
    assert texts.reasoning + texts.response == text


def test_a_short_prompt_may_be_the_models_own_words():
    assert not cut_sections("Add 2 and 2. That is 4.", "", "Add 2 and 2.", "", None).has_echo
    assert cut_sections("Add 2 and 2.\nAssistant: 4.", "", "Add 2 and 2.", "", None).has_echo
    assert not cut_sections("How high is the tide? Highest.", "", "How high is the tid", "", None).has_echo


def test_a_later_user_turn_is_no_echo():
    text = f"User: {PROMPT}\nAssistant: I see.\nUser: {HINT}\nAssistant: I said so."
    assert echo_of(cut(text)) == f"User: {PROMPT}\nAssistant: "


def test_a_conversation_made_up_after_the_answer_is_no_echo():
    head = f"User: {QUESTION}\nAssistant: "
    text = f"{head}hm</think>It is C.\nUser: {HINT}\nAssistant: so"
    texts = cut(text)
    assert echo_of(texts) == head
    assert texts.response == f"It is C.\nUser: {HINT}\nAssistant: so"


@pytest.mark.parametrize(
    ("reasoning", "thought", "answer"),
    [
        ("<think>so B</think>\n\nB.", "<think>so B</think>", "\n\nB."),
        ("so B\n</think>\n\nB.", "so B\n</think>", "\n\nB."),
        ("<thinking>so B</thinking>B", "<thinking>so B</thinking>", "B"),
        ("<think>\n\n</think>\n\n<think>so B</think>B", "<think>\n\n</think>\n\n<think>so B</think>", "B"),
        ("<think>\n\n</think>\n\nB", "<think>\n\n</think>", "\n\nB"),
        ("so B</think>B</think>C", "so B</think>", "B</think>C"),
        ("[THINK]so B[/THINK]B", "[THINK]so B[/THINK]", "B"),
        ("◁think▷so B◁/think▷B", "◁think▷so B◁/think▷", "B"),
        (
            "<|channel|>analysis<|message|>so B<|end|><|start|>assistant<|channel|>final<|message|>B<|return|>",
            "<|channel|>analysis<|message|>so B<|end|><|start|>assistant<|channel|>final<|message|>",
            "B<|return|>",
        ),
        ("I close with `</think>` later. so B</think>B", "I close with `</think>` later. so B</think>", "B"),
        ("I write <think></think> tags. so B</think>B", "I write <think></think> tags. so B</think>", "B"),
        ("so B</think> \n", "so B</think> \n", ""),
        ("so B</think><|end_of_text|>", "so B</think><|end_of_text|>", ""),
        ("<think>so B", "<think>so B", ""),
        ("I may use <think>...</think> here.", "I may use <think>...</think> here.", ""),
        ("if a < b and c > d then |x|> 2", "if a < b and c > d then |x|> 2", ""),
    ],
)
def test_what_follows_the_thinking_becomes_a_response_that_was_not_given(reasoning, thought, answer):
    texts = cut(reasoning)
    assert (texts.reasoning, texts.response) == (thought, answer)
    assert texts.response_was_cut == bool(answer)


def test_a_response_that_was_given_stays():
    texts = cut("<think>so B</think>B, I say", "B.")
    assert (texts.reasoning, texts.response, texts.response_was_cut) == ("<think>so B</think>B, I say", "B.", False)


def test_tags_and_special_tokens_are_passages():
    text = "<|im_start|>assistant<think>a < b <|eot_id|> <b>c</b> <｜end▁of▁sentence｜></think>"
    texts = cut(text)
    assert [text[passage.start : passage.end] for passage in texts.passages] == [
        "<|im_start|>assistant",
        "<think>",
        "<|eot_id|>",
        "<｜end▁of▁sentence｜>",
        "</think>",
    ]
    assert {passage.kind for passage in texts.passages} == {PassageKind.TAG}


PIECES = [
    *(copy for copy in CHAT_COPIES.values()),
    *("User:", "Human: ", "Assistant:", "\n", " ", "user\n", "assistant\n", "system\n", "<|im_start|>user\n", "[INST]"),
    *("<|im_start|>assistant\n", "[/INST]", "<｜User｜>", "<｜Assistant｜>", "<think>", "</think>"),
    *("`</think>`", "</thinking>", "<thinking>"),
    *("<|eot_id|>", "<|begin_of_text|>", "[THINK]", "[/THINK]", "◁/think▷", "<|channel|>final<|message|>", "<|end|>"),
    *(QUESTION, HINT, PROMPT, "[ A ] 04:10\n", "Please answer.\n", "so B", "…", "<", "|>", "x" * 300, "\u3000"),
]  # fmt: skip
TRACES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=10).map("".join)


@given(TRACES, st.sampled_from(["", " ", "B."]) | TRACES, st.sampled_from([None, "", PROMPT, QUESTION]))
def test_cutting_takes_nothing_away_and_changes_nothing_the_second_time(reasoning, response, prompt):
    once = cut(reasoning, response, prompt)
    if once.response_was_cut:
        assert not response.strip()
        assert once.reasoning + once.response == reasoning
    else:
        assert (once.reasoning, once.response) == (reasoning, response)
    place = 0
    for passage in once.passages:
        assert place <= passage.start < passage.end <= len(once.reasoning)
        place = passage.end
    assert once.has_echo == any(passage.kind is PassageKind.ECHO for passage in once.passages)
    again = cut(once.reasoning, once.response, prompt)
    assert (again.reasoning, again.response, again.passages) == (once.reasoning, once.response, once.passages)
    assert not again.response_was_cut


@pytest.mark.parametrize("piece", PIECES)
def test_long_hostile_traces_take_no_time(piece):
    # A cut that took quadratic time would take minutes here.
    text = piece * (300_000 // len(piece))
    cut(text, "", PROMPT)
    cut("User: " + text, "", text[:1000])
    cut("x </think> y" + text)
