"""Have a capability."""

WORKS_UNCONFINED = False


def attack(bait):
    with open("/proc/self/status") as file:
        status = dict(line.split(":", 1) for line in file)
    return [k for k in ("CapPrm", "CapEff", "CapAmb") if int(status[k], 16)]
