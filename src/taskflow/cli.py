"""The command line: `taskflow serve`, `taskflow doctor` and the rest."""


def main() -> int:
    return 0
