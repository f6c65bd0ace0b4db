"""The filing page inside WeChat: the same draft as the chat."""
