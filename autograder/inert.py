"""What of a submission may be shown to a marker: text and pictures, nothing that a browser would run."""

import base64
import binascii
from typing import Any

import nbformat
from nbformat import NotebookNode

OUTPUT_TEXT_LIMIT = 20_000
OUTPUTS_LIMIT = 50
IMAGE_LIMIT = 5_000_000
IMAGE_MAGIC = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8"}


def handed_in(outputs: Any) -> list[NotebookNode]:
    """Keep submitted outputs for the marker: text and pictures only, labelled as handed in."""
    kept = inert_outputs(outputs)
    if not kept:
        return []
    label = nbformat.v4.new_output("stream", name="stdout", text="[as handed in; experiments are not run for grading]\n")
    return [label, *kept]


def inert_outputs(outputs: Any) -> list[NotebookNode]:
    """Rebuild untrusted outputs from text and pictures alone: no HTML, no script, no SVG."""
    kept = []
    for output in outputs[:OUTPUTS_LIMIT] if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            kept.append(nbformat.v4.new_output("stream", name=name, text=_text(output.get("text"))))
        elif kind in ("display_data", "execute_result") and isinstance(output.get("data"), dict):
            data = _inert_data(output["data"])
            if data:
                kept.append(nbformat.v4.new_output("display_data", data=data))
        elif kind == "error":
            lines = output.get("traceback")
            kept.append(nbformat.v4.new_output(
                "error", ename=_text(output.get("ename"))[:200], evalue=_text(output.get("evalue"))[:2000],
                traceback=[_text(line)[:5000] for line in lines[:50]] if isinstance(lines, list) else []))
    return kept


def _inert_data(data: dict) -> dict[str, str]:
    kept = {}
    for mime, magic in IMAGE_MAGIC.items():
        image = data.get(mime)
        image = "".join(image) if isinstance(image, list) and all(isinstance(s, str) for s in image) else image
        if isinstance(image, str) and len(image) <= IMAGE_LIMIT:
            try:
                if base64.b64decode(image.replace("\n", ""), validate=True).startswith(magic):
                    kept[mime] = image
            except (binascii.Error, ValueError):
                pass
    if "text/plain" in data:
        kept["text/plain"] = _text(data["text/plain"])
    return kept


def _text(value: Any) -> str:
    text = "".join(v for v in value if isinstance(v, str)) if isinstance(value, list) else value
    return writable(text[:OUTPUT_TEXT_LIMIT]) if isinstance(text, str) else ""


def writable(text: str) -> str:
    """Replace halves of characters, which JSON can hold and no file."""
    return text.encode("utf-8", "replace").decode()


def keep_pictures(target: NotebookNode, cell: dict) -> None:
    """Keep the pictures that were pasted into a text cell; other attachments are not shown to the marker."""
    attachments = cell.get("attachments")
    if target.cell_type != "markdown" or not isinstance(attachments, dict):
        return
    pictures = {writable(name): _inert_data({k: v for k, v in data.items() if k in IMAGE_MAGIC})
                for name, data in attachments.items() if isinstance(data, dict)}
    target["attachments"] = {name: data for name, data in pictures.items() if data}
