"""What runs in the student's process: their cells, in IPython without a kernel, and calls that a probe asks for.

Nothing here is trusted by the grader. It knows inputs only: no seed, no expected output, no reference.
"""

import gc
import os
import signal
import socket
import sys
from functools import lru_cache
from importlib import import_module
from io import BytesIO
from pkgutil import iter_modules
from typing import Any

from autograder.protocol import READ_AHEAD, Channel, FunctionNumber, Reference, WireError, pack
from course.exercises.backend import Failed, Remote, Reply
from course.exercises.local import Local
from course.exercises.namespace import Handle

TEXT_LIMIT = 200_000
OUTPUTS_LIMIT, CHARACTERS_LIMIT = 500, 8_000_000  # of a cell, pictures included: well within a frame


def main() -> None:
    """Serve the control channel whose descriptor is the first argument."""
    control = Channel(socket.socket(fileno=int(sys.argv[1])))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    shell, outputs = prepare()
    while True:
        try:
            message = control.receive()
        except KeyboardInterrupt:  # an interrupt that came after its cell had ended
            continue
        except WireError:
            return
        if message[0] == "cell":
            control.send(_run_cell(shell, outputs, message[1]))
        elif message[0] == "probe":
            _, descriptors, _, _ = socket.recv_fds(control.sock, 1, 1)
            control.send(_fork_server(descriptors[0], shell.user_ns, message[1]))
        elif message[0] == "kill":
            _kill(message[1])
            control.send("done")


@lru_cache(maxsize=1)
def prepare() -> tuple[Any, list[dict]]:
    """Import what notebooks of the course use, and make the shell; return it and the list that its outputs go to.

    Every process does all of this before its first cell, whether it was copied from one that had or not, so that both
    are the same.
    """
    from matplotlib import font_manager, pyplot

    import course

    for module in iter_modules(course.__path__, "course."):
        import_module(module.name)
    shell, outputs = _make_shell()
    figure, axes = pyplot.subplots()  # the first figure loads the backend and the fonts
    axes.set_title("x")
    figure.savefig(BytesIO())
    pyplot.close("all")
    font_manager._get_font.cache_clear()  # type: ignore[attr-defined]  # fonts are open files
    shell.run_cell("1 / 0", silent=True)  # and the first traceback loads what writes it
    del sys.last_type, sys.last_value, sys.last_traceback
    outputs.clear()
    gc.collect()
    return shell, outputs


def _make_shell() -> tuple[Any, list[dict]]:
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets import Type
    from traitlets.config import Config

    outputs: list[dict] = []

    class Publisher(DisplayPublisher):
        def publish(self, data: Any, *_args: Any, **_kwargs: Any) -> None:
            outputs.append({"output_type": "display_data", "data": _inert(data)})

        def clear_output(self, wait: bool = False) -> None:
            outputs.clear()

    class Hook(DisplayHook):
        def write_output_prompt(self) -> None:
            pass

        def finish_displayhook(self) -> None:
            self._is_active = False

        def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
            outputs.append({"output_type": "execute_result", "data": _inert(format_dict)})

    class Shell(InteractiveShell):
        display_pub_class = Type(Publisher)
        displayhook_class = Type(Hook)

        def enable_gui(self, gui: Any = None) -> None:
            pass

        def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
            outputs.append({"output_type": "error", "ename": etype.__name__, "evalue": str(evalue)[:2000],
                            "traceback": [str(line)[:5000] for line in (stb if isinstance(stb, list) else [stb])]})

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=config)
    sys.stdout, sys.stderr = _Stream("stdout", outputs), _Stream("stderr", outputs)  # type: ignore[assignment]
    return shell, outputs


class _Stream:
    """Collects what is printed, together with the other outputs in their order."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: list[dict]) -> None:
        self.name, self._outputs = name, outputs

    def write(self, text: str) -> int:
        if not text:
            return 0
        last = self._outputs[-1] if self._outputs else {}
        if last.get("name") != self.name:
            last = {"output_type": "stream", "name": self.name, "text": ""}
            self._outputs.append(last)
        last["text"] += str(text)[: max(0, TEXT_LIMIT - len(last["text"]))]
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


def _inert(data: dict) -> dict:
    kept = {}
    for mime in ("text/plain", "image/png", "image/jpeg"):
        if mime in data:
            value = data[mime]
            if isinstance(value, bytes):
                import base64

                value = base64.b64encode(value).decode("ascii")
            kept[mime] = str(value) if mime != "text/plain" else str(value)[:TEXT_LIMIT]
    return kept


def _run_cell(shell: Any, outputs: list[dict], source: str) -> list[Any]:
    outputs.clear()
    try:
        result = shell.run_cell(source, store_history=False)
        ok = bool(result.success)
    except KeyboardInterrupt:
        outputs.append({"output_type": "error", "ename": "KeyboardInterrupt", "evalue": "", "traceback": []})
        ok = False
    return ["outputs", ok, _first(outputs)]


def _first(outputs: list[dict]) -> list[dict]:
    """Keep the outputs that fit into a frame."""
    left = CHARACTERS_LIMIT
    kept: list[dict] = []
    for output in outputs[:OUTPUTS_LIMIT]:
        left -= sum(len(text) for text in (output.get("text", ""), *output.get("data", {}).values()))
        if left < 0:
            return [*kept, {"output_type": "stream", "name": "stderr", "text": "[the outputs after this were too large]\n"}]
        kept.append(dict(output))
    return kept


def _fork_server(descriptor: int, names: dict, seconds: float) -> list[Any]:
    """Serve one exercise's calls from a copy of this process, so that no exercise can disturb another."""
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return ["forked", pid]
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        gc.freeze()  # what the cells made lives as long as this copy: no collection need look through it
        _serve(Channel(socket.socket(fileno=descriptor), READ_AHEAD), names, seconds)
    finally:
        os._exit(0)


def _serve(channel: Channel, names: dict, seconds: float) -> None:
    backend = Local(names, seconds)
    objects: dict[int, Any] = {}

    def real(number: Any) -> Any:
        return _Own(objects[number]) if isinstance(number, Reference) else _function(channel, number)

    while True:
        try:
            action, target, args, kwargs, keep = channel.receive(resolve=real)
        except WireError:
            return
        try:
            reply = backend.perform(action, target, tuple(args), kwargs, keep)
        except BaseException as error:  # SystemExit and KeyboardInterrupt end a call, not the conversation
            reply = Reply(Failed("raised", type(error).__name__, ""))
        channel.send_packed(_packed(reply, objects))


class _Own(Handle):
    """An object of the student's own, marked as such: unlike what the probe made, they may change it."""

    def __init__(self, value: Any) -> None:
        self._reference = value


def _packed(reply: Reply, objects: dict[int, Any]) -> bytes:
    value = reply.value
    if isinstance(value, Remote):
        number = len(objects)
        objects[number] = value.reference
        return pack(["remote", [number, value.description], reply.changed_arguments, []])
    if not isinstance(value, Failed):
        try:
            return pack(["value", value, reply.changed_arguments, list(reply.aliased)])
        except WireError as error:
            value = Failed("unusable", "", str(error))
    return pack(["failed", [value.kind, value.error, value.message, list(value.lines)], reply.changed_arguments, []])


def _function(channel: Channel, number: FunctionNumber) -> Any:
    def function(*args: Any) -> Any:
        channel.send(["callback", int(number), list(args)])
        kind, value = channel.receive()
        if kind == "raise":
            raise ValueError(value)
        return value

    return function


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError, PermissionError):
        pass


if __name__ == "__main__":
    main()
