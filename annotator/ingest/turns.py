"""The marks that chat templates put between the turns of a conversation."""

import re
from dataclasses import dataclass
from typing import Final

# What may stand before the first turn: it is itself no turn.
_BEGIN_TOKENS: Final = r"<\|begin_of_text\|>|<\|startoftext\|>|<\|endoftext\|>|<｜begin▁of▁sentence｜>|<s>|<bos>"
_BEGIN: Final = rf"\s*(?:(?:{_BEGIN_TOKENS}|\[gMASK\]|<sop>)\s*)*"
_TOKEN: Final = r"<\|(?:im_start|start_header_id|start|start_of_role)\|>"
_ROLE_END: Final = r"(?:<\|(?:end_header_id|message|end_of_role)\|>)?"


@dataclass(frozen=True, slots=True)
class TurnMarks:
    """How one family of chat templates marks who speaks."""

    opening: re.Pattern[str]
    """The mark of a user's or a system's turn at the very head of a text."""
    user: re.Pattern[str]
    assistant: re.Pattern[str]
    """Sure anywhere."""
    glued_assistant: re.Pattern[str]
    """Sure only after the end of the question: in a question's own words it may mean something else."""


def _marks(user: str, system: str, assistant: str, glued: str | None = None) -> TurnMarks:
    return TurnMarks(
        re.compile(rf"{_BEGIN}(?:{user}|{system})"),
        re.compile(user),
        re.compile(assistant),
        re.compile(glued or assistant),
    )


TOKENS: Final = _marks(
    rf"{_TOKEN}user\b{_ROLE_END}|<\|im_user\|>user<\|im_middle\|>|<\|(?:user|User)\|>|<｜User｜>|<start_of_turn>user\b|\[INST\]",
    rf"{_TOKEN}(?:system|developer)\b{_ROLE_END}|<\|im_system\|>|<\|system\|>|<｜begin▁of▁sentence｜>|\[SYSTEM_PROMPT\]",
    rf"(?:{_TOKEN}assistant\b{_ROLE_END}(?:<\|channel\|>\w+)?(?:<\|message\|>)?|<\|im_assistant\|>assistant<\|im_middle\|>"
    r"|<\|(?:assistant|Assistant)\|>|<｜Assistant｜>|<start_of_turn>model\b|\[/INST\])\n*",
)
"""Special tokens, as the tokenisers of ChatML, Llama, DeepSeek, gpt-oss, Gemma and Mistral write them."""

# What must not stand before a name is looked for after it, so that the engine can skip from name to name.
STRIPPED: Final = _marks(
    r"user(?<![ \t-]user)\n",
    r"system\n",
    r"assistant(?<![\w \t-]assistant)\n+",
    r"assistant(?<![ \t-]assistant)\n+",
)
"""The same with the special tokens dropped in decoding: bare role names, glued to the end of the prompt."""

NAMED: Final = _marks(
    r"(?:^|(?<=[\n>]))[ \t]*(?:(?:#{1,4} ?)?(?:User|USER|Human|HUMAN)|#{1,4} ?Instruction) ?:",
    r"(?:#{1,4} ?)?(?:System|SYSTEM) ?:",
    r"\n[ \t]*(?:(?:#{1,4} ?)?(?:Assistant|ASSISTANT|AI)|#{1,4} ?Response) ?:[ \t]*\n*",
    r"\s(?:(?:#{1,4} ?)?(?:Assistant|ASSISTANT|AI)|#{1,4} ?Response) ?:[ \t]*\n*",
)
"""Names with a colon at the head of a line."""

ALL_MARKS: Final = (TOKENS, STRIPPED, NAMED)

MAY_OPEN: Final = frozenset("<[#usUSH")
"""The characters that an opening can begin with: a test that costs nothing, since few traces do."""

AFTER_PROMPT: Final = re.compile(
    rf"\s{{0,20}}(?:(?:<\|[A-Za-z_][\w.-]{{2,40}}\|>|<end_of_turn>)\s{{0,20}})*?(?:{TOKENS.assistant.pattern}"
    r"|(?<![ \t])assistant\n+|(?<=\s)(?:Assistant|ASSISTANT|AI) ?:[ \t]*\n*)"
)
"""The assistant's mark where a copy of the prompt has just ended."""
