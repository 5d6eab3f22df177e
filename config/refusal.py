"""How a start is refused: with a sentence, never a stack trace."""


class CannotStart(SystemExit):
    """What is wrong, where, and what to do about it.

    A SystemExit, so that every way of starting (a command, a WSGI server, the tests) ends by
    printing the sentence, without each having to catch it.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"ThrillWiki cannot start: {problem}\n{remedy}")
