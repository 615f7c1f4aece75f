"""Ask for another language, by a kernel that lies on a path."""

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    nb.metadata["kernelspec"] = {"name": "../../../tmp/evil", "display_name": "bash", "language": "bash"}
    nb.metadata["language_info"] = {"name": "perl", "pygments_lexer": "no-such-lexer", "file_extension": ".sh"}
    return nb
