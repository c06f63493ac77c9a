"""Every store keeps the promises about shares and chat sessions."""

from tests.integration.contracts.sharing import ChatSessionsContract, SharesContract


class TestShares(SharesContract):
    """Runs once for each store in ``opening.STORES``."""


class TestChatSessions(ChatSessionsContract):
    """Runs once for each store in ``opening.STORES``."""
