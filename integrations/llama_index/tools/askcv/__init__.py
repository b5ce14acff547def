"""AskCV tools for LlamaIndex: ``AskCVToolSpec().to_tool_list()``."""

from llama_index.tools.askcv.base import AskCVToolSpec

__all__ = ["AskCVToolSpec"]
