"""Every store keeps answers as promised."""

from tests.integration.contracts.answers import AnswersContract


class TestAnswers(AnswersContract):
    """Runs once for each store in ``opening.STORES``."""
