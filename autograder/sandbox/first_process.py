"""The first process of a container: it fetches what it is handed, starts the student's Python, and ends when the grader does.

It is run inside, as text, and imports nothing of ours. The student's code may be the same user, so this process is limited
like that code, shows it none of its memory, and is nothing that could be made to work for it.
"""

import ctypes
import fcntl
import json
import os
import resource
import select
import signal
import socket
import sys

settings = json.loads(sys.argv[1])
numbers = settings["numbers"]
above = max([2, *numbers]) + 1

# A container inherits no descriptors; they come through a socket in a folder that is the grader's.
door = socket.socket(socket.AF_UNIX)
door.connect(settings["door"])
given = socket.recv_fds(door, 1, len(numbers))[1]
line = fcntl.fcntl(door.fileno(), fcntl.F_DUPFD_CLOEXEC, above)
door.close()
moved = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, above) for number in given]
for number, wanted in zip(moved, numbers, strict=True):
    os.dup2(number, wanted)
for number in set(moved + given) - set(numbers):
    os.close(number)
null = os.open(os.devnull, os.O_RDWR)
os.dup2(null, 0)
os.dup2(null, 1)  # what is written to the engine it would keep or pass on; only complaints of the start are

for place, target in settings["links"].items():
    os.makedirs(os.path.dirname(place), exist_ok=True)
    os.symlink(target, place)
for limit, value in settings["limits"]:
    hard = resource.getrlimit(limit)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, value))
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
code = bytes.fromhex(settings["filter"])


class Program(ctypes.Structure):
    """The kernel's `struct sock_fprog`."""

    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


if code and libc.prctl(22, 2, ctypes.byref(Program(len(code) // 8, code)), 0, 0):  # PR_SET_SECCOMP
    raise OSError(ctypes.get_errno(), "the filter of system calls was refused")

reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
signal.set_wakeup_fd(writing)
signal.signal(signal.SIGCHLD, lambda *_: None)
signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one signal for which Python has a handler, so that it would get here from inside
student = os.fork()
if not student:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execve(settings["command"][0], settings["command"], settings["environment"])
for number in {2, *numbers}:
    os.close(number)
while True:
    ready = select.select([line, reading], [], [])[0]
    if line in ready:
        os._exit(0)  # the grader has let go, or is gone; the kernel ends all others with this process
    os.read(reading, 1000)
    while (ended := os.waitpid(-1, os.WNOHANG))[0]:
        if ended[0] == student:
            status = os.waitstatus_to_exitcode(ended[1])
            os._exit(128 - status if status < 0 else status)
