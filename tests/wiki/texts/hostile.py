"""Texts that would take long, or become huge: each goes for one weakness of Markdown's grammar.

`python -m tests.wiki.texts.hostile` renders all of them, and tells how much memory that took.
"""

import os
import resource
from typing import Final

LENGTH: Final = 200_000


def texts() -> dict[str, str]:
    """By name."""
    return {
        "long address, linked often": f"[a]: /{'x' * 136_000}\n\n" + "[a] " * 9_000,
        "long title, linked often": f'[a]: /x "{"t" * 100_000}"\n\n' + "[a] " * 20_000,
        "tasks": "- [ ] a\n" * 25_000,
        "footnotes": "".join(f"a[^{n}] " for n in range(8_000))
        + "".join(f"\n\n[^{n}]: n" for n in range(8_000)),
        "one footnote, noted often": "[^1] " * 39_000 + "\n\n[^1]: n",
        "brackets": "[" * LENGTH,
        "pictures that do not end": "![" * (LENGTH // 2),
        "links in links": "[a](b " * 33_000,
        "links that do not end": "[a](((((" * 25_000,
        "double brackets": "[[" * (LENGTH // 2),
        "citations that do not end": "[@" * (LENGTH // 2),
        "stars": "*a " * (LENGTH // 3),
        "stars and underscores": "_*" * (LENGTH // 2),
        "backticks": "".join("`" * n + " " for n in range(1, 620)),
        "quotes": ("> " * 20 + "a\n") * 4_500,
        "items": "- a\n" * 50_000,
        "items in items": "".join("  " * n + "- a\n" for n in range(440)),
        "quotes of items": (">- " * 10 + "a\n") * 6_000,
        "terms": "a\n" + ": b\n" * 66_000,
        "headings": "# a\n" * 50_000,
        "a wide table": ("|a" * 50 + "|\n") + ("|-" * 50 + "|\n") + "a\n" * 60_000,
        "signs": "&" * LENGTH,
        "entities": "&copy;" * 33_000,
        "unfinished definitions": "[a]: <" * 33_000,
        "definitions": "".join(f"[a{n}]: /x\n" for n in range(16_000)),
        "code that begins": "```\n" * 50_000,
        "tabs": "\t" * LENGTH,
        "carriage returns": "\r" * LENGTH,
    }


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from wiki.texts.markdown import render

    render("Some *words*.")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for text in texts().values():
        render(text)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print((after - before) // 1024)  # noqa: T201  # MiB, for whoever asks


if __name__ == "__main__":
    main()
