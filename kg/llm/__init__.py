"""Article → what a language model says it says, of which only what stands in the text is kept.

The model is asked over any address that speaks OpenAI's chat completions
(https://platform.openai.com/docs/api-reference/chat). It copies words; it computes nothing: names and quotations
are aligned with the text character by character, values and dates are read from the text by the same rules as ever.
"""

from kg.llm.extractor import LlmExtractor, make_llm
from kg.llm.options import Options

__all__ = ["LlmExtractor", "Options", "make_llm"]
