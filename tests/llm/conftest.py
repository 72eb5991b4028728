from tests.llm.loopback import loopback

__all__ = ["loopback"]
