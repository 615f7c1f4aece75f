"""Markdown that students wrote, as HTML for the browser of whoever marks it: nothing in it runs, loads or covers the page.

nbgrader's own pages (formgrader and feedback) show it as it was written, script and all; `FILTERS` are put in place of
theirs, by the configuration of the exporter that both use.
"""

import re
from html import escape
from typing import Any

import nh3
from jinja2 import pass_context
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments.token import STANDARD_TYPES

LONGEST = 20_000  # characters of a cell; the time that nbconvert takes can grow with their square
MOST_TAGS, MOST_PICTURES, LONGEST_PAGE = 500, 20_000_000, 2_000_000  # tags a cell, characters of pictures a cell, of what a cell becomes
BLANK_LINES = re.compile(r"(?:[^\S\n]*\n){300}")  # pygments takes the square of their number
TAGS = nh3.ALLOWED_TAGS - {"area", "map", "article", "aside", "footer", "header", "nav", "wbr"}
ATTRIBUTES = {
    "a": {"href", "title"}, "img": {"src", "alt", "title", "width", "height"}, "details": {"open"}, "ol": {"start"},
    "td": {"align", "colspan", "rowspan", "style"}, "th": {"align", "colspan", "rowspan", "scope", "style"},
}
CLASSES = {  # the colours of code, and what MathJax passes over; no class of the page's own
    "div": {"highlight"}, "span": set(STANDARD_TYPES.values()) - {""}, "ul": {"tex2jax_ignore", "mathjax_ignore"},
}
PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")
LINK = re.compile(r"(https?|mailto):", re.IGNORECASE)
# What MathJax would make a link, a style or a request of. A space of no width keeps it readable, and is no command.
MATH = re.compile(r"\\(?=(href|mmlToken|class|cssId|style|require|unicode|url|html|data|bbox|includegraphics)(?![a-z]))")


@pass_context
def markdown(context: Any, source: str) -> str:
    """Turn Markdown into HTML with pictures, tables, code, ``<details>`` and formulas, and without anything active."""
    if len(source) > LONGEST:
        source = f"{source[:LONGEST]}\n\n[cut here: the notebook has all {len(source):,} characters]"
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    pictures = source.count("attachment:") * max((len(str(p)) for p in attachments.values()), default=0)
    if source.count("<") > MOST_TAGS or BLANK_LINES.search(source) or pictures > MOST_PICTURES:  # what is small here may become gigabytes
        return f"<pre>{escape(source)}</pre>"
    try:
        html = clean(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # a picture that is not attached, or nesting without end, would cost the whole page
        return f"<pre>{escape(source)}</pre>"
    return html if len(html) <= LONGEST_PAGE + pictures else f"<pre>{escape(source)}</pre>"


def highlight_code(source: str, language: str = "python", metadata: Any = None) -> str:
    """Colour code as nbconvert does; what would take it minutes is shown as it is."""
    if len(source) > LONGEST or BLANK_LINES.search(source):
        return f'<div class="highlight hl-ipython3"><pre>{escape(source)}</pre></div>'
    return Highlight2HTML(pygments_lexer="ipython3")(source, language, metadata)


def clean(html: str) -> str:
    """Keep of HTML what only says something: no script, handler, style, form, frame, id, picture from elsewhere."""
    kept = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, attribute_filter=_attribute, allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto", "data"}, url_relative="deny", filter_style_properties={"text-align"},
        clean_content_tags={"script", "style", "svg", "math", "template", "iframe", "object", "noscript", "title", "textarea", "select"},
        link_rel="noopener noreferrer nofollow")
    return MATH.sub("\\\\\N{ZERO WIDTH SPACE}", kept)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("img", "src"):
        return value if PICTURE.fullmatch(value) else None
    if (tag, name) == ("a", "href"):
        return value if LINK.match(value) else None
    return value


def _as_it_is(html: str) -> str:
    return html


# nbconvert's own strip_files_prefix comes after and would make `files/javascript:` a link that runs.
FILTERS = {"markdown2html": markdown, "strip_files_prefix": _as_it_is, "highlight_code": highlight_code}
